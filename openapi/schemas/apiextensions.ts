// CustomResourceDefinition and what it is made of. The schema of a custom resource is a struct that nests itself; its type is written by hand.
import type { FromSchema } from 'json-schema-to-ts'
import type { Json } from '../kind.ts'
import { anyJson, boolean, bytes, double, field, int32, int64, list, map, object, recursive, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

const v1 = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.'
const atomic = { 'x-kubernetes-list-type': 'atomic' } as const

export const jsonTitle = `${v1}JSON`
export const orBoolTitle = `${v1}JSONSchemaPropsOrBool`
export const orArrayTitle = `${v1}JSONSchemaPropsOrArray`
export const orStringArrayTitle = `${v1}JSONSchemaPropsOrStringArray`

/** The schema language of custom resources: OpenAPI v3 with a few extensions. */
export interface JSONSchemaProps {
  readonly $ref?: string
  readonly $schema?: string
  readonly additionalItems?: boolean | JSONSchemaProps
  readonly additionalProperties?: boolean | JSONSchemaProps
  readonly allOf?: readonly JSONSchemaProps[]
  readonly anyOf?: readonly JSONSchemaProps[]
  readonly default?: Json
  readonly definitions?: Readonly<Record<string, JSONSchemaProps>>
  readonly dependencies?: Readonly<Record<string, JSONSchemaProps | readonly string[]>>
  readonly description?: string
  readonly enum?: readonly Json[]
  readonly example?: Json
  readonly exclusiveMaximum?: boolean
  readonly exclusiveMinimum?: boolean
  readonly externalDocs?: { readonly description?: string; readonly url?: string }
  readonly format?: string
  readonly id?: string
  readonly items?: JSONSchemaProps | readonly JSONSchemaProps[]
  readonly maxItems?: number
  readonly maxLength?: number
  readonly maxProperties?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly minLength?: number
  readonly minProperties?: number
  readonly minimum?: number
  readonly multipleOf?: number
  readonly not?: JSONSchemaProps
  readonly nullable?: boolean
  readonly oneOf?: readonly JSONSchemaProps[]
  readonly pattern?: string
  readonly patternProperties?: Readonly<Record<string, JSONSchemaProps>>
  readonly properties?: Readonly<Record<string, JSONSchemaProps>>
  readonly required?: readonly string[]
  readonly title?: string
  readonly type?: string
  readonly uniqueItems?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[]
}

export const ValidationRule = object(
  `${v1}ValidationRule`,
  'A rule in CEL that a value must keep.',
  {
    fieldPath: string('Path below the value that an error names instead of the value, such as .spec.x.'),
    message: string('What an error says.'),
    messageExpression: string('CEL that gives what an error says; when it fails, message says it.'),
    optionalOldSelf: boolean('oldSelf is an optional value, and the rule also runs when there is no old value.'),
    reason: string('Machine-readable reason of an error. Default: FieldValueInvalid.', {
      enum: ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'],
    }),
    rule: string('CEL that must be true. self is the value, oldSelf what it was before an update.'),
  },
  ['rule'],
)
export type ValidationRule = FromSchema<typeof ValidationRule>

export const ExternalDocumentation = object(`${v1}ExternalDocumentation`, 'Where more can be read.', {
  description: string('What is found there.'),
  url: string('Address of the text.'),
})

const value = (description: string) => anyJson(jsonTitle, description, { 'x-type-description': 'Any JSON value.' })

export const JSONSchemaProps = recursive(`${v1}JSONSchemaProps`, 'What a value may be, in OpenAPI v3.', again => {
  const or = (title: string, what: string) => (description: string) =>
    anyJson(title, description, { 'x-type-description': what, 'x-nested': again('') })
  const orBool = or(orBoolTitle, 'A schema, or true or false.')
  const orArray = or(orArrayTitle, 'A schema, or a list of schemas.')
  const orStringArray = or(orStringArrayTitle, 'A schema, or names of properties.')
  return {
    $ref: string('Not supported: schemas stand where they apply.'),
    $schema: string('Address of the schema language; not used.'),
    additionalItems: orBool('Not supported.'),
    additionalProperties: orBool('What values of names that properties does not list must be; true: anything.'),
    allOf: list(again(''), 'All of these must hold.', atomic),
    anyOf: list(again(''), 'At least one of these must hold.', atomic),
    default: value('Put where the field is missing. The schema itself must accept it.'),
    definitions: map(again(''), 'Not supported.'),
    dependencies: map(orStringArray(''), 'Not supported.'),
    description: string('What the value means, for readers.'),
    enum: list(value(''), 'The value must be one of these.', atomic),
    example: value('A value, for readers.'),
    exclusiveMaximum: boolean('The number must be less than maximum, not equal.'),
    exclusiveMinimum: boolean('The number must be greater than minimum, not equal.'),
    externalDocs: field(ExternalDocumentation, 'More to read.'),
    format: string('What kind of string or number it is: date-time, ipv4, int32 and the like. Unknown ones are ignored.'),
    id: string('Not supported.'),
    items: orArray('What each item of a list must be.'),
    maxItems: int64('At most so many items.'),
    maxLength: int64('At most so many characters.'),
    maxProperties: int64('At most so many names.'),
    maximum: double('The largest number.'),
    minItems: int64('At least so many items.'),
    minLength: int64('At least so many characters.'),
    minProperties: int64('At least so many names.'),
    minimum: double('The smallest number.'),
    multipleOf: double('The number must be a multiple of this.'),
    not: again('This must not hold.'),
    nullable: boolean('null is a value too. Otherwise null stands for absent.'),
    oneOf: list(again(''), 'Exactly one of these must hold.', atomic),
    pattern: string('RE2 expression that must be found in the string.'),
    patternProperties: map(again(''), 'Not supported.'),
    properties: map(again(''), 'What the named fields must be.'),
    required: list(string(''), 'Fields that must be there.', atomic),
    title: string('A name, for readers.'),
    type: string('object, array, string, integer, number or boolean.'),
    uniqueItems: boolean('Not supported; use the list type set.'),
    'x-kubernetes-embedded-resource': boolean('The value is an object of some kind, with apiVersion, kind and metadata.'),
    'x-kubernetes-int-or-string': boolean('The value is an integer or a string.'),
    'x-kubernetes-list-map-keys': list(string(''), 'Fields that together name an item of a list of type map.', atomic),
    'x-kubernetes-list-type': string('How lists merge: atomic (not at all), set (by value) or map (by key).'),
    'x-kubernetes-map-type': string('How objects merge: granular (by field) or atomic (not at all).'),
    'x-kubernetes-preserve-unknown-fields': boolean('Fields that are not listed stay.'),
    'x-kubernetes-validations': list(ValidationRule, 'Rules in CEL.', {
      'x-kubernetes-list-map-keys': ['rule'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'rule',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  }
})

export const CustomResourceValidation = object(`${v1}CustomResourceValidation`, 'What objects of a version look like.', {
  openAPIV3Schema: field(JSONSchemaProps as { type: 'object'; description: string }, 'Schema of the whole object.'),
})

export const CustomResourceSubresourceScale = object(
  `${v1}CustomResourceSubresourceScale`,
  'Where a scale finds its numbers.',
  {
    labelSelectorPath: string('Path of the selector as text, below .spec or .status; autoscalers need it.'),
    specReplicasPath: string('Path of the wanted replicas, below .spec.'),
    statusReplicasPath: string('Path of the present replicas, below .status.'),
  },
  ['specReplicasPath', 'statusReplicasPath'],
)

export const CustomResourceSubresourceStatus = object(
  `${v1}CustomResourceSubresourceStatus`,
  'Says that status is written through a path of its own.',
  {},
)

export const CustomResourceSubresources = object(`${v1}CustomResourceSubresources`, 'Narrower doors to an object.', {
  scale: field(CustomResourceSubresourceScale, 'Serve /scale.'),
  status: field(CustomResourceSubresourceStatus, 'Serve /status; other writes then leave the status alone.'),
})

export const CustomResourceColumnDefinition = object(
  `${v1}CustomResourceColumnDefinition`,
  'A column of the table that kubectl get prints.',
  {
    description: string('What the column shows.'),
    format: string('How the value is to be read, besides its type.'),
    jsonPath: string('Path of the value in the object.'),
    name: string('Heading.'),
    priority: int32('Columns above 0 are shown in wide output only.'),
    type: string('string, integer, number, boolean or date.'),
  },
  ['name', 'type', 'jsonPath'],
)

export const SelectableField = object(
  `${v1}SelectableField`,
  'A field that field selectors may use.',
  { jsonPath: string('Path of a scalar, such as .spec.color.') },
  ['jsonPath'],
)

export const CustomResourceDefinitionVersion = object(
  `${v1}CustomResourceDefinitionVersion`,
  'One version of a custom resource.',
  {
    additionalPrinterColumns: list(CustomResourceColumnDefinition, 'Columns for kubectl get. Default: the age.', atomic),
    deprecated: boolean('Requests for this version are answered with a warning.'),
    deprecationWarning: string('Text of that warning.'),
    name: string('Name of the version in paths: v1, v2beta1.'),
    schema: field(CustomResourceValidation, 'What objects look like in this version.'),
    selectableFields: list(SelectableField, 'Fields that field selectors may use; at most eight.', atomic),
    served: boolean('Clients may use it.'),
    storage: boolean('Objects are kept in this version. Exactly one is.'),
    subresources: field(CustomResourceSubresources, 'Subresources of this version.'),
  },
  ['name', 'served', 'storage'],
)
export type CustomResourceDefinitionVersion = Omit<FromSchema<typeof CustomResourceDefinitionVersion>, 'schema'> & {
  schema?: { openAPIV3Schema?: JSONSchemaProps }
}

export const ServiceReference = object(
  `${v1}ServiceReference`,
  'A Service that answers.',
  {
    name: string('Name of the service.'),
    namespace: string('Its namespace.'),
    path: string('Path of the requests.'),
    port: int32('Port of the service. Default: 443.'),
  },
  ['namespace', 'name'],
)

export const WebhookClientConfig = object(`${v1}WebhookClientConfig`, 'How a webhook is called.', {
  caBundle: bytes('PEM of the authorities that may sign its certificate.'),
  service: field(ServiceReference, 'A service in the cluster. Either this or url.'),
  url: string('An address outside, https only. Either this or service.'),
})

export const WebhookConversion = object(
  `${v1}WebhookConversion`,
  'Conversion by a webhook.',
  {
    clientConfig: field(WebhookClientConfig, 'How it is called.'),
    conversionReviewVersions: list(string(''), 'Versions of ConversionReview it understands, best first.', atomic),
  },
  ['conversionReviewVersions'],
)

export type WebhookConversion = FromSchema<typeof WebhookConversion>

export const CustomResourceConversion = object(
  `${v1}CustomResourceConversion`,
  'How objects change from one version to another.',
  {
    strategy: string('None: only apiVersion changes. Webhook: a server is asked.'),
    webhook: field(WebhookConversion, 'The server to ask.'),
  },
  ['strategy'],
)

export const CustomResourceDefinitionNames = object(
  `${v1}CustomResourceDefinitionNames`,
  'What the resource is called.',
  {
    categories: list(string(''), 'Groups of resources it is listed with, such as all.', atomic),
    kind: string('Name of the type, in CamelCase.'),
    listKind: string('Name of the type of lists. Default: kind with List behind.'),
    plural: string('Name in paths, in lower case.'),
    shortNames: list(string(''), 'Abbreviations for the command line.', atomic),
    singular: string('Name of one, in lower case. Default: kind in lower case.'),
  },
  ['plural', 'kind'],
)

export const CustomResourceDefinitionSpec = object(
  `${v1}CustomResourceDefinitionSpec`,
  'The resource as it is wanted.',
  {
    conversion: field(CustomResourceConversion, 'How objects change from one version to another.', { default: { strategy: 'None' } }),
    group: string('API group of the resource.'),
    names: field(CustomResourceDefinitionNames, 'What the resource is called.'),
    preserveUnknownFields: boolean('Must be false; fields are kept by the schema.'),
    scope: string('Cluster or Namespaced.'),
    versions: list(CustomResourceDefinitionVersion, 'All versions, served or not.', atomic),
  },
  ['group', 'names', 'scope', 'versions'],
)

export const CustomResourceDefinitionCondition = object(
  `${v1}CustomResourceDefinitionCondition`,
  'One statement on how far the definition has come.',
  {
    lastTransitionTime: time('When status changed last.'),
    message: string('The reason in words.'),
    observedGeneration: int64('Generation of the definition that was looked at.'),
    reason: string('Why, in one word.'),
    status: string('True, False or Unknown.'),
    type: string('Established, NamesAccepted, NonStructuralSchema, Terminating and others.'),
  },
  ['type', 'status'],
)

export const CustomResourceDefinitionStatus = object(`${v1}CustomResourceDefinitionStatus`, 'The resource as it is served.', {
  acceptedNames: field(CustomResourceDefinitionNames, 'Names that are served; they may differ from the wanted ones after a conflict.', {
    default: {},
  }),
  conditions: list(CustomResourceDefinitionCondition, 'How far the definition has come.', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
  }),
  observedGeneration: int64('Generation that was looked at last.'),
  storedVersions: list(string(''), 'All versions that objects were ever kept in and may still be.', atomic),
})

export const CustomResourceDefinition = object(
  `${v1}CustomResourceDefinition`,
  'A resource of your own: its names, versions and schemas. Once established it is served beside the built-in ones.',
  {
    apiVersion: string('Group and version of this representation.'),
    kind: string('Name of the type.'),
    metadata: field(ObjectMeta, 'Its name is PLURAL.GROUP.', { default: {} }),
    spec: field(CustomResourceDefinitionSpec, 'The resource as it is wanted.'),
    status: field(CustomResourceDefinitionStatus, 'The resource as it is served.', { default: {} }),
  },
  ['spec'],
)
