// Schemas as published definitions: a nested schema with a title becomes a $ref, keywords of our own go, defaults are those upstream prints.
import type { Kind } from '../kind.ts'
import { type MessageField, messageFields, messageOf } from '../protobuf.ts'
import { jsonTitle, orArrayTitle, orBoolTitle, orStringArrayTitle } from '../schemas/apiextensions.ts'
import { groupVersion } from './discovery.ts'

type Schema = { readonly [keyword: string]: unknown }
type Definition = Record<string, unknown>
export type Dialect = 'v2' | 'v3'

/** Where a dialect keeps its definitions. */
const base: Readonly<Record<Dialect, string>> = { v2: '#/definitions/', v3: '#/components/schemas/' }

/** Defaults that upstream's types carry besides zero values. */
const marked: Readonly<Record<string, unknown>> = {
  'ContainerPort.protocol': 'TCP',
  'ServicePort.protocol': 'TCP',
  'EndpointPort.protocol': undefined,
  'LocalObjectReference.name': '',
  'ConfigMapKeySelector.name': '',
  'SecretKeySelector.name': '',
  'ConfigMapEnvSource.name': '',
  'SecretEnvSource.name': '',
  'ConfigMapProjection.name': '',
  'SecretProjection.name': '',
  'ConfigMapVolumeSource.name': '',
  'GRPCAction.service': '',
  'FileKeySelector.optional': false,
  'ReplicationControllerSpec.minReadySeconds': 0,
  'ReplicationControllerSpec.replicas': 1,
  'ScaleSpec.replicas': 0,
  'DeviceToleration.operator': 'Equal',
}
/** Fields that upstream does not describe are plain references. */
const plain = new Set([
  'IngressRule.http',
  ...['additionalItems', 'additionalProperties', 'example', 'externalDocs', 'items', 'not'].map(name => `JSONSchemaProps.${name}`),
])
/** Volume sources whose stored defaults are printed too. */
const printed = /^(AzureDisk|ISCSI|RBD|ScaleIO)(Persistent)?VolumeSource$/

export class Definitions {
  readonly dialect: Dialect
  readonly #found = new Map<string, Definition>()

  readonly #gvks: ReadonlyMap<string, object>

  /** `kinds`: all there are; a kind that is only a part of another is still named as one. */
  constructor(dialect: Dialect, kinds: readonly Kind[]) {
    this.dialect = dialect
    this.#gvks = new Map(kinds.filter(kind => !kind.custom).map(kind => [kind.schema.title as string, gvk(kind)]))
  }

  /** By name, sorted. */
  all(): Record<string, Definition> {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** A definition that is made elsewhere. */
  put(title: string, definition: Definition): void {
    this.#found.set(title, definition)
  }

  reference(title: string): { $ref: string } {
    return { $ref: base[this.dialect] + title }
  }

  /** Publishes a titled schema and everything below it. */
  add(schema: Schema, gvks: readonly object[] = []): string {
    const title = schema.title as string
    const known = this.#found.get(title)
    if (known && (gvks.length === 0 || known['x-kubernetes-group-version-kind'])) return title
    const definition: Definition = {}
    this.#found.set(title, definition)
    const own = this.#gvks.get(title)
    const named = gvks.length > 0 ? gvks : own ? [own] : []
    Object.assign(definition, this.#definition(schema, title), named.length > 0 ? { 'x-kubernetes-group-version-kind': named } : {})
    return title
  }

  /** The list of a kind. */
  addList(kind: Kind, listMeta: Schema): string {
    const title = `${kind.schema.title as string}List`
    if (this.#found.has(title)) return title
    const item = this.reference(this.add(kind.schema, [gvk(kind)]))
    const meta = this.reference(this.add(listMeta))
    const v3 = this.dialect === 'v3'
    const name = kind.kind
    this.#found.set(title, {
      type: 'object',
      description: `A list of ${name} objects.`,
      required: ['items'],
      properties: {
        apiVersion: { type: 'string', description: 'Group and version of this representation.' },
        items: { type: 'array', description: 'The objects.', items: v3 ? { allOf: [item], default: {} } : item },
        kind: { type: 'string', description: 'Name of the kind.' },
        metadata: v3
          ? { allOf: [meta], default: {}, description: 'Version of the list, and how to go on.' }
          : { ...meta, description: 'Version of the list, and how to go on.' },
      },
      'x-kubernetes-group-version-kind': [{ ...gvk(kind), kind: `${name}List` }],
    })
    return title
  }

  #definition(schema: Schema, title: string): Definition {
    if (scalars[title]) return { ...scalars[title](this.dialect), description: scalarDescriptions[title] }
    const facts = presence(messageOf(title))
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
    const required = schema.required as readonly string[] | undefined
    const description = schema['x-type-description'] ?? schema.description
    return {
      ...(description ? { description } : {}),
      type: 'object',
      ...(properties.length > 0
        ? {
            properties: Object.fromEntries(
              properties.map(([name, p]) => [name, this.#property(p, { title, name, fact: facts.get(name) })]),
            ),
          }
        : {}),
      ...(required && required.length > 0 ? { required } : {}),
      ...ofType(schema),
    }
  }

  #property(schema: Schema, place: { title: string; name: string; fact: MessageField | undefined }): Definition {
    const published = plain.has(`${place.title.split('.').at(-1)}.${place.name}`) ? this.#reference(schema) : this.#type(schema)
    const value = this.dialect === 'v3' ? defaultOf(schema, place) : undefined
    return {
      ...published,
      ...(schema.description ? { description: schema.description } : {}),
      ...(value === undefined ? {} : { default: value }),
    }
  }

  #reference(schema: Schema): Definition {
    return this.reference(this.add(schema))
  }

