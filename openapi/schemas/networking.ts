import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, intOrString, list, object, string } from '../schema.ts'
import { Condition, objectHead } from './meta.ts'
import { TypedLocalObjectReference } from './reference.ts'
import { LabelSelector } from './selector.ts'

export const ServiceBackendPort = object(
  'io.k8s.api.networking.v1.ServiceBackendPort',
  'Which port of a Service: by name or by number, not both.',
  {
    name: string('Name of the port. Cannot stand beside a number.'),
    number: int32('Number of the port. Cannot stand beside a name.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ServiceBackendPort = FromSchema<typeof ServiceBackendPort>

export const IngressServiceBackend = object(
  'io.k8s.api.networking.v1.IngressServiceBackend',
  'A Service that takes the requests.',
  {
    name: string('The Service, in the namespace of the Ingress.'),
    port: field(ServiceBackendPort, 'Which of its ports. One of name and number is needed.', { default: {} }),
  },
  ['name'],
)
export type IngressServiceBackend = FromSchema<typeof IngressServiceBackend>

export const IngressBackend = object('io.k8s.api.networking.v1.IngressBackend', 'Where requests go: to a Service or to another resource.', {
  resource: field(
    TypedLocalObjectReference,
    'An object in the namespace of the Ingress that takes the requests. Not allowed beside a Service.',
  ),
  service: field(IngressServiceBackend, 'A Service that takes the requests. Not allowed beside a resource.'),
})
export type IngressBackend = FromSchema<typeof IngressBackend>

export const HTTPIngressPath = object(
  'io.k8s.api.networking.v1.HTTPIngressPath',
  'Sends the requests for a path to a backend.',
  {
    backend: field(IngressBackend, 'Where the requests for this path go.', { default: {} }),
    path: string("Path of the request's URL that is compared. It begins with a slash. Needed when pathType is Exact or Prefix."),
    pathType: string(
      'How the path is compared: Exact takes the whole path, Prefix takes it element by element between slashes, and with ImplementationSpecific the class decides.',
      { enum: ['Exact', 'ImplementationSpecific', 'Prefix'] },
    ),
  },
  ['pathType', 'backend'],
)
export type HTTPIngressPath = FromSchema<typeof HTTPIngressPath>

export const HTTPIngressRuleValue = object(
  'io.k8s.api.networking.v1.HTTPIngressRuleValue',
  'Paths of one host and their backends.',
  {
    paths: list(HTTPIngressPath, 'The paths. At least one.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['paths'],
)
export type HTTPIngressRuleValue = FromSchema<typeof HTTPIngressRuleValue>

export const IngressRule = object(
  'io.k8s.api.networking.v1.IngressRule',
  'What becomes of the requests for a host. A rule without paths sends all of them to the default backend.',
  {
    host: string(
      'Name of the host, or a wildcard such as *.example.com, which stands for one label. No address and no port. A rule without one takes the requests for every host.',
    ),
    http: field(HTTPIngressRuleValue, 'The paths of that host.'),
  },
)
export type IngressRule = FromSchema<typeof IngressRule>

export const IngressTLS = object('io.k8s.api.networking.v1.IngressTLS', 'Where TLS ends for some hosts.', {
  hosts: list(
    string(''),
    'Hosts in the certificate. They should match the names in the Secret. None means all hosts that the controller of this Ingress serves.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  secretName: string(
    'The Secret that holds certificate and key for port 443. May be missing, when connections are told apart by SNI alone.',
  ),
})
export type IngressTLS = FromSchema<typeof IngressTLS>

export const IngressSpec = object('io.k8s.api.networking.v1.IngressSpec', 'Which requests from outside go to which Services.', {
  defaultBackend: field(IngressBackend, 'Takes the requests that no rule matches. Without rules it is required.'),
  ingressClassName: string(
    'The IngressClass that says which controller acts on this Ingress. The annotation kubernetes.io/ingress.class, which did so earlier, comes first while it lasts.',
  ),
  rules: list(IngressRule, 'Rules by host. Without any, or when none fits, requests go to the default backend.', {
    'x-kubernetes-list-type': 'atomic',
  }),
  tls: list(
    IngressTLS,
    'Where TLS ends. Entries for several hosts share port 443 and are told apart by the name that the client sends, if the controller can.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type IngressSpec = FromSchema<typeof IngressSpec>

export const IngressPortStatus = object(
  'io.k8s.api.networking.v1.IngressPortStatus',
  'A port of a load balancer.',
  {
    error: string('Why the port cannot be served: a CamelCase word, with a domain prefix unless it is one of Kubernetes itself.'),
    port: int32('Number of the port.'),
    protocol: string('Protocol of the port: TCP, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'] }),
  },
  ['port', 'protocol'],
)
export type IngressPortStatus = FromSchema<typeof IngressPortStatus>

export const IngressLoadBalancerIngress = object(
  'io.k8s.api.networking.v1.IngressLoadBalancerIngress',
  'One point where a load balancer takes requests.',
  {
    hostname: string('Its name, for load balancers that are known by a DNS name.'),
    ip: string('Its address, for load balancers that are known by an IP address.'),
    ports: list(IngressPortStatus, 'Ports that it serves.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type IngressLoadBalancerIngress = FromSchema<typeof IngressLoadBalancerIngress>

export const IngressLoadBalancerStatus = object(
  'io.k8s.api.networking.v1.IngressLoadBalancerStatus',
  'Where a load balancer can be reached.',
  {
    ingress: list(IngressLoadBalancerIngress, 'The points where it takes requests.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type IngressLoadBalancerStatus = FromSchema<typeof IngressLoadBalancerStatus>

export const IngressStatus = object('io.k8s.api.networking.v1.IngressStatus', 'Where an Ingress can be reached.', {
  loadBalancer: field(IngressLoadBalancerStatus, 'State of its load balancer.', { default: {} }),
})
export type IngressStatus = FromSchema<typeof IngressStatus>

export const Ingress = object(
  'io.k8s.api.networking.v1.Ingress',
  'Rules by which HTTP requests from outside reach Services: by host and path, with TLS if wanted.',
  {
    ...objectHead,
    spec: field(IngressSpec, 'What is wanted.', { default: {} }),
    status: field(IngressStatus, 'What is the case, as the controller of its class reports it.', { default: {} }),
  },
)
export type Ingress = FromSchema<typeof Ingress>

export const IngressClassParametersReference = object(
  'io.k8s.api.networking.v1.IngressClassParametersReference',
  'The object that holds the parameters of a class: of the whole cluster, or of a namespace.',
  {
    apiGroup: string('Group of the object. None means the core group.'),
    kind: string('Kind of the object.'),
    name: string('Name of the object.'),
    namespace: string('Namespace of the object. Required when scope is Namespace, not allowed when it is Cluster.'),
    scope: string('Whether the object belongs to the Cluster or to a Namespace.'),
  },
  ['kind', 'name'],
)
export type IngressClassParametersReference = FromSchema<typeof IngressClassParametersReference>

export const IngressClassSpec = object('io.k8s.api.networking.v1.IngressClassSpec', 'Who acts on the Ingresses of a class.', {
  controller: string('Name of the controller, as a path with a domain prefix, such as acme.io/ingress-controller. Cannot be changed.'),
  parameters: field(IngressClassParametersReference, 'An object with more configuration for the controller.'),
})
export type IngressClassSpec = FromSchema<typeof IngressClassSpec>

export const IngressClass = object(
  'io.k8s.api.networking.v1.IngressClass',
  'A class of Ingresses, by the controller that acts on them. One annotated ingressclass.kubernetes.io/is-default-class is given to those that name none.',
  {
    ...objectHead,
    spec: field(IngressClassSpec, 'What is wanted.', { default: {} }),
  },
)
export type IngressClass = FromSchema<typeof IngressClass>

export const NetworkPolicyPort = object('io.k8s.api.networking.v1.NetworkPolicyPort', 'Ports that traffic may use.', {
  endPort: int32('Last port of a range that begins with port, which must be a number then.'),
  port: intOrString('A port, by number or by its name in the pod. None means all of them.'),
  protocol: string('Protocol of the port: TCP, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'] }),
})
export type NetworkPolicyPort = FromSchema<typeof NetworkPolicyPort>

export const IPBlock = object(
  'io.k8s.api.networking.v1.IPBlock',
  'A range of addresses with holes in it.',
  {
    cidr: string('The range, such as 192.168.1.0/24 or 2001:db8::/64.'),
    except: list(string(''), 'Ranges within it that are left out.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['cidr'],
)
export type IPBlock = FromSchema<typeof IPBlock>

export const NetworkPolicyPeer = object(
  'io.k8s.api.networking.v1.NetworkPolicyPeer',
  'The other end of the traffic: pods by their labels, or a range of addresses.',
  {
    ipBlock: field(IPBlock, 'A range of addresses. Nothing else may be set beside it.'),
    namespaceSelector: field(
      LabelSelector,
      'Namespaces by their labels; empty, it selects all. With podSelector the pods it selects in these namespaces are meant, without it all of their pods.',
    ),
    podSelector: field(
      LabelSelector,
      "Pods by their labels; empty, it selects all. Without namespaceSelector the pods of the policy's own namespace are meant.",
    ),
  },
)
export type NetworkPolicyPeer = FromSchema<typeof NetworkPolicyPeer>

export const NetworkPolicyEgressRule = object(
  'io.k8s.api.networking.v1.NetworkPolicyEgressRule',
  'Traffic that pods may send: it must fit the ports and the peers.',
  {
    ports: list(NetworkPolicyPort, 'Ports it may go to. None means all ports.', { 'x-kubernetes-list-type': 'atomic' }),
    to: list(NetworkPolicyPeer, 'Whom it may go to. None means everywhere.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type NetworkPolicyEgressRule = FromSchema<typeof NetworkPolicyEgressRule>

export const NetworkPolicyIngressRule = object(
  'io.k8s.api.networking.v1.NetworkPolicyIngressRule',
  'Traffic that pods may receive: it must fit the ports and the peers.',
  {
    from: list(NetworkPolicyPeer, 'Where it may come from. None means everywhere.', { 'x-kubernetes-list-type': 'atomic' }),
    ports: list(NetworkPolicyPort, 'Ports it may use. None means all ports.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type NetworkPolicyIngressRule = FromSchema<typeof NetworkPolicyIngressRule>

export const NetworkPolicySpec = object(
  'io.k8s.api.networking.v1.NetworkPolicySpec',
  'Which pods are meant and what traffic they may have.',
  {
    egress: list(NetworkPolicyEgressRule, 'What the pods may send. Traffic passes if any rule of any policy for the pod allows it.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    ingress: list(
      NetworkPolicyIngressRule,
      'What the pods may receive. Traffic passes if any rule of any policy for the pod allows it, or if no policy is about the pod.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    podSelector: field(LabelSelector, 'The pods the policy is about, in its namespace; empty, it selects all.', { default: {} }),
    policyTypes: list(
      string('', { enum: ['Egress', 'Ingress'] }),
      'The directions it is about: Ingress, Egress or both. Left out it is Ingress, and Egress as well if there are rules for it.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
  },
)
export type NetworkPolicySpec = FromSchema<typeof NetworkPolicySpec>

export const NetworkPolicy = object('io.k8s.api.networking.v1.NetworkPolicy', 'What traffic some pods of a namespace may have.', {
  ...objectHead,
  spec: field(NetworkPolicySpec, 'What is wanted.', { default: {} }),
})
export type NetworkPolicy = FromSchema<typeof NetworkPolicy>

export const ParentReference = object(
  'io.k8s.api.networking.v1.ParentReference',
  'The object that an address belongs to.',
  {
    group: string('Group of the object.'),
    name: string('Name of the object.'),
    namespace: string('Namespace of the object.'),
    resource: string('Resource of the object.'),
  },
  ['resource', 'name'],
)
export type ParentReference = FromSchema<typeof ParentReference>

export const IPAddressSpec = object(
  'io.k8s.api.networking.v1.IPAddressSpec',
  'Whose address it is.',
  {
    parentRef: field(ParentReference, 'The object that uses the address.'),
  },
  ['parentRef'],
)
export type IPAddressSpec = FromSchema<typeof IPAddressSpec>

export const IPAddress = object(
  'io.k8s.api.networking.v1.IPAddress',
  'One address that is in use, named by its canonical text. The server keeps one for each cluster IP.',
  {
    ...objectHead,
    spec: field(IPAddressSpec, 'What is wanted.', { default: {} }),
  },
  ['spec'],
)
export type IPAddress = FromSchema<typeof IPAddress>

export const ServiceCIDRSpec = object('io.k8s.api.networking.v1.ServiceCIDRSpec', 'Ranges of addresses.', {
  cidrs: list(string(''), 'One range, or one of each family. Cannot be changed, but for a second family that is added.', {
    'x-kubernetes-list-type': 'atomic',
  }),
})
export type ServiceCIDRSpec = FromSchema<typeof ServiceCIDRSpec>

export const ServiceCIDRStatus = object('io.k8s.api.networking.v1.ServiceCIDRStatus', 'State of the ranges.', {
  conditions: list(Condition, 'Whether the ranges can be used, with the reason.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
})
export type ServiceCIDRStatus = FromSchema<typeof ServiceCIDRStatus>

export const ServiceCIDR = object('io.k8s.api.networking.v1.ServiceCIDR', 'Ranges from which Services get their cluster IPs.', {
  ...objectHead,
  spec: field(ServiceCIDRSpec, 'What is wanted.', { default: {} }),
  status: field(ServiceCIDRStatus, 'What is the case.', { default: {} }),
})
export type ServiceCIDR = FromSchema<typeof ServiceCIDR>
