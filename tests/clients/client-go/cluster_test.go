// A client-go program against the cluster that KUBECONFIG points at. tests/clients/client-go.test.ts starts one and runs this.
package clientgo

import (
	"context"
	"os"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// patience is how long anything may take before it counts as not happening.
const patience = 30 * time.Second

func config(t *testing.T) *rest.Config {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	config.QPS = -1
	return config
}

// clientset is typed: it writes and reads protobuf.
func clientset(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	return kubernetes.NewForConfigOrDie(config(t))
}

// namespace is new for each test and ready for pods.
func namespace(t *testing.T) (context.Context, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	client := clientset(t)
	created, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "go-"}}, metav1.CreateOptions{})
	must(t, err)
	eventually(t, ctx, "a default service account", func() bool {
		_, err := client.CoreV1().ServiceAccounts(created.Name).Get(ctx, "default", metav1.GetOptions{})
		return err == nil
	})
	return ctx, created.Name
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func eventually(t *testing.T, ctx context.Context, what string, met func() bool) {
	t.Helper()
	for !met() {
		select {
		case <-ctx.Done():
			t.Fatalf("never came: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// runningPod has the image of its name.
func runningPod(t *testing.T, ctx context.Context, namespace, image string) {
	t.Helper()
	pods := clientset(t).CoreV1().Pods(namespace)
	_, err := pods.Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: image},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: image, Command: []string{"sleep", "infinity"}}}},
	}, metav1.CreateOptions{})
	must(t, err)
	eventually(t, ctx, image+" runs", func() bool {
		pod, err := pods.Get(ctx, image, metav1.GetOptions{})
		return err == nil && pod.Status.Phase == corev1.PodRunning
	})
}
