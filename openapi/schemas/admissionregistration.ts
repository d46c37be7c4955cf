import type { FromSchema } from 'json-schema-to-ts'
import { bytes, field, int32, int64, list, object, string } from '../schema.ts'
import { Condition, objectHead } from './meta.ts'
import { LabelSelector } from './selector.ts'

export const ServiceReference = object(
  'io.k8s.api.admissionregistration.v1.ServiceReference',
  'The Service before a webhook.',
  {
    name: string('Name of the Service.'),
    namespace: string('Its namespace.'),
    path: string('Path of the URL that is called.'),
    port: int32('Port of the Service, 1 to 65535.', { default: 443 }),
  },
  ['namespace', 'name'],
)
export type ServiceReference = FromSchema<typeof ServiceReference>

export const WebhookClientConfig = object(
  'io.k8s.api.admissionregistration.v1.WebhookClientConfig',
  'How a webhook is reached: by a URL or through a Service, not both.',
  {
    caBundle: bytes(
      "PEM certificates, in base64, of the authorities that may have signed the webhook's own. Left out: those the server trusts anyway.",
    ),
    service: field(ServiceReference, 'The Service in the cluster.'),
    url: string('An https URL. It must have no user, query or fragment.'),
  },
)
export type WebhookClientConfig = FromSchema<typeof WebhookClientConfig>

export const MatchCondition = object(
  'io.k8s.api.admissionregistration.v1.MatchCondition',
  'A condition that a request must meet.',
  {
    expression: string('CEL expression that must be a boolean. It sees object, oldObject, request and authorizer.'),
    name: string('Qualified name, unique in the list.'),
  },
  ['name', 'expression'],
)
export type MatchCondition = FromSchema<typeof MatchCondition>

