// The operator against the cluster that KUBECONFIG points at. tests/clients/controller-runtime.test.ts starts one and runs this.
package operator

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/retry"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
)

// patience is how long anything may take before it counts as not happening.
const patience = 30 * time.Second

// warnings are those of the last requests.
type warnings struct{ said []string }

func (w *warnings) HandleWarningHeaderWithContext(_ context.Context, _ int, _ string, text string) {
	w.said = append(w.said, text)
}

type fixture struct {
	client.Client
	context.Context
	t        *testing.T
	warnings *warnings
	// operate starts one more replica of the operator; what it returns stops it.
	operate func() (stop func())
}

func start(t *testing.T) *fixture {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	ctrl.SetLogger(logr.Discard())
	scheme := runtime.NewScheme()
	_ = clientgoscheme.AddToScheme(scheme)
	addToScheme(scheme)
	to, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	said := &warnings{}
	to.WarningHandlerWithContext = said
	environment := &envtest.Environment{
		UseExistingCluster:    ptr.To(true),
		Config:                to,
		Scheme:                scheme,
		CRDDirectoryPaths:     []string{"../website/crd.yaml"},
		ErrorIfCRDPathMissing: true,
		WebhookInstallOptions: envtest.WebhookInstallOptions{Paths: []string{"../website/webhooks.yaml"}},
	}
	environment.CRDInstallOptions.CleanUpAfterUse = true
	_, err = environment.Start()
	must(t, err)
	t.Cleanup(func() { must(t, environment.Stop()) })
	users, err := client.New(to, client.Options{Scheme: scheme})
	must(t, err)
	f := &fixture{t: t, Client: users, Context: ctx, warnings: said}
	f.operate = func() func() { return f.manager(to, scheme, &environment.WebhookInstallOptions) }
	return f
}

