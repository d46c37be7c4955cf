package clientgo

import (
	"strings"
	"testing"

	openapi_v3 "github.com/google/gnostic-models/openapiv3"
	"google.golang.org/protobuf/proto"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/openapi"
	"k8s.io/client-go/restmapper"
)

func TestDiscoveryAndRESTMapper(t *testing.T) {
	client := discovery.NewDiscoveryClientForConfigOrDie(config(t))
	version, err := client.ServerVersion()
	must(t, err)
	equal(t, "version", version.Major+"."+version.Minor, "1.36")
	preferred, err := client.ServerPreferredResources()
	must(t, err)
	if len(preferred) == 0 {
		t.Fatal("no resources")
	}
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client)), client, nil)
	for _, name := range []string{"sts", "statefulset", "statefulsets"} {
		kind, err := mapper.KindFor(schema.GroupVersionResource{Resource: name})
		must(t, err)
		equal(t, name, kind, schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "StatefulSet"})
	}
	mapping, err := mapper.RESTMapping(schema.GroupKind{Kind: "Node"}, "v1")
	must(t, err)
	equal(t, "scope", mapping.Scope.Name(), "root")
	document, err := client.OpenAPIV3().Paths()
	must(t, err)
	if document["apis/apps/v1"] == nil {
		t.Fatal("no document of apps/v1")
	}
	bytes, err := document["apis/apps/v1"].Schema(openapi.ContentTypeOpenAPIV3PB)
	must(t, err)
	var parsed openapi_v3.Document
	must(t, proto.Unmarshal(bytes, &parsed))
	for _, schema := range parsed.Components.Schemas.AdditionalProperties {
		if schema.Name != "io.k8s.api.apps.v1.StatefulSetSpec" {
			continue
		}
		spec := schema.Value.GetSchema()
		equal(t, "required", strings.Join(spec.Required, " "), "selector template")
		for _, property := range spec.Properties.AdditionalProperties {
			if property.Name == "replicas" {
				equal(t, "replicas", property.Value.GetSchema().Type+" "+property.Value.GetSchema().Format, "integer int32")
				return
			}
		}
	}
	t.Fatal("no replicas of a StatefulSet")
}

func TestDynamicClientAppliesAndListsJSON(t *testing.T) {
	ctx, ns := namespace(t)
	maps := dynamic.NewForConfigOrDie(config(t)).Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(ns)
	object := func(value string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "dynamic"}, "data": map[string]any{"key": value},
		}}
	}
	applied, err := maps.Apply(ctx, "dynamic", object("one"), metav1.ApplyOptions{FieldManager: "dynamic"})
	must(t, err)
	equal(t, "manager", applied.GetManagedFields()[0].Operation, metav1.ManagedFieldsOperationApply)
	_, err = maps.Create(ctx, object("two"), metav1.CreateOptions{})
	if !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
	must(t, maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{FieldSelector: "metadata.name=dynamic"}))
	list, err := maps.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=dynamic"})
	must(t, err)
	equal(t, "left", len(list.Items), 0)
}

func TestMetadataClient(t *testing.T) {
	ctx, ns := namespace(t)
	client := metadata.NewForConfigOrDie(config(t)).Resource(schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}).Namespace(ns)
	account, err := client.Get(ctx, "default", metav1.GetOptions{})
	must(t, err)
	equal(t, "name", account.Name, "default")
}
