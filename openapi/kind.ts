// The narrow waist: one Kind is one declaration. Built-ins are written by hand in kinds/, custom resources are compiled to the same
// interface at run time; nothing downstream can tell them apart. No I/O here, no time, no randomness.
import type { FromSchema } from 'json-schema-to-ts'
import type { FieldError } from './errors.ts'
import type { Decoded } from './rules/decode.ts'
import type { JSONSchemaProps, WebhookConversion } from './schemas/apiextensions.ts'
import type { ObjectMeta } from './schemas/meta.ts'

export type JsonSchema = { readonly [keyword: string]: unknown }
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export type StoredMeta = ObjectMeta & Required<Pick<ObjectMeta, 'name' | 'uid' | 'resourceVersion' | 'creationTimestamp'>>
/** An object as stored and served: deep-frozen wherever it is shared. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: StoredMeta
}
/** An object as a client sends it. */
export interface KubeInput {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
}
/** Defaulted properties are present. */
export type ObjectOf<S extends JsonSchema> = KubeObject & Omit<FromSchema<S>, 'apiVersion' | 'kind' | 'metadata'>
export type InputOf<S extends JsonSchema> = KubeInput &
  Omit<FromSchema<S, { keepDefaultedPropertiesOptional: true }>, 'apiVersion' | 'kind' | 'metadata'>

export interface Column<T> {
  name: string
  type: 'string' | 'integer' | 'date' | 'number' | 'boolean'
  format?: string
  priority?: number
  description: string
  /** Upstream prints the cell, but forgot to say that there is such a column. */
  undeclared?: true
  /** The cell; `now` is the instant ages are counted from. undefined prints as null. */
  value(object: T, now: Date): string | number | boolean | null | undefined
}

export interface Scale {
  /** Paths in dotted form with a leading dot, as a CRD's scale subresource gives them. */
  spec: string
  status: string
  selector?: string
}

/** What a strategy hook may know besides the objects. */
export interface StrategyContext {
  now: Date
  /** Who asked, for fields that record it. */
  user: Requester
}

export interface Requester {
  name: string
  uid?: string
  groups: readonly string[]
  extra?: Readonly<Record<string, readonly string[]>>
}

/** A subresource that is the object itself, seen through a narrower door. */
export interface View<T> {
  /** Puts back what a write through it may not change. */
  prepareForUpdate(draft: T, old: T, context: StrategyContext): void
  validateUpdate(next: T, old: T): FieldError[]
}

/** What only kinds have that a CustomResourceDefinition brought. */
export interface CustomFacts {
  /** Name of the definition. */
  definition: string
  listKind: string
  /** As it is published. */
  schema: JSONSchemaProps
  /** The kinds of all served versions, with that of the storage version first if it is served. */
  siblings(): readonly Kind[]
  /** Why nothing may be created any more. */
  createForbidden?: string
}