func (f *fixture) manager(to *rest.Config, scheme *runtime.Scheme, hooks *envtest.WebhookInstallOptions) func() {
	f.t.Helper()
	lease, renew, retry := 2*time.Second, time.Second, 100*time.Millisecond
	manager, err := ctrl.NewManager(to, ctrl.Options{
		Scheme:                        scheme,
		Metrics:                       server.Options{BindAddress: "0"},
		Controller:                    config.Controller{SkipNameValidation: ptr.To(true)},
		WebhookServer:                 webhook.NewServer(webhook.Options{Host: hooks.LocalServingHost, Port: hooks.LocalServingPort, CertDir: hooks.LocalServingCertDir}),
		LeaderElection:                true,
		LeaderElectionNamespace:       "default",
		LeaderElectionID:              "websites",
		LeaderElectionReleaseOnCancel: true,
		LeaseDuration:                 &lease, RenewDeadline: &renew, RetryPeriod: &retry,
	})
	must(f.t, err)
	must(f.t, setup(manager))
	running, stop := context.WithCancel(f.Context)
	ended := make(chan error, 1)
	go func() { ended <- manager.Start(running) }()
	select {
	case <-manager.Elected():
	case err := <-ended:
		f.t.Fatalf("the manager ended: %v", err)
	case <-f.Done():
		f.t.Fatal("never elected")
	}
	f.eventually("the webhooks are served", func() bool { return manager.GetWebhookServer().StartedChecker()(nil) == nil })
	return func() {
		stop()
		must(f.t, <-ended)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) eventually(what string, met func() bool) {
	f.t.Helper()
	for !met() {
		select {
		case <-f.Done():
			f.t.Fatalf("never came: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func equal[T comparable](f *fixture, what string, got, want T) {
	f.t.Helper()
	if got != want {
		f.t.Fatalf("%s: %v, not %v", what, got, want)
	}
}

// change reads it again as long as its operator was faster.
func (f *fixture) change(object client.Object, how func(object client.Object)) error {
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		if err := f.Get(f, client.ObjectKeyFromObject(object), object); err != nil {
			return err
		}
		how(object)
		return f.Update(f, object)
	})
}

func website(name string, spec WebsiteSpec) *Website {
	return &Website{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}, Spec: spec}
}

func (f *fixture) ready(object *Website, replicas int32) {
	f.t.Helper()
	f.eventually(object.Name+" is ready", func() bool {
		err := f.Get(f, client.ObjectKeyFromObject(object), object)
		return err == nil && object.Status.ReadyReplicas == replicas && object.Status.ObservedGeneration == object.Generation &&
			meta.IsStatusConditionTrue(object.Status.Conditions, "Ready")
	})
}

func TestOperator(t *testing.T) {
	f := start(t)
	stop := f.operate()

	blog := website("blog", WebsiteSpec{Host: "blog.test", Replicas: 2})
	must(t, f.Create(f, blog))
	equal(f, "image by the webhook", blog.Spec.Image, "nginx")
	f.ready(blog, 2)
	f.eventually("an event", func() bool {
		list := &eventsv1.EventList{}
		must(t, f.List(f, list, client.InNamespace("default")))
		for _, event := range list.Items {
			if event.Reason == "Deployed" {
				return event.Regarding.Name == "blog" && event.Related.Kind == "Deployment" && event.Note == "nginx serves blog.test"
			}
		}
		return false
	})

	f.refuses(blog)
	f.scales(blog)
	f.converts(blog)

	stop()
	before := holder(f)
	stop = f.operate()
	if after := holder(f); after == before {
		t.Fatalf("%s still leads", after)
	}
	must(t, f.change(blog, func(website client.Object) { website.(*Website).Spec.Image = "httpd" }))
	f.ready(blog, 2)
	deployment := &appsv1.Deployment{}
	must(t, f.Get(f, client.ObjectKeyFromObject(blog), deployment))
	equal(f, "image of the pods", deployment.Spec.Template.Spec.Containers[0].Image, "httpd")

	f.deletes(blog)
	stop()
}

func holder(f *fixture) string {
	lease := &coordinationv1.Lease{}
	must(f.t, f.Get(f, client.ObjectKey{Namespace: "default", Name: "websites"}, lease))
	return ptr.Deref(lease.Spec.HolderIdentity, "")
}

func (f *fixture) refuses(blog *Website) {
	f.t.Helper()
	for _, wrong := range []struct {
		name, want string
		spec       WebsiteSpec
	}{
		{"many", "admission webhook \"check.websites.kubemock.dev\" denied the request: 6 replicas are too many", WebsiteSpec{Host: "a.test", Replicas: 6}},
		{"homeless", "Website.kubemock.dev \"homeless\" is invalid: spec.host: Invalid value: \"\": spec.host in body should be at least 1 chars long", WebsiteSpec{}},
		{"negative", "spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0", WebsiteSpec{Host: "a.test", Replicas: -1}},
	} {
		err := f.Create(f, website(wrong.name, wrong.spec))
		if err == nil || !strings.Contains(err.Error(), wrong.want) {
			f.t.Fatalf("%s: %v", wrong.name, err)
		}
	}
	if err := f.change(blog.copy(), func(website client.Object) { website.(*Website).Spec.Host = "other.test" }); !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "host is immutable") {
		f.t.Fatalf("another host: %v", err)
	}
	f.warnings.said = nil
	must(f.t, f.Create(f, website("empty", WebsiteSpec{Host: "empty.test"}), client.DryRunAll))
	equal(f, "warnings", strings.Join(f.warnings.said, ";"), "nothing will be served")
}

func (f *fixture) scales(blog *Website) {
	f.t.Helper()
	scale := &autoscalingv1.Scale{}
	must(f.t, f.SubResource("scale").Get(f, blog, scale))
	equal(f, "selector", scale.Status.Selector, "website=blog")
	scale.Spec.Replicas = 1
	must(f.t, f.SubResource("scale").Update(f, blog, client.WithSubResourceBody(scale)))
	f.ready(blog, 1)
}

func (f *fixture) converts(blog *Website) {
	f.t.Helper()
	old := &OldWebsite{}
	must(f.t, f.Get(f, client.ObjectKeyFromObject(blog), old))
	equal(f, "domain", old.Spec, OldWebsiteSpec{Domain: "blog.test", Image: "nginx", Size: 1})
	must(f.t, f.change(old, func(website client.Object) { website.(*OldWebsite).Spec.Size = 2 }))
	f.ready(blog, 2)
	equal(f, "the host of before", blog.Spec.Host, "blog.test")
}

func (f *fixture) deletes(blog *Website) {
	f.t.Helper()
	published := client.ObjectKey{Namespace: "default", Name: "published-blog"}
	must(f.t, f.Get(f, published, &corev1.ConfigMap{}))
	must(f.t, f.Delete(f, blog))
	f.eventually("the website is gone", func() bool { return apierrors.IsNotFound(f.Get(f, client.ObjectKeyFromObject(blog), blog)) })
	equal(f, "unpublished", apierrors.IsNotFound(f.Get(f, published, &corev1.ConfigMap{})), true)
	f.eventually("its pods are collected", func() bool {
		pods := &corev1.PodList{}
		must(f.t, f.List(f, pods, client.MatchingLabels{"website": "blog"}))
		return len(pods.Items) == 0
	})
}
