package clientgo

import (
	"context"
	"fmt"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	applyappsv1 "k8s.io/client-go/applyconfigurations/apps/v1"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	applymetav1 "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

func deployment(name string, replicas int32) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "nginx"}}},
			},
		},
	}
}

func TestTypedObjectsComeBackAsWrittenAndDefaulted(t *testing.T) {
	ctx, ns := namespace(t)
	deployments := clientset(t).AppsV1().Deployments(ns)
	created, err := deployments.Create(ctx, deployment("web", 2), metav1.CreateOptions{})
	must(t, err)
	equal(t, "defaulted strategy", created.Spec.Strategy.Type, appsv1.RollingUpdateDeploymentStrategyType)
	equal(t, "defaulted surge", created.Spec.Strategy.RollingUpdate.MaxSurge.String(), "25%")
	eventually(t, ctx, "two available replicas", func() bool {
		current, err := deployments.Get(ctx, "web", metav1.GetOptions{})
		return err == nil && current.Status.AvailableReplicas == 2
	})
	must(t, retry.RetryOnConflict(retry.DefaultRetry, func() error {
		current, err := deployments.Get(ctx, "web", metav1.GetOptions{})
		if err != nil {
			return err
		}
		current.Spec.Template.Spec.Containers[0].Image = "nginx:1.27"
		_, err = deployments.Update(ctx, current, metav1.UpdateOptions{})
		return err
	}))
	created.Spec.Paused = true
	if _, err := deployments.Update(ctx, created, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Fatalf("an update of an old version: %v", err)
	}
	must(t, deployments.Delete(ctx, "web", metav1.DeleteOptions{}))
	eventually(t, ctx, "its pods are collected", func() bool {
		pods, err := clientset(t).CoreV1().Pods(ns).List(ctx, metav1.ListOptions{LabelSelector: "app=web"})
		return err == nil && len(pods.Items) == 0
	})
	if _, err := deployments.Get(ctx, "web", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Fatalf("a deleted deployment: %v", err)
	}
}

func TestInvalidObjectsAreRefusedWithCauses(t *testing.T) {
	ctx, ns := namespace(t)
	wrong := deployment("web", 1)
	wrong.Spec.Selector.MatchLabels = map[string]string{"app": "other"}
	_, err := clientset(t).AppsV1().Deployments(ns).Create(ctx, wrong, metav1.CreateOptions{})
	if !apierrors.IsInvalid(err) {
		t.Fatalf("selector does not match template: %v", err)
	}
	causes := err.(apierrors.APIStatus).Status().Details.Causes
	equal(t, "field", causes[0].Field, "spec.template.metadata.labels")
}

func TestPatchTypes(t *testing.T) {
	ctx, ns := namespace(t)
	client := clientset(t)
	_, err := client.AppsV1().Deployments(ns).Create(ctx, deployment("web", 0), metav1.CreateOptions{})
	must(t, err)
	patches := []struct {
		kind types.PatchType
		body string
		want []string
	}{
		{types.StrategicMergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"busybox"}]}}}}`, []string{"side", "web"}},
		{types.JSONPatchType, `[{"op":"remove","path":"/spec/template/spec/containers/0"}]`, []string{"web"}},
		{types.MergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"only","image":"busybox"}]}}}}`, []string{"only"}},
	}
	for _, patch := range patches {
		patched, err := client.AppsV1().Deployments(ns).Patch(ctx, "web", patch.kind, []byte(patch.body), metav1.PatchOptions{})
		must(t, err)
		names := []string{}
		for _, container := range patched.Spec.Template.Spec.Containers {
			names = append(names, container.Name)
		}
		equal(t, string(patch.kind), fmt.Sprint(names), fmt.Sprint(patch.want))
	}
}

func TestApplyOwnsFieldsAndReportsConflicts(t *testing.T) {
	ctx, ns := namespace(t)
	deployments := clientset(t).AppsV1().Deployments(ns)
	wanted := func(image string) *applyappsv1.DeploymentApplyConfiguration {
		labels := map[string]string{"app": "web"}
		return applyappsv1.Deployment("web", ns).WithSpec(applyappsv1.DeploymentSpec().WithReplicas(0).
			WithSelector(applymetav1.LabelSelector().WithMatchLabels(labels)).
			WithTemplate(applycorev1.PodTemplateSpec().WithLabels(labels).
				WithSpec(applycorev1.PodSpec().WithContainers(applycorev1.Container().WithName("web").WithImage(image)))))
	}
	first, err := deployments.Apply(ctx, wanted("nginx:1"), metav1.ApplyOptions{FieldManager: "one"})
	must(t, err)
	_, err = deployments.Apply(ctx, wanted("nginx:2"), metav1.ApplyOptions{FieldManager: "two"})
	if !apierrors.IsConflict(err) {
		t.Fatalf("another manager's field: %v", err)
	}
	second, err := deployments.Apply(ctx, wanted("nginx:2"), metav1.ApplyOptions{FieldManager: "two", Force: true})
	must(t, err)
	equal(t, "image", second.Spec.Template.Spec.Containers[0].Image, "nginx:2")
	extracted, err := applyappsv1.ExtractDeployment(second, "two")
	must(t, err)
	equal(t, "extracted image", *extracted.Spec.Template.Spec.Containers[0].Image, "nginx:2")
	again, err := deployments.Apply(ctx, wanted("nginx:2"), metav1.ApplyOptions{FieldManager: "two"})
	must(t, err)
	equal(t, "an apply that changes nothing", equality.Semantic.DeepEqual(again.ManagedFields, second.ManagedFields), true)
	equal(t, "generation", second.Generation, first.Generation+1)
}