export interface Kind<T extends KubeObject = KubeObject, I extends KubeInput = KubeInput> {
  group: string
  version: string
  kind: string
  scope: 'Namespaced' | 'Cluster'
  names: {
    plural: string
    singular: string
    shortNames?: readonly string[]
    categories?: readonly string[]
    /** What refusals call it, when not by its plural. */
    inErrors?: string
  }
  /** With x-kubernetes-list-type, -list-map-keys, patch-merge-key…: they drive defaults, pruning, apply, patch and the documents. */
  schema: JsonSchema
  /** The smallest valid object: feeds tests/kinds/every.test.ts. */
  example: I
  columns: readonly Column<T>[]
  subresources?: {
    status?: true
    scale?: Scale
    /** Extra subresource paths in discovery: 'log', 'exec', 'eviction'… Who answers them is the server's business. */
    connect?: readonly string[]
  }
  /** Fields usable in a fieldSelector besides metadata.name (and metadata.namespace). `label` is the selector's key. */
  selectableFields?: readonly { label: string; value(object: T): string }[]
  /** What a selector by another field is told. */
  unknownField?(field: string): string
  /** Default: all eight. ['create'] = answered, not stored. */
  verbs?: readonly string[]
  /** What `default` in the schema cannot say; runs after the schema's defaults, on decode and before validation. */
  defaults?(draft: T): void
  prepareForCreate?(draft: T, context: StrategyContext): void
  /** Runs on a main-resource update; status was already put back from `old`, generation is counted afterwards. */
  prepareForUpdate?(draft: T, old: T, context: StrategyContext): void
  prepareForStatusUpdate?(draft: T, old: T, context: StrategyContext): void
  /** Runs on create; on update `validateUpdate` alone decides (call validate from it where upstream does). */
  validate?(object: T): FieldError[]
  validateUpdate?(object: T, old: T): FieldError[]
  validateStatusUpdate?(object: T, old: T): FieldError[]
  /** By subresource, besides status; each is in `connect` too. */
  views?: { readonly [subresource: string]: View<T> }
  /** Texts for Warning headers. */
  /** Warned of at every request: 'v1 Endpoints is deprecated in v1.33+; use …'. */
  deprecation?: string
  /** The rows of a Table of several stand in this order, not in the list's. */
  rowOrder?(a: T, b: T): number
  /** What a Table row says of the object beside its cells. */
  rowConditions?(object: T): readonly object[]
  warnings?(object: T, old?: T): string[]
  /** Upstream's name rule for this kind: problems with `name`, none = valid. `prefix` true: checking a generateName. Default: DNS-1123 subdomain. */
  validateName?(name: string, prefix: boolean): string[]
  /** A create may bring a status: kubelets register their nodes so. */
  keepsStatus?: true
  /** PUT of a missing name creates it. */
  createOnUpdate?: true
  /** PUT without resourceVersion is a 422 (must be specified for an update). Default: unconditional update is allowed. */
  needsResourceVersion?: true
  /** metadata.generation is kept: 1 at create, +1 when anything but metadata and status changed. */
  hasGeneration?: boolean
  /** Fields a main-resource write resets besides status, as dotted paths: nobody owns them through it. */
  resetFields?: readonly string[]
  /** The same for the status subresource, besides everything outside metadata and status. */
  statusResetFields?: readonly string[]
  /** A graceful delete's seconds for this object, or undefined for an immediate one. `asked` is the request's gracePeriodSeconds. */
  gracePeriodSeconds?(object: T, asked: number | undefined): number | undefined
  /** More than finalizers holds a deleted object back (a namespace's spec.finalizers). */
  staysWhileDeleted?(object: T): boolean
  /** The object as it looks while it waits for that. */
  markDeleted?(object: T): T
  /** A delete without a propagation policy leaves the dependents alone. */
  orphansByDefault?: true
  /** Warned of at such a delete. */
  orphansWarning?: string
  /** A successful delete answers the object instead of a Status. */
  returnsDeletedObject?: true
  /** Upstream stores it in this other version, which shows in the hash of discovery. */
  storageVersion?: string
  /** A body as an object; throws DecodeError. Default: as `schema` says. */
  decode?(value: unknown): Decoded
  /** Loads what checking this object takes and is not loaded from the start. */
  ready?(object: T): Promise<void>
  custom?: CustomFacts
  /** An extension server keeps its objects: of the kind no more is known than discovery tells. */
  elsewhere?: true
  /** A second served version of the same stored objects. */
  storedAs?: { kind: Kind; encode(object: T): KubeObject; decode(stored: KubeObject): T; webhook?: ConversionWebhook }
}

/** Only a webhook knows how other versions of these objects look: encode() and decode() are for objects that are in the version wanted. */
export interface ConversionWebhook extends WebhookConversion {
  /** An object as its own version, which it names, says it is: without what that does not list; `stored`: with its defaults. */
  read(object: KubeObject, stored: boolean): KubeObject
}

export const defineKind = <T extends KubeObject, I extends KubeInput = KubeInput>(kind: Kind<T, I>): Kind<T, I> => kind

/** 'v1' or 'apps/v1'. */
export const apiVersionOf = (kind: { group: string; version: string }): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`

/** '' for 'v1', 'apps' for 'apps/v1'. */
export const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '')

/** Of several served versions of the same stored objects one: whoever walks all kinds looks at objects once. */
export const isFirstVersion = (kind: Kind): boolean => (kind.custom ? kind.custom.siblings()[0] === kind : !kind.storedAs)
