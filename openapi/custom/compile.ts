// A CustomResourceDefinition becomes kinds, one for each served version. Nothing is worked out before it is asked for: most of many
// definitions are only listed.
import { cel, loadCel } from '../cel/load.ts'
import { hasRules } from '../cel/schema.ts'
import { type FieldError, invalid } from '../errors.ts'
import { apiVersionOf, type ConversionWebhook, type Kind, type KubeObject, type Scale } from '../kind.ts'
import type { CustomResourceDefinition } from '../kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import type { Decoded } from '../rules/decode.ts'
import { applyDefaults, lacksDefaults } from '../rules/default.ts'
import type { CustomResourceDefinitionVersion } from '../schemas/apiextensions.ts'
import { deepCopy } from '../values/copy.ts'
import { jsonPath } from '../values/jsonpath.ts'
import { lazy } from '../values/lazy.ts'
import { loadPatterns } from '../values/pattern.ts'
import { printerColumns, text } from './columns.ts'
import { coerceEmbedded, coerceMetadata, embeddedErrors } from './embedded.ts'
import { listErrors } from './lists.ts'
import { pruneObject } from './prune.ts'
import { scaleSpecErrors, scaleStatusErrors } from './scale.ts'
import { servedSchema } from './served.ts'
import { isObject, type Structural } from './structural.ts'
import { valueErrors } from './validate.ts'
import { compareVersions, definitionName } from './versions.ts'

type Version = CustomResourceDefinitionVersion

export interface Compiled {
  /** Best version first. */
  served: Kind[]
  /** As which objects are kept. */
  storage: Kind | undefined
}

export function compile(definition: CustomResourceDefinition): Compiled {
  const versions = definition.spec.versions as unknown as readonly Version[]
  const stored = versions.find(version => version.storage)
  if (!stored) return { served: [], storage: undefined }
  const all: Kind[] = []
  const storage = kindOf(definition, stored, undefined, all)
  const served = versions
    .filter(version => version.served)
    .sort((a, b) => compareVersions(a.name, b.name))
    .map(version => kindOf(definition, version, storage, all))
  // That of the storage needs no conversion, which not every definition has.
  const asStored = (kind: Kind) => kind.version === stored.name
  all.push(...served.filter(asStored), ...served.filter(kind => !asStored(kind)))
  return { served, storage }
}

const schemaOf = (version: Version): Structural => version.schema?.openAPIV3Schema ?? { type: 'object' }

/** `storage`: the kind objects are kept as; undefined for that kind itself. */
function kindOf(definition: CustomResourceDefinition, version: Version, storage: Kind | undefined, siblings: readonly Kind[]): Kind {
  const { spec, status } = definition
  const { plural, singular = '', shortNames, categories, kind, listKind } = status.acceptedNames
  const structural = schemaOf(version)
  const schema = lazy(() => servedSchema(structural, definitionName(spec.group, version.name, kind)))
  const columns = lazy(() => printerColumns(version.additionalPrinterColumns))
  const scale = scaleOf(version)
  const deprecation = deprecationOf(definition, version)
  const made: Kind = {
    group: spec.group,
    version: version.name,
    kind,
    scope: spec.scope as Kind['scope'],
    names: { plural, singular, ...(shortNames ? { shortNames } : {}), ...(categories ? { categories } : {}) },
    get schema() {
      return schema()
    },
    get columns() {
      return columns()
    },
    example: { metadata: { name: 'example' } },
    subresources: { ...(version.subresources?.status ? { status: true } : {}), ...(scale ? { scale } : {}) },
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath: path }) => ({
      label: path.replace(/^\./, ''),
      value: object => selected(path, object),
    })),
    ...(deprecation ? { deprecation } : {}),
    needsResourceVersion: true,
    hasGeneration: true,
    statusResetFields: ['metadata'],
    decode: value => decodeObject(structural, value),
    ready: () => loadChecks(structural),
    ...rules(structural, scale),
    warnings: finalizerWarnings,
    custom: {
      definition: definition.metadata.name,
      listKind: listKind || `${kind}List`,
      schema: structural,
      siblings: () => siblings,
      ...(definition.metadata.deletionTimestamp
        ? { createForbidden: 'create not allowed while custom resource definition is terminating' }
        : {}),
    },
  }
  if (storage)
    made.storedAs = spec.conversion?.strategy === 'Webhook' ? { ...byWebhook(definition), kind: storage } : conversion(made, storage)
  return made
}

function scaleOf({ subresources }: Version): Scale | undefined {
  const scale = subresources?.scale
  if (!scale) return undefined
  const { specReplicasPath: spec, statusReplicasPath: status, labelSelectorPath: selector } = scale
  return { spec, status, ...(selector ? { selector } : {}) }
}

/** What warnings call it; a better version is one that is not deprecated. */
function deprecationOf({ spec, status }: CustomResourceDefinition, version: Version): string | undefined {
  if (!version.deprecated) return undefined
  if (version.deprecationWarning) return version.deprecationWarning
  const { kind } = status.acceptedNames
  const better = spec.versions
    .filter(each => each.served && !each.deprecated && compareVersions(each.name, version.name) < 0)
    .sort((a, b) => compareVersions(a.name, b.name))[0]
  const instead = better ? `; use ${spec.group}/${better.name} ${kind}` : ''
  return `${spec.group}/${version.name} ${kind} is deprecated${instead}`
}

function selected(path: string, object: KubeObject): string {
  const [found] = jsonPath(path)?.(object) ?? []
  return found === undefined || found === null ? '' : text(found)
}