func TestScaleSubresource(t *testing.T) {
	ctx, ns := namespace(t)
	deployments := clientset(t).AppsV1().Deployments(ns)
	_, err := deployments.Create(ctx, deployment("web", 1), metav1.CreateOptions{})
	must(t, err)
	scale, err := deployments.GetScale(ctx, "web", metav1.GetOptions{})
	must(t, err)
	equal(t, "selector", scale.Status.Selector, "app=web")
	// Without a version: its controller writes the object too.
	_, err = deployments.UpdateScale(ctx, "web", &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: ns}, Spec: autoscalingv1.ScaleSpec{Replicas: 3},
	}, metav1.UpdateOptions{})
	must(t, err)
	eventually(t, ctx, "three replicas", func() bool {
		scale, err := deployments.GetScale(ctx, "web", metav1.GetOptions{})
		return err == nil && scale.Status.Replicas == 3
	})
}

func TestEviction(t *testing.T) {
	ctx, ns := namespace(t)
	runningPod(t, ctx, ns, "nginx")
	pods := clientset(t).CoreV1().Pods(ns)
	must(t, pods.EvictV1(ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "nginx", Namespace: ns}}))
	eventually(t, ctx, "the pod is gone", func() bool {
		_, err := pods.Get(ctx, "nginx", metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
}

func TestTokenRequest(t *testing.T) {
	ctx, ns := namespace(t)
	seconds := int64(1200)
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}
	token, err := clientset(t).CoreV1().ServiceAccounts(ns).CreateToken(ctx, "default", request, metav1.CreateOptions{})
	must(t, err)
	as := func(token string) error {
		limited := rest.AnonymousClientConfig(config(t))
		limited.BearerToken = token
		_, err := kubernetes.NewForConfigOrDie(limited).CoreV1().ConfigMaps(ns).List(ctx, metav1.ListOptions{})
		return err
	}
	// Known, and without a role.
	if err := as(token.Status.Token); !apierrors.IsForbidden(err) {
		t.Fatalf("a good token: %v", err)
	}
	if err := as(token.Status.Token + "x"); !apierrors.IsUnauthorized(err) {
		t.Fatalf("a forged token: %v", err)
	}
	if left := time.Until(token.Status.ExpirationTimestamp.Time); left < 1100*time.Second || left > 1300*time.Second {
		t.Fatalf("expires in %v", left)
	}
}

func TestPagination(t *testing.T) {
	ctx, ns := namespace(t)
	maps := clientset(t).CoreV1().ConfigMaps(ns)
	for i := range 23 {
		_, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("page-%02d", i), Labels: map[string]string{"page": "yes"}}}, metav1.CreateOptions{})
		must(t, err)
	}
	pages := 0
	names := map[string]bool{}
	list := pager.New(pager.SimplePageFunc(func(options metav1.ListOptions) (runtime.Object, error) {
		pages++
		options.LabelSelector = "page=yes"
		return maps.List(ctx, options)
	}))
	list.PageSize = 5
	must(t, list.EachListItem(ctx, metav1.ListOptions{}, func(object runtime.Object) error {
		names[object.(*corev1.ConfigMap).Name] = true
		return nil
	}))
	equal(t, "pages", pages, 5)
	equal(t, "names", len(names), 23)
	page, err := maps.List(ctx, metav1.ListOptions{Limit: 10})
	must(t, err)
	equal(t, "remaining", *page.RemainingItemCount, int64(14))
}

func TestProtobufWatch(t *testing.T) {
	ctx, ns := namespace(t)
	maps := clientset(t).CoreV1().ConfigMaps(ns)
	list, err := maps.List(ctx, metav1.ListOptions{})
	must(t, err)
	watching, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion, FieldSelector: "metadata.name=seen"})
	must(t, err)
	defer watching.Stop()
	seen := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "seen"}, BinaryData: map[string][]byte{"bytes": {0, 255}}}
	_, err = maps.Create(ctx, seen, metav1.CreateOptions{})
	must(t, err)
	seen.Data = map[string]string{"key": "value"}
	_, err = maps.Update(ctx, seen, metav1.UpdateOptions{})
	must(t, err)
	must(t, maps.Delete(ctx, "seen", metav1.DeleteOptions{}))
	for _, want := range []watch.EventType{watch.Added, watch.Modified, watch.Deleted} {
		event := next(t, ctx, watching)
		equal(t, "event", event.Type, want)
		equal(t, "bytes", string(event.Object.(*corev1.ConfigMap).BinaryData["bytes"]), "\x00\xff")
	}
}

func next(t *testing.T, ctx context.Context, watching watch.Interface) watch.Event {
	t.Helper()
	select {
	case event, open := <-watching.ResultChan():
		if !open {
			t.Fatal("the watch ended")
		}
		return event
	case <-ctx.Done():
		t.Fatal("no event")
	}
	panic("unreachable")
}