export const RuleWithOperations = object(
  'io.k8s.api.admissionregistration.v1.RuleWithOperations',
  'Requests for these resources with these operations.',
  {
    apiGroups: list(string(''), 'API groups, or a single * for all.', { 'x-kubernetes-list-type': 'atomic' }),
    apiVersions: list(string(''), 'Versions, or a single * for all.', { 'x-kubernetes-list-type': 'atomic' }),
    operations: list(
      string('', { enum: ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'] }),
      'CREATE, UPDATE, DELETE, CONNECT, or a single * for all.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    resources: list(
      string(''),
      'Resources in plural; pods/log is a subresource, pods/* all subresources of pods, */scale all of that name, * all resources and */* all with their subresources.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    scope: string('Cluster, Namespaced, or * for both.', { enum: ['*', 'Cluster', 'Namespaced'], default: '*' }),
  },
)
export type RuleWithOperations = FromSchema<typeof RuleWithOperations>

const webhookFields = {
  admissionReviewVersions: list(
    string(''),
    'Versions of AdmissionReview that it understands, best first. The first that the server knows is sent.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
  clientConfig: field(WebhookClientConfig, 'Where it is.', { default: {} }),
  failurePolicy: string('What becomes of the request when the webhook cannot be asked: Fail or Ignore.', {
    enum: ['Fail', 'Ignore'],
    default: 'Fail',
  }),
  matchConditions: list(MatchCondition, 'All must be true for the webhook to be called. At most 64.', {
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  matchPolicy: string('Exact: only what the rules name. Equivalent: also the same resource in another group or version, converted.', {
    enum: ['Equivalent', 'Exact'],
    default: 'Equivalent',
  }),
  name: string('Full name, such as a.example.com.'),
  namespaceSelector: field(LabelSelector, 'Only objects in namespaces with such labels. Without terms it selects all.', { default: {} }),
  objectSelector: field(LabelSelector, 'Only objects that have, or had before the request, such labels. Without terms it selects all.', {
    default: {},
  }),
  rules: list(RuleWithOperations, 'Which requests it wants to see.', { 'x-kubernetes-list-type': 'atomic' }),
  sideEffects: string("None, or NoneOnDryRun when it minds the request's dryRun.", { enum: ['None', 'NoneOnDryRun', 'Some', 'Unknown'] }),
  timeoutSeconds: int32('How long the server waits for it, 1 to 30.', { default: 10 }),
}

export const MutatingWebhook = object(
  'io.k8s.api.admissionregistration.v1.MutatingWebhook',
  'A webhook that may change the object of a request, or refuse it.',
  {
    ...webhookFields,
    reinvocationPolicy: string('IfNeeded: it is called once more when a later plugin changed the object.', {
      enum: ['IfNeeded', 'Never'],
      default: 'Never',
    }),
  },
  ['name', 'clientConfig', 'sideEffects', 'admissionReviewVersions'],
)
export type MutatingWebhook = FromSchema<typeof MutatingWebhook>

export const MutatingWebhookConfiguration = object(
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration',
  'Webhooks that may change objects before they are stored.',
  {
    ...objectHead,
    webhooks: list(MutatingWebhook, 'The webhooks, in the order they are called.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
)
export type MutatingWebhookConfiguration = FromSchema<typeof MutatingWebhookConfiguration>

export const ValidatingWebhook = object(
  'io.k8s.api.admissionregistration.v1.ValidatingWebhook',
  'A webhook that may refuse a request.',
  webhookFields,
  ['name', 'clientConfig', 'sideEffects', 'admissionReviewVersions'],
)
export type ValidatingWebhook = FromSchema<typeof ValidatingWebhook>

export const ValidatingWebhookConfiguration = object(
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration',
  'Webhooks that may refuse objects before they are stored.',
  {
    ...objectHead,
    webhooks: list(ValidatingWebhook, 'The webhooks. All are called, in any order.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
)
export type ValidatingWebhookConfiguration = FromSchema<typeof ValidatingWebhookConfiguration>

export const AuditAnnotation = object(
  'io.k8s.api.admissionregistration.v1.AuditAnnotation',
  'A note that a policy leaves in the audit event of a request.',
  {
    key: string("Second half of the annotation's key; the policy's name is the first."),
    valueExpression: string('CEL expression of the value: a string, or null for no note.'),
  },
  ['key', 'valueExpression'],
)
export type AuditAnnotation = FromSchema<typeof AuditAnnotation>

export const NamedRuleWithOperations = object(
  'io.k8s.api.admissionregistration.v1.NamedRuleWithOperations',
  'Requests for these resources, optionally only with certain names, and these operations.',
  {
    apiGroups: list(string(''), 'API groups, or a single * for all.', { 'x-kubernetes-list-type': 'atomic' }),
    apiVersions: list(string(''), 'Versions, or a single * for all.', { 'x-kubernetes-list-type': 'atomic' }),
    operations: list(
      string('', { enum: ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'] }),
      'CREATE, UPDATE, DELETE, CONNECT, or a single * for all.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    resourceNames: list(string(''), 'Only objects with these names. None: all.', { 'x-kubernetes-list-type': 'atomic' }),
    resources: list(
      string(''),
      'Resources in plural; pods/log is a subresource, pods/* all subresources of pods, */scale all of that name, * all resources and */* all with their subresources.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    scope: string('Cluster, Namespaced, or * for both.', { enum: ['*', 'Cluster', 'Namespaced'], default: '*' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type NamedRuleWithOperations = FromSchema<typeof NamedRuleWithOperations>

export const MatchResources = object(
  'io.k8s.api.admissionregistration.v1.MatchResources',
  'Which requests a policy is about.',
  {
    excludeResourceRules: list(NamedRuleWithOperations, 'Requests it is not about, even though resourceRules fit.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    matchPolicy: string('Exact: only what the rules name. Equivalent: also the same resource in another group or version, converted.', {
      enum: ['Equivalent', 'Exact'],
      default: 'Equivalent',
    }),
    namespaceSelector: field(LabelSelector, 'Only objects in namespaces with such labels. Without terms it selects all.', { default: {} }),
    objectSelector: field(LabelSelector, 'Only objects that have, or had before the request, such labels. Without terms it selects all.', {
      default: {},
    }),
    resourceRules: list(NamedRuleWithOperations, 'Requests it is about. One that fits is enough.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type MatchResources = FromSchema<typeof MatchResources>

export const ParamKind = object(
  'io.k8s.api.admissionregistration.v1.ParamKind',
  "The kind of object that holds a policy's parameters.",
  {
    apiVersion: string('Its group and version.'),
    kind: string('Its kind.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ParamKind = FromSchema<typeof ParamKind>

export const Validation = object(
  'io.k8s.api.admissionregistration.v1.Validation',
  'One demand of a policy.',
  {
    expression: string(
      'CEL expression that must be true. It sees object, oldObject, request, params, namespaceObject, variables and authorizer.',
    ),
    message: string('What is said when it is false. Must be one line.'),
    messageExpression: string('CEL expression of the message, instead of message when it yields a usable text.'),
    reason: string('Reason of the answer: Forbidden, Invalid or RequestEntityTooLarge. Left out: Invalid.'),
  },
  ['expression'],
)
export type Validation = FromSchema<typeof Validation>

export const Variable = object(
  'io.k8s.api.admissionregistration.v1.Variable',
  'A named expression that later ones can use as variables.NAME.',
  {
    expression: string('CEL expression of the value.'),
    name: string('A CEL identifier, unique in the policy.'),
  },
  ['name', 'expression'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type Variable = FromSchema<typeof Variable>

export const ValidatingAdmissionPolicySpec = object(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec',
  'What a policy demands, and of which requests.',
  {
    auditAnnotations: list(AuditAnnotation, 'Notes for the audit event. Needed when there are no validations.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    failurePolicy: string('What becomes of a request when the policy cannot be evaluated: Fail or Ignore.', {
      enum: ['Fail', 'Ignore'],
      default: 'Fail',
    }),
    matchConditions: list(MatchCondition, 'All must be true for the policy to be evaluated. At most 64.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    matchConstraints: field(MatchResources, 'Which requests it is about.'),
    paramKind: field(ParamKind, 'Kind of its parameters. Left out: it has none.'),
    validations: list(Validation, 'The demands; all must be met. Needed when there are no auditAnnotations.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    variables: list(Variable, 'Expressions with names, in the order in which they may use each other.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
)
export type ValidatingAdmissionPolicySpec = FromSchema<typeof ValidatingAdmissionPolicySpec>

export const ExpressionWarning = object(
  'io.k8s.api.admissionregistration.v1.ExpressionWarning',
  'A doubt about an expression.',
  {
    fieldRef: string('Path of the expression in the policy.'),
    warning: string('What the type check said.'),
  },
  ['fieldRef', 'warning'],
)
export type ExpressionWarning = FromSchema<typeof ExpressionWarning>

export const TypeChecking = object(
  'io.k8s.api.admissionregistration.v1.TypeChecking',
  "What the type check of a policy's expressions found.",
  {
    expressionWarnings: list(ExpressionWarning, 'One entry for each doubtful expression.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type TypeChecking = FromSchema<typeof TypeChecking>

export const ValidatingAdmissionPolicyStatus = object(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus',
  'What the controller found out about a policy.',
  {
    conditions: list(Condition, 'The latest facts, by type.', { 'x-kubernetes-list-map-keys': ['type'], 'x-kubernetes-list-type': 'map' }),
    observedGeneration: int64('The generation that was looked at.'),
    typeChecking: field(TypeChecking, 'Result of the type check. Left out: it is not finished.'),
  },
)
export type ValidatingAdmissionPolicyStatus = FromSchema<typeof ValidatingAdmissionPolicyStatus>

export const ValidatingAdmissionPolicy = object(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  'Demands, written as CEL expressions, that objects must meet to be stored. It does nothing without a binding.',
  {
    ...objectHead,
    spec: field(ValidatingAdmissionPolicySpec, 'The demands.', { default: {} }),
    status: field(ValidatingAdmissionPolicyStatus, 'What the controller found out.', { default: {} }),
  },
)
export type ValidatingAdmissionPolicy = FromSchema<typeof ValidatingAdmissionPolicy>

export const ParamRef = object(
  'io.k8s.api.admissionregistration.v1.ParamRef',
  'Which objects hold the parameters: a name or a selector, not both.',
  {
    name: string('Name of the object.'),
    namespace: string("Where to look for it. Left out: in the namespace of the request's object."),
    parameterNotFoundAction: string('What happens when there is none: Allow or Deny.'),
    selector: field(LabelSelector, 'All objects with such labels; the policy is evaluated for each.'),
  },
  [],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type ParamRef = FromSchema<typeof ParamRef>

export const ValidatingAdmissionPolicyBindingSpec = object(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec',
  'Puts a policy in force, with parameters, for some requests.',
  {
    matchResources: field(MatchResources, 'Narrows down further what the policy is about. Left out: all of it.'),
    paramRef: field(ParamRef, 'The parameters, if the policy takes any.'),
    policyName: string('Name of the policy.'),
    validationActions: list(
      string('', { enum: ['Audit', 'Deny', 'Warn'] }),
      'What happens when a demand is not met: Deny, Warn, Audit. Deny and Warn exclude each other.',
      { 'x-kubernetes-list-type': 'set' },
    ),
  },
  ['policyName', 'validationActions'],
)
export type ValidatingAdmissionPolicyBindingSpec = FromSchema<typeof ValidatingAdmissionPolicyBindingSpec>

export const ValidatingAdmissionPolicyBinding = object(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  'Puts a ValidatingAdmissionPolicy in force.',
  {
    ...objectHead,
    spec: field(ValidatingAdmissionPolicyBindingSpec, 'Which policy, with what parameters, and what it does.', { default: {} }),
  },
  ['spec'],
)
export type ValidatingAdmissionPolicyBinding = FromSchema<typeof ValidatingAdmissionPolicyBinding>

export const ApplyConfiguration = object(
  'io.k8s.api.admissionregistration.v1.ApplyConfiguration',
  'A change written as what would be applied.',
  {
    expression: string('CEL expression of the applied object, such as Object{spec: Object.spec{replicas: 1}}.'),
  },
)
export type ApplyConfiguration = FromSchema<typeof ApplyConfiguration>

export const JSONPatch = object('io.k8s.api.admissionregistration.v1.JSONPatch', 'A change written as a JSON Patch.', {
  expression: string('CEL expression of a list of JSONPatch operations.'),
})
export type JSONPatch = FromSchema<typeof JSONPatch>

export const Mutation = object(
  'io.k8s.api.admissionregistration.v1.Mutation',
  'One change; `patchType` says which of the other fields is set.',
  {
    applyConfiguration: field(ApplyConfiguration, 'The change, when patchType is ApplyConfiguration.'),
    jsonPatch: field(JSONPatch, 'The change, when patchType is JSONPatch.'),
    patchType: string('ApplyConfiguration or JSONPatch.', { enum: ['ApplyConfiguration', 'JSONPatch'] }),
  },
  ['patchType'],
)
export type Mutation = FromSchema<typeof Mutation>

export const MutatingAdmissionPolicySpec = object(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec',
  'What a policy changes, and in which requests.',
  {
    failurePolicy: string('What becomes of a request when the policy cannot be evaluated: Fail or Ignore.', {
      enum: ['Fail', 'Ignore'],
      default: 'Fail',
    }),
    matchConditions: list(MatchCondition, 'All must be true for the policy to be evaluated. At most 64.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    matchConstraints: field(MatchResources, 'Which requests it is about. CREATE, UPDATE and CONNECT only.'),
    mutations: list(Mutation, 'The changes, one after the other.', { 'x-kubernetes-list-type': 'atomic' }),
    paramKind: field(ParamKind, 'Kind of its parameters. Left out: it has none.'),
    reinvocationPolicy: string('Never, or IfNeeded: evaluated once more when a later plugin changed the object.', {
      enum: ['IfNeeded', 'Never'],
    }),
    variables: list(Variable, 'Expressions with names, in the order in which they may use each other.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
)
export type MutatingAdmissionPolicySpec = FromSchema<typeof MutatingAdmissionPolicySpec>

export const MutatingAdmissionPolicy = object(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
  'Changes, written as CEL expressions, that are made to objects before they are stored. It does nothing without a binding.',
  {
    ...objectHead,
    spec: field(MutatingAdmissionPolicySpec, 'The changes.', { default: {} }),
  },
)
export type MutatingAdmissionPolicy = FromSchema<typeof MutatingAdmissionPolicy>

export const MutatingAdmissionPolicyBindingSpec = object(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec',
  'Puts a policy in force, with parameters, for some requests.',
  {
    matchResources: field(MatchResources, 'Narrows down further what the policy is about. Left out: all of it.'),
    paramRef: field(ParamRef, 'The parameters, if the policy takes any.'),
    policyName: string('Name of the policy.'),
  },
)
export type MutatingAdmissionPolicyBindingSpec = FromSchema<typeof MutatingAdmissionPolicyBindingSpec>

export const MutatingAdmissionPolicyBinding = object(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  'Puts a MutatingAdmissionPolicy in force.',
  {
    ...objectHead,
    spec: field(MutatingAdmissionPolicyBindingSpec, 'Which policy, and with what parameters.', { default: {} }),
  },
)
export type MutatingAdmissionPolicyBinding = FromSchema<typeof MutatingAdmissionPolicyBinding>
