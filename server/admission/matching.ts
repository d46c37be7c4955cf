// Whether a request is what a webhook or a policy asks to see: namespace, labels, rules, and the same objects in another version.
import { internalError, StatusError } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import type { NamedRuleWithOperations } from '../../openapi/schemas/admissionregistration.ts'
import type { LabelSelector } from '../../openapi/schemas/selector.ts'
import { isEmptySelector, matchesSelector } from '../../openapi/values/selector.ts'
import type { Convert } from '../extension/convert.ts'
import type { AdmissionRequest, Body } from './chain.ts'
import { type Lookup, namespaceNamed } from './lookup.ts'

/** A request as webhooks and policies see it. */
export interface Attributes {
  operation: AdmissionRequest['operation']
  kind: Kind
  subresource: string
  /** Of a Namespace: itself. */
  namespace: string
  name: string
  /** Absent on DELETE. */
  object?: KubeObject
  old?: KubeObject
  /** What they are, when they are not of `kind`. */
  body?: Body
  request: AdmissionRequest['request']
}

export function attributesOf({ operation, kind, object, old, body, request, ...asked }: AdmissionRequest): Attributes {
  const { name = asked.name ?? '', namespace = request.namespace } = (object as Partial<KubeObject>).metadata ?? {}
  const deleted = operation === 'DELETE'
  return {
    operation,
    kind,
    subresource: request.subresource ?? '',
    namespace: isNamespace(kind) ? name : namespace,
    name,
    object: deleted ? undefined : object,
    old: deleted ? object : old,
    ...(body ? { body } : {}),
    request,
  }
}

/** Nobody may lock himself out: these are never shown. */
export const isShown = ({ kind }: AdmissionRequest): boolean => kind.group !== 'admissionregistration.k8s.io'

export interface Criteria {
  /** None: everything, when `emptyMatchesAll`. */
  rules: readonly NamedRuleWithOperations[]
  emptyMatchesAll?: true
  exclude?: readonly NamedRuleWithOperations[]
  matchPolicy?: string
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
}

export interface MatchParts {
  lookup: Lookup
  /** All that are served, to find other versions among. */
  kinds(): readonly Kind[]
  convert: Convert
}

/** The kind as which the request is to be shown; undefined: it does not match. Throws 404 for a namespace that is not there. */
export async function matchingKind(criteria: Criteria, attributes: Attributes, parts: MatchParts): Promise<Kind | undefined> {
  const { objectSelector } = criteria
  const labelled = [attributes.object, attributes.old].filter(object => object !== undefined)
  if (
    !isEmptySelector(objectSelector) &&
    !labelled.some(({ metadata }: Partial<KubeObject>) => metadata && matchesSelector(objectSelector, metadata.labels))
  )
    return undefined
  const versions = criteria.matchPolicy === 'Exact' ? [attributes.kind] : equivalents(attributes.kind, parts.kinds())
  if ((criteria.exclude ?? []).some(rule => versions.some(kind => fits(rule, kind, attributes)))) return undefined
  const found = shownAs(criteria, versions, attributes)
  return found && (await inNamespace(criteria, attributes, parts.lookup)) ? found : undefined
}

/** The request's own kind if a rule names it, else the first that a rule names. */
function shownAs({ rules, emptyMatchesAll }: Criteria, versions: readonly Kind[], attributes: Attributes): Kind | undefined {
  const [own, ...others] = versions
  if (!own) return undefined
  if (emptyMatchesAll && rules.length === 0) return own
  if (rules.some(rule => fits(rule, own, attributes))) return own
  for (const rule of rules) {
    const other = others.find(kind => fits(rule, kind, attributes))
    if (other) return other
  }
  return undefined
}

/** By the list of what is served, which is another one when a kind comes or goes. */
const known = new WeakMap<readonly Kind[], Map<Kind, readonly Kind[]>>()

/** The kind, then other versions of the same objects. */
export function equivalents(kind: Kind, all: readonly Kind[]): readonly Kind[] {
  const ofAll = known.get(all) ?? new Map<Kind, readonly Kind[]>()
  known.set(all, ofAll)
  const stored = (k: Kind): Kind => k.storedAs?.kind ?? k
  const found = ofAll.get(kind) ?? [kind, ...all.filter(other => other !== kind && stored(other) === stored(kind))]
  ofAll.set(kind, found)
  return found
}

const isNamespace = ({ group, kind }: Kind): boolean => group === '' && kind === 'Namespace'

async function inNamespace({ namespaceSelector }: Criteria, attributes: Attributes, lookup: Lookup): Promise<boolean> {
  const { kind, namespace, operation, subresource, object } = attributes
  if (isEmptySelector(namespaceSelector) || (namespace === '' && !isNamespace(kind))) return true
  // What the namespace becomes counts, not what it was.
  if (isNamespace(kind) && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'))
    return matchesSelector(namespaceSelector, object?.metadata.labels)
  const { metadata } = await namespaceNamed(lookup, namespace)
  return matchesSelector(namespaceSelector, metadata.labels)
}

function fits(rule: NamedRuleWithOperations, kind: Kind, { operation, subresource, namespace, name }: Attributes): boolean {
  const { operations, apiGroups, apiVersions, resources, resourceNames, scope } = rule
  const inCluster = isNamespace(kind) || namespace === ''
  if ((scope === 'Namespaced' && inCluster) || (scope === 'Cluster' && !inCluster)) return false
  if (!has(operations, operation) || !has(apiGroups, kind.group) || !has(apiVersions, kind.version)) return false
  if (resourceNames?.length && !resourceNames.includes(name)) return false
  return (resources ?? []).some(text => {
    const [resource = '', below = ''] = text.split('/')
    return (resource === '*' || resource === kind.names.plural) && (below === '*' || below === subresource)
  })
}

const has = (list: readonly string[] | undefined, value: string): boolean => (list ?? []).some(item => item === '*' || item === value)

/** The request with its objects in the version that was asked for: bodies are always the same. Throws StatusError. */
export async function shownAttributes(attributes: Attributes, as: Kind, parts: Pick<MatchParts, 'convert'>): Promise<Attributes> {
  const { kind, body, object, old } = attributes
  if (body || kind === as) return attributes
  const shown = async (each: KubeObject | undefined) => each && converted(each, { from: kind, to: as }, parts)
  return { ...attributes, object: await shown(object), old: await shown(old) }
}

/** Puts `next`, which is shown as `as`, in the place of the request's object. */
export async function replaceObject(
  { kind, object, body }: Pick<AdmissionRequest, 'kind' | 'object' | 'body'>,
  next: KubeObject,
  { as, convert }: { as: Kind } & Pick<MatchParts, 'convert'>,
): Promise<void> {
  const result = body ? next : await converted(next, { from: as, to: kind }, { convert })
  const target = object as unknown as Record<string, unknown>
  for (const name of Object.keys(target)) delete target[name]
  Object.assign(target, result)
}

/** The object as another version of its kind. Throws StatusError. */
async function converted(
  object: KubeObject,
  { from, to }: { from: Kind; to: Kind },
  { convert }: Pick<MatchParts, 'convert'>,
): Promise<KubeObject> {
  if (from === to) return object
  const webhook = to.storedAs?.webhook
  if (webhook) return (await asInternal(convert(webhook, [object], apiVersionOf(to))))[0] as KubeObject
  const stored = from.storedAs ? from.storedAs.encode(object) : object
  return to.storedAs ? to.storedAs.decode(stored) : stored
}

/** What fails on the way to who is asked is no answer to the request. */
async function asInternal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof StatusError ? internalError(error.message) : error
  }
}
