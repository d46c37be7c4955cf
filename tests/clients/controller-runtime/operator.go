// Package operator looks after Websites, as people write operators with controller-runtime: a Deployment each, and a ConfigMap that
// outlives the Website until its finalizer has run.
package operator

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

const finalizer = "kubemock.dev/unpublish"

type reconciler struct {
	client.Client
	recorder events.EventRecorder
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	website := &Website{}
	if err := r.Get(ctx, request.NamespacedName, website); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	published := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: website.Namespace, Name: "published-" + website.Name}}
	if !website.DeletionTimestamp.IsZero() {
		if err := client.IgnoreNotFound(r.Delete(ctx, published)); err != nil {
			return ctrl.Result{}, err
		}
		if controllerutil.RemoveFinalizer(website, finalizer) {
			return ctrl.Result{}, r.Update(ctx, website)
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(website, finalizer) {
		return ctrl.Result{}, r.Update(ctx, website)
	}
	if err := r.Create(ctx, published); err != nil && !apierrors.IsAlreadyExists(err) {
		return ctrl.Result{}, err
	}
	deployment, err := r.deployed(ctx, website)
	if err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, r.report(ctx, website, deployment)
}

func (r *reconciler) deployed(ctx context.Context, website *Website) (*appsv1.Deployment, error) {
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: website.Namespace, Name: website.Name}}
	did, err := controllerutil.CreateOrUpdate(ctx, r.Client, deployment, func() error {
		labels := map[string]string{"website": website.Name}
		deployment.Spec.Replicas = &website.Spec.Replicas
		deployment.Spec.Selector = &metav1.LabelSelector{MatchLabels: labels}
		deployment.Spec.Template.Labels = labels
		if len(deployment.Spec.Template.Spec.Containers) == 0 {
			deployment.Spec.Template.Spec.Containers = []corev1.Container{{Name: "web"}}
		}
		deployment.Spec.Template.Spec.Containers[0].Image = website.Spec.Image
		return controllerutil.SetControllerReference(website, deployment, r.Scheme())
	})
	if err == nil && did == controllerutil.OperationResultCreated {
		r.recorder.Eventf(website, deployment, corev1.EventTypeNormal, "Deployed", "Create", "%s serves %s", website.Spec.Image, website.Spec.Host)
	}
	return deployment, err
}

func (r *reconciler) report(ctx context.Context, website *Website, deployment *appsv1.Deployment) error {
	before := website.copy()
	ready := metav1.Condition{Type: "Ready", Status: metav1.ConditionFalse, Reason: "Starting", ObservedGeneration: website.Generation}
	if deployment.Status.ReadyReplicas == website.Spec.Replicas {
		ready.Status, ready.Reason = metav1.ConditionTrue, "AllReady"
	}
	ready.Message = fmt.Sprintf("%d of %d", deployment.Status.ReadyReplicas, website.Spec.Replicas)
	meta.SetStatusCondition(&website.Status.Conditions, ready)
	website.Status.ObservedGeneration = website.Generation
	website.Status.ReadyReplicas = deployment.Status.ReadyReplicas
	website.Status.Selector = "website=" + website.Name
	return r.Status().Patch(ctx, website, client.MergeFrom(before))
}

type webhooks struct{}

func (webhooks) Default(_ context.Context, website *Website) error {
	if website.Spec.Image == "" {
		website.Spec.Image = "nginx"
	}
	return nil
}

func (webhooks) ValidateCreate(_ context.Context, website *Website) (admission.Warnings, error) {
	if website.Spec.Replicas > 5 {
		return nil, fmt.Errorf("%d replicas are too many", website.Spec.Replicas)
	}
	if website.Spec.Replicas == 0 {
		return admission.Warnings{"nothing will be served"}, nil
	}
	return nil, nil
}

func (w webhooks) ValidateUpdate(ctx context.Context, _, website *Website) (admission.Warnings, error) {
	return w.ValidateCreate(ctx, website)
}

func (webhooks) ValidateDelete(context.Context, *Website) (admission.Warnings, error) {
	return nil, nil
}

func setup(manager ctrl.Manager) error {
	hooks := ctrl.NewWebhookManagedBy(manager, &Website{}).WithDefaulter(webhooks{}).WithValidator(webhooks{})
	if err := hooks.Complete(); err != nil {
		return err
	}
	return ctrl.NewControllerManagedBy(manager).For(&Website{}).Owns(&appsv1.Deployment{}).
		Complete(&reconciler{manager.GetClient(), manager.GetEventRecorder("website-controller")})
}