/** Throws DecodeError. Defaults are the caller's next step. */
function decodeObject(schema: Structural, value: unknown): Decoded {
  const unknown: string[] = []
  const given = isObject(value) ? value : {}
  const metadata = given.metadata === undefined || given.metadata === null ? {} : coerceMetadata(given.metadata, 'metadata', unknown)
  const pruned = pruneObject(schema, given)
  const embedded: string[] = []
  const coerced = coerceEmbedded(schema, pruned.value, { path: '', unknown: embedded })
  const { metadata: _metadata, ...rest } = coerced as Record<string, unknown>
  const { apiVersion, kind, ...fields } = deepCopy(rest)
  return {
    object: { apiVersion, kind, metadata, ...fields },
    strictErrors: [...unknown, ...pruned.unknown, ...embedded.sort()].map(path => `unknown field ${JSON.stringify(path)}`),
  }
}

/** Order as upstream's strategy: schema, scale, embedded objects, lists. */
function rules(schema: Structural, scale: Scale | undefined): Pick<Kind, 'validate' | 'validateUpdate' | 'validateStatusUpdate'> {
  const { status } = schema.properties ?? {}
  const others = (object: KubeObject): FieldError[] => embeddedErrors(schema, withoutMetadata(object), '')
  return {
    validate: object =>
      withRules(schema, object, undefined, [
        ...valueErrors(schema, object, ''),
        ...scaleSpecErrors(object, scale),
        ...scaleStatusErrors(object, scale),
        ...others(object),
        ...listErrors(schema, object, ''),
      ]),
    validateUpdate: (object, old) =>
      withRules(schema, object, old, [
        ...valueErrors(schema, object, '', { old }),
        ...scaleSpecErrors(object, scale),
        ...scaleStatusErrors(object, scale),
        ...others(object),
        ...(listErrors(schema, old, '').length > 0 ? [] : listErrors(schema, object, '')),
      ]),
    validateStatusUpdate(object, old) {
      const [now, before] = [object, old].map(each => (each as { status?: unknown }).status)
      const own = now !== undefined && status ? valueErrors(status, now, 'status', { old: before }) : []
      const lists = status && listErrors(status, before, 'status').length === 0 ? listErrors(status, now, 'status') : []
      return withRules(schema, object, old, [...own, ...scaleStatusErrors(object, scale), ...others(object), ...lists])
    },
  }
}

/** Of what keeps rules from being judged. */
const blocking: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])
const notChecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

function withRules(schema: Structural, object: KubeObject, old: KubeObject | undefined, errors: FieldError[]): FieldError[] {
  if (!hasRules(schema)) return errors
  if (errors.some(({ reason }) => blocking.has(reason))) return [...errors, invalid('<nil>', null, notChecked)]
  return [...errors, ...cel().ruleErrors(schema, object, old)]
}

async function loadChecks(schema: Structural): Promise<void> {
  await loadPatterns()
  if (hasRules(schema)) await loadCel()
}

/** The object's own type and metadata are not those of an embedded one. */
const withoutMetadata = ({ apiVersion: _version, kind: _kind, metadata: _metadata, ...rest }: KubeObject): object => rest

const standardFinalizers: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])

function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  const before = new Set(old?.metadata.finalizers ?? [])
  const added = [...new Set((metadata.finalizers ?? []).filter(name => !before.has(name)))].sort()
  return added
    .filter(name => !name.includes('/') && !standardFinalizers.has(name))
    .map(name => {
      const better = name.includes('.') ? 'name including a path (/)' : 'name'
      return `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer ${better} to avoid accidental conflicts with other finalizer writers`
    })
}

/** Objects are kept in the storage version: what it does not list goes, and what it defaults comes when they are read. */
function conversion(kind: Kind, storage: Kind): NonNullable<Kind['storedAs']> {
  const schema = (storage.custom as NonNullable<Kind['custom']>).schema
  const mine = (kind.custom as NonNullable<Kind['custom']>).schema
  const same = schema === mine
  return {
    kind: storage,
    encode(object) {
      return retyped(same ? object : (pruneObject(schema, object).value as KubeObject), storage)
    },
    decode(stored) {
      const object = defaulted(storage.schema, retyped(pruneObject(schema, stored).value as KubeObject, storage))
      return same ? retyped(object, kind) : retyped(pruneObject(mine, object).value as KubeObject, kind)
    },
  }
}

function defaulted(schema: Kind['schema'], object: KubeObject): KubeObject {
  if (!lacksDefaults(schema, object)) return object
  const draft = deepCopy(object)
  applyDefaults(schema, draft)
  return draft
}

/** Objects stay in the store as they were written; those of another version go through the webhook, and are read by their own schema before. */
function byWebhook({ spec, status }: CustomResourceDefinition): Omit<NonNullable<Kind['storedAs']>, 'kind'> {
  const readers = new Map<string, ConversionWebhook['read']>()
  for (const version of spec.versions as unknown as readonly Version[]) {
    const structural = schemaOf(version)
    const schema = lazy(() => servedSchema(structural, definitionName(spec.group, version.name, status.acceptedNames.kind)))
    readers.set(`${spec.group}/${version.name}`, (object, stored) => {
      const pruned = pruneObject(structural, object).value as KubeObject
      return stored ? defaulted(schema(), pruned) : pruned
    })
  }
  const read: ConversionWebhook['read'] = (object, stored) => readers.get(object.apiVersion)?.(object, stored) ?? object
  const webhook = { conversionReviewVersions: [], ...spec.conversion?.webhook, read } as ConversionWebhook
  return { encode: object => object, decode: stored => read(stored, true), webhook }
}

function retyped(object: KubeObject, kind: Kind): KubeObject {
  const apiVersion = apiVersionOf(kind)
  return object.apiVersion === apiVersion && object.kind === kind.kind ? object : { ...object, apiVersion, kind: kind.kind }
}