  /** Without description and default. */
  #type(schema: Schema): Definition {
    const { type, format } = schema
    if (typeof schema.title === 'string') {
      const reference = this.reference(this.add(schema))
      const own = Object.fromEntries(
        Object.entries(extensions(schema)).filter(
          ([key, value]) => key !== 'x-kubernetes-unions' && (key !== 'x-kubernetes-map-type' || value === 'granular'),
        ),
      )
      return this.dialect === 'v3' ? { allOf: [reference], ...own } : { ...reference, ...own }
    }
    if (type === 'array') return { type: 'array', items: this.#item(schema.items as Schema), ...extensions(schema) }
    if (type === 'object')
      return {
        type: 'object',
        ...(schema.additionalProperties ? { additionalProperties: this.#item(schema.additionalProperties as Schema) } : {}),
        ...extensions(schema),
      }
    return {
      type,
      ...(format ? { format } : {}),
      ...(schema.enum ? { enum: [...(schema.enum as string[])].sort() } : {}),
      ...extensions(schema),
    }
  }

  /** Items and map values: zero values are printed as their defaults. */
  #item(schema: Schema): Definition {
    const published = this.#type(schema)
    if (this.dialect === 'v2') return '$ref' in published ? { $ref: published.$ref } : published
    if ('allOf' in published) return isStruct(schema) ? { ...published, default: {} } : only(published)
    const zero = zeros[String(schema.type)]
    return zero === undefined || schema.format === 'byte' ? published : { ...published, default: zero }
  }
}

const only = (published: Definition): Definition => {
  const [reference] = published.allOf as [Definition]
  return reference
}

const structless = new Set([
  'Time',
  'MicroTime',
  'Quantity',
  'IntOrString',
  'RawExtension',
  'FieldsV1',
  'JSON',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrBool',
  'JSONSchemaPropsOrStringArray',
])
const isStruct = (schema: Schema): boolean => typeof schema.title === 'string' && !structless.has(schema.title.split('.').at(-1) ?? '')
const zeros: Readonly<Record<string, unknown>> = { string: '', integer: 0, boolean: false, number: 0 }

const scalars: Readonly<Record<string, (dialect: Dialect) => Definition>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': () => ({ type: 'string', format: 'date-time' }),
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': () => ({ type: 'string', format: 'date-time' }),
  'io.k8s.apimachinery.pkg.api.resource.Quantity': dialect =>
    dialect === 'v2' ? { type: 'string' } : { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': dialect =>
    dialect === 'v2'
      ? { type: 'string', format: 'int-or-string' }
      : { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': () => ({ type: 'object' }),
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': () => ({ type: 'object' }),
  [jsonTitle]: () => ({}),
  [orArrayTitle]: () => ({}),
  [orBoolTitle]: () => ({}),
  [orStringArrayTitle]: () => ({}),
}
const scalarDescriptions: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'An instant, RFC 3339 to the second, in UTC.',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'An instant, RFC 3339 to the microsecond, in UTC.',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'An amount with an optional unit: 500m, 1.5, 128Mi, 10G.',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'A number, or a name or percentage.',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'Any object, kept as it is.',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'A set of fields as a tree of path elements.',
  [jsonTitle]: 'Any JSON value.',
  [orArrayTitle]: 'A schema, or a list of schemas.',
  [orBoolTitle]: 'A schema, or true or false.',
  [orStringArrayTitle]: 'A schema, or names of properties.',
}

const kept = [
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-unions',
]
const extensions = (schema: Schema): Definition =>
  Object.fromEntries(kept.filter(key => schema[key] !== undefined).map(key => [key, schema[key]]))
function ofType(schema: Schema): Definition {
  const { 'x-kubernetes-patch-strategy': _strategy, 'x-kubernetes-patch-merge-key': _key, ...own } = extensions(schema)
  return own['x-kubernetes-map-type'] === 'granular' ? { ...own, 'x-kubernetes-map-type': 'atomic' } : own
}

function presence(message: string): Map<string, MessageField> {
  const facts = new Map<string, MessageField>()
  for (const field of messageFields(message) ?? []) {
    if (!field.inline) facts.set(field.name, field)
    else for (const [name, fact] of presence(field.type)) facts.set(name, fact)
  }
  return facts
}

/** What Go's types print: empty structs, and the zero of fields that are always written. */
function defaultOf(schema: Schema, { title, name, fact }: { title: string; name: string; fact: MessageField | undefined }): unknown {
  const key = `${title.split('.').at(-1)}.${name}`
  if (key in marked) return marked[key]
  if (printed.test(title.split('.').at(-1) ?? '') && schema.default !== undefined && typeof schema.default !== 'object')
    return schema.default
  if (!fact || fact.pointer) return undefined
  if (isStruct(schema)) return {}
  if (typeof schema.title === 'string' || fact.omitempty || fact.repeated || fact.mapKey !== undefined || schema.format === 'byte')
    return undefined
  return zeros[String(schema.type)]
}

export const gvk = ({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>) => ({ group, version, kind })
export const pathOf = (group: string, version: string): string =>
  group === '' ? `/api/${version}` : `/apis/${groupVersion(group, version)}`
