package operator

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/conversion"
)

var (
	hubVersion = schema.GroupVersion{Group: "kubemock.dev", Version: "v1"}
	oldVersion = schema.GroupVersion{Group: "kubemock.dev", Version: "v1beta1"}
)

type Website struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              WebsiteSpec   `json:"spec"`
	Status            WebsiteStatus `json:"status,omitempty"`
}

type WebsiteSpec struct {
	Host     string `json:"host"`
	Image    string `json:"image,omitempty"`
	Replicas int32  `json:"replicas"`
}

type WebsiteStatus struct {
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	ReadyReplicas      int32              `json:"readyReplicas,omitempty"`
	Selector           string             `json:"selector,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
}

type WebsiteList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Website `json:"items"`
}

// OldWebsite is the Website of v1beta1.
type OldWebsite struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              OldWebsiteSpec `json:"spec"`
	Status            WebsiteStatus  `json:"status,omitempty"`
}

type OldWebsiteSpec struct {
	Domain string `json:"domain"`
	Image  string `json:"image,omitempty"`
	Size   int32  `json:"size"`
}

func (*Website) Hub() {}

func (old *OldWebsite) ConvertTo(hub conversion.Hub) error {
	website := hub.(*Website)
	website.ObjectMeta = old.ObjectMeta
	website.Spec = WebsiteSpec{Host: old.Spec.Domain, Image: old.Spec.Image, Replicas: old.Spec.Size}
	website.Status = old.Status
	return nil
}

func (old *OldWebsite) ConvertFrom(hub conversion.Hub) error {
	website := hub.(*Website)
	old.ObjectMeta = website.ObjectMeta
	old.Spec = OldWebsiteSpec{Domain: website.Spec.Host, Image: website.Spec.Image, Size: website.Spec.Replicas}
	old.Status = website.Status
	return nil
}

func (s *WebsiteStatus) copy() WebsiteStatus {
	copied := *s
	copied.Conditions = append([]metav1.Condition(nil), s.Conditions...)
	return copied
}

func (website *Website) copy() *Website {
	copied := *website
	copied.ObjectMeta = *website.ObjectMeta.DeepCopy()
	copied.Status = website.Status.copy()
	return &copied
}

func (website *Website) DeepCopyObject() runtime.Object { return website.copy() }

func (old *OldWebsite) DeepCopyObject() runtime.Object {
	copied := *old
	copied.ObjectMeta = *old.ObjectMeta.DeepCopy()
	copied.Status = old.Status.copy()
	return &copied
}

func (list *WebsiteList) DeepCopyObject() runtime.Object {
	copied := *list
	copied.ListMeta = *list.ListMeta.DeepCopy()
	copied.Items = make([]Website, len(list.Items))
	for i := range list.Items {
		copied.Items[i] = *list.Items[i].copy()
	}
	return &copied
}

func addToScheme(scheme *runtime.Scheme) {
	scheme.AddKnownTypes(hubVersion, &Website{}, &WebsiteList{})
	scheme.AddKnownTypeWithName(oldVersion.WithKind("Website"), &OldWebsite{})
	metav1.AddToGroupVersion(scheme, hubVersion)
	metav1.AddToGroupVersion(scheme, oldVersion)
}
