package clientgo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"
)

func execURL(t *testing.T, ns string, options *corev1.PodExecOptions) *url.URL {
	t.Helper()
	return clientset(t).CoreV1().RESTClient().Post().Resource("pods").Namespace(ns).Name("busybox").SubResource("exec").
		VersionedParams(options, scheme.ParameterCodec).URL()
}

func TestExecOverWebSocket(t *testing.T) {
	ctx, ns := namespace(t)
	runningPod(t, ctx, ns, "busybox")
	options := &corev1.PodExecOptions{Command: []string{"sh", "-c", "cat; echo complaint >&2; exit 7"}, Stdin: true, Stdout: true, Stderr: true}
	executor, err := remotecommand.NewWebSocketExecutor(config(t), "GET", execURL(t, ns, options).String())
	must(t, err)
	var stdout, stderr bytes.Buffer
	err = executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: strings.NewReader("typed\n"), Stdout: &stdout, Stderr: &stderr})
	var exit exec.CodeExitError
	if !errors.As(err, &exit) {
		t.Fatalf("not an exit code: %v", err)
	}
	equal(t, "exit code", exit.Code, 7)
	equal(t, "stdout", stdout.String(), "typed\n")
	equal(t, "stderr", stderr.String(), "complaint\n")
}

type size struct{ sent bool }

func (s *size) Next() *remotecommand.TerminalSize {
	if s.sent {
		return nil
	}
	s.sent = true
	return &remotecommand.TerminalSize{Width: 100, Height: 40}
}

func TestExecWithATerminal(t *testing.T) {
	ctx, ns := namespace(t)
	runningPod(t, ctx, ns, "busybox")
	options := &corev1.PodExecOptions{Command: []string{"sh"}, Stdin: true, Stdout: true, TTY: true}
	executor, err := remotecommand.NewWebSocketExecutor(config(t), "GET", execURL(t, ns, options).String())
	must(t, err)
	var stdout bytes.Buffer
	must(t, executor.StreamWithContext(ctx, remotecommand.StreamOptions{
		Stdin: strings.NewReader("echo $((6 * 7))\rexit\r"), Stdout: &stdout, Tty: true, TerminalSizeQueue: &size{},
	}))
	if !strings.Contains(stdout.String(), "\r\n42\r\n") {
		t.Fatalf("%q", stdout.String())
	}
}

// kubectl's own executor: WebSocket first, SPDY when that cannot be had.
func TestFallbackExecutorNeedsNoFallback(t *testing.T) {
	ctx, ns := namespace(t)
	runningPod(t, ctx, ns, "busybox")
	target := execURL(t, ns, &corev1.PodExecOptions{Command: []string{"hostname"}, Stdout: true})
	first, err := remotecommand.NewWebSocketExecutor(config(t), "GET", target.String())
	must(t, err)
	second, err := remotecommand.NewSPDYExecutor(config(t), "POST", target)
	must(t, err)
	executor, err := remotecommand.NewFallbackExecutor(first, second, httpstream.IsUpgradeFailure)
	must(t, err)
	var stdout bytes.Buffer
	must(t, executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdout: &stdout}))
	equal(t, "stdout", stdout.String(), "busybox\n")
}

func TestExecOverSPDY(t *testing.T) {
	ctx, ns := namespace(t)
	runningPod(t, ctx, ns, "busybox")
	options := &corev1.PodExecOptions{Command: []string{"sh", "-c", "cat; echo complaint >&2; exit 7"}, Stdin: true, Stdout: true, Stderr: true}
	executor, err := remotecommand.NewSPDYExecutor(config(t), "POST", execURL(t, ns, options))
	must(t, err)
	// More than one frame, and more than one direction takes at a time.
	typed := strings.Repeat("typed and typed again\n", 20_000)
	var stdout, stderr bytes.Buffer
	err = executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: strings.NewReader(typed), Stdout: &stdout, Stderr: &stderr})
	var exit exec.CodeExitError
	if !errors.As(err, &exit) {
		t.Fatalf("not an exit code: %v", err)
	}
	equal(t, "exit code", exit.Code, 7)
	equal(t, "stdout", stdout.String() == typed, true)
	equal(t, "stderr", stderr.String(), "complaint\n")
}

func TestLogsAreFollowed(t *testing.T) {
	ctx, ns := namespace(t)
	client := clientset(t)
	runningPod(t, ctx, ns, "nginx")
	text, err := client.CoreV1().Pods(ns).GetLogs("nginx", &corev1.PodLogOptions{}).DoRaw(ctx)
	must(t, err)
	if len(text) == 0 {
		t.Fatal("nginx says nothing at its start")
	}
	following, stop := context.WithCancel(ctx)
	stream, err := client.CoreV1().Pods(ns).GetLogs("nginx", &corev1.PodLogOptions{Follow: true}).Stream(following)
	must(t, err)
	defer stream.Close()
	begun := make([]byte, len(text))
	_, err = io.ReadFull(stream, begun)
	must(t, err)
	equal(t, "the log so far", string(begun), string(text))
	stop()
	if _, err := stream.Read(make([]byte, 1)); err == nil {
		t.Fatal("the stream goes on")
	}
}
