package clientgo

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/utils/ptr"
)

func TestInformerFollowsItsNamespace(t *testing.T) {
	ctx, ns := namespace(t)
	client := clientset(t)
	maps := client.CoreV1().ConfigMaps(ns)
	_, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "before"}}, metav1.CreateOptions{})
	must(t, err)
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(ns))
	informer := factory.Core().V1().ConfigMaps()
	var lock sync.Mutex
	heard := []string{}
	hear := func(what string) func(object any) {
		return func(object any) {
			lock.Lock()
			defer lock.Unlock()
			if name := object.(*corev1.ConfigMap).Name; name != "kube-root-ca.crt" {
				heard = append(heard, what+" "+name)
			}
		}
	}
	_, err = informer.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: hear("add"), UpdateFunc: func(_, object any) { hear("update")(object) }, DeleteFunc: hear("delete"),
	})
	must(t, err)
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.Informer().HasSynced) {
		t.Fatal("never synced")
	}
	after, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "after"}}, metav1.CreateOptions{})
	must(t, err)
	after.Data = map[string]string{"key": "value"}
	_, err = maps.Update(ctx, after, metav1.UpdateOptions{})
	must(t, err)
	must(t, maps.Delete(ctx, "after", metav1.DeleteOptions{}))
	want := "add before,add after,update after,delete after"
	eventually(t, ctx, want, func() bool {
		lock.Lock()
		defer lock.Unlock()
		return strings.Join(heard, ",") == want
	})
	cached, err := informer.Lister().ConfigMaps(ns).List(labels.Everything())
	must(t, err)
	equal(t, "cached", len(cached), 2)
}

// What a reflector asks in place of a list: the present objects as events, then a bookmark that says so.
func TestWatchListSendsInitialEventsAndABookmark(t *testing.T) {
	ctx, ns := namespace(t)
	maps := clientset(t).CoreV1().ConfigMaps(ns)
	_, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "present"}}, metav1.CreateOptions{})
	must(t, err)
	watching, err := maps.Watch(ctx, metav1.ListOptions{
		SendInitialEvents: ptr.To(true), AllowWatchBookmarks: true, ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan, FieldSelector: "metadata.name=present",
	})
	must(t, err)
	defer watching.Stop()
	first, second := next(t, ctx, watching), next(t, ctx, watching)
	equal(t, "first", first.Type, watch.Added)
	equal(t, "second", second.Type, watch.Bookmark)
	equal(t, "annotation", second.Object.(*corev1.ConfigMap).Annotations[metav1.InitialEventsAnnotationKey], "true")
}

func TestAnOldVersionIsGoneAfterCompaction(t *testing.T) {
	ctx, ns := namespace(t)
	client := clientset(t)
	old, err := client.CoreV1().ConfigMaps(ns).Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "old"}}, metav1.CreateOptions{})
	must(t, err)
	must(t, client.CoreV1().ConfigMaps(ns).Delete(ctx, "old", metav1.DeleteOptions{}))
	must(t, client.RESTClient().Post().AbsPath("/_kubemock/compact").Do(ctx).Error())
	watching, err := client.CoreV1().ConfigMaps(ns).Watch(ctx, metav1.ListOptions{ResourceVersion: old.ResourceVersion})
	must(t, err)
	defer watching.Stop()
	event := next(t, ctx, watching)
	equal(t, "event", event.Type, watch.Error)
	if err := apierrors.FromObject(event.Object); !apierrors.IsResourceExpired(err) {
		t.Fatal(err)
	}
}

func TestLeaderElectionHandsOver(t *testing.T) {
	ctx, ns := namespace(t)
	client := clientset(t)
	leading := make(chan string, 2)
	candidate := func(ctx context.Context, name string) {
		lock := &resourcelock.LeaseLock{
			LeaseMeta: metav1.ObjectMeta{Name: "leader", Namespace: ns}, Client: client.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: name},
		}
		leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
			Lock: lock, LeaseDuration: 2 * time.Second, RenewDeadline: time.Second, RetryPeriod: 100 * time.Millisecond, ReleaseOnCancel: true, Name: name,
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { leading <- name }, OnStoppedLeading: func() {}},
		})
	}
	one, resign := context.WithCancel(ctx)
	go candidate(one, "one")
	equal(t, "first leader", <-leading, "one")
	two, stop := context.WithCancel(ctx)
	defer stop()
	go candidate(two, "two")
	resign()
	equal(t, "second leader", <-leading, "two")
	var lease *coordinationv1.Lease
	lease, err := client.CoordinationV1().Leases(ns).Get(ctx, "leader", metav1.GetOptions{})
	must(t, err)
	equal(t, "holder", *lease.Spec.HolderIdentity, "two")
	equal(t, "transitions", *lease.Spec.LeaseTransitions, int32(1))
}
