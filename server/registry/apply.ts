// Server-side apply: merge a manager's configuration, take out what it gave up, find conflicts, keep the books.
import { StatusError } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeInput, type KubeObject } from '../../openapi/kind.ts'
import { DecodeError, decodeBy } from '../../openapi/rules/decode.ts'
import {
  type Comparison,
  compareObjects,
  difference,
  emptySet,
  type FieldSet,
  fieldsOf,
  intersection,
  isEmpty,
  memberPaths,
  recursiveDifference,
  union,
} from '../../openapi/rules/fieldset.ts'
import { mergeObjects, typeProblems } from '../../openapi/rules/merge.ts'
import { sortedJson } from '../../openapi/values/json.ts'
import type { Convert } from '../extension/convert.ts'
import { emptyObject, ignoredFields, isSame, leftOf, type Manager, parseManagers, printManagers, withoutIgnored } from './managedfields.ts'
import { comparedElsewhere, prunedElsewhere } from './otherversions.ts'

export interface Application {
  kind: Kind
  live: KubeObject | undefined
  /** As sent: not decoded, not defaulted. */
  applied: Record<string, unknown>
  /** The same without the namespace of the request. */
  configuration: Record<string, unknown>
  manager: string
  force: boolean
  subresource: string
  now: string
  convert: Convert
}

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** The object to write, with its managedFields. Throws 409 with all conflicts. */
export async function applyObject(application: Application): Promise<{ object: KubeInput }> {
  const { kind, live, applied, convert, subresource } = application
  const { namespace = '', name = '' } = (application.configuration.metadata ?? {}) as { namespace?: string; name?: string }
  const [problem] = typeProblems(kind.schema, applied)
  if (problem)
    throw new StatusError(
      500,
      '',
      `failed to create typed patch object (${namespace}/${name}; ${groupVersionOf(kind)}, Kind=${kind.kind}): ${problem}`,
    )
  const ignored = ignoredFields(kind, application.subresource)
  const self = {
    manager: application.manager,
    operation: 'Apply' as const,
    apiVersion: apiVersionOf(kind),
    subresource: application.subresource,
  }
  const before = parseManagers(live?.metadata.managedFields ?? [])
  const managers = live && before.length === 0 ? [beforeFirstApply(kind, live, application.now)] : before
  const mine = managers.find(m => isSame(m, self))
  const configured = fieldsOf(kind.schema, applied)
  const set = recursiveDifference(configured, ignored)
  const base = live ?? ({ apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: {} } as unknown as KubeObject)
  const merged = mergeObjects(kind.schema, withoutManaged(base), applied)
  const others = managers.filter(m => !isSame(m, self))
  const now = [...others, { ...self, set: configured, time: '' }]
  const pruned = mine ? await prunedElsewhere(merged as KubeObject, { kind, mine, managers: now, convert }) : merged
  const result = normalized(kind, pruned)
  const comparison = withoutIgnored(compareObjects(kind.schema, live ? withoutManaged(live) : emptyObject(kind), result), ignored)
  const changed = union(comparison.modified, comparison.added)
  const elsewhere = await comparedElsewhere({ kind, managers: others, subresource }, live, result as unknown as KubeObject, convert)
  const changes = others.map(m => ({ manager: m, comparison: elsewhere.get(m.apiVersion) ?? comparison }))
  const conflicts = findConflicts(changes, application, live)
  if (conflicts.length > 0 && !application.force) throw conflictError(conflicts)
  const rest = changes.map(({ manager: m, comparison: seen }) => ({ ...m, set: leftOf(m, seen) })).filter(m => !isEmpty(m.set))
  // An apply that changes nothing leaves no time of its own.
  const time = isEmpty(changed) && isEmpty(comparison.removed) ? (mine?.time ?? '') : application.now
  const next = isEmpty(set) ? rest : [...rest, { ...self, set, time }]
  return { object: withManagers(withLastApplied(result, application), printManagers(next)) }
}

/** kubectl's annotation stays true when kubectl goes over to server-side apply. */
function withLastApplied(result: Record<string, unknown>, { manager, configuration, applied }: Application): Record<string, unknown> {
  const metadata = result.metadata as KubeObject['metadata']
  const own = (applied.metadata as KubeInput['metadata']).annotations?.[lastAppliedAnnotation]
  if (manager !== 'kubectl' || metadata.annotations?.[lastAppliedAnnotation] === undefined || own !== undefined) return result
  const annotations = { ...metadata.annotations, [lastAppliedAnnotation]: `${sortedJson(configuration)}\n` }
  return { ...result, metadata: { ...metadata, annotations } }
}

/** An object from before anyone applied: all that is there belongs to one stand-in. */
const beforeFirstApply = (kind: Kind, live: KubeObject, now: string): Manager => ({
  manager: 'before-first-apply',
  operation: 'Update',
  apiVersion: apiVersionOf(kind),
  subresource: '',
  time: now,
  set: recursiveDifference(compareObjects(kind.schema, emptyObject(kind), live).added, ignoredFields(kind, '')),
})

export interface Conflict {
  who: string
  paths: string[]
}

interface Seen {
  manager: Manager
  /** What the apply changes, in the manager's version. */
  comparison: Comparison
}

function findConflicts(others: readonly Seen[], application: Application, live: KubeObject | undefined): Conflict[] {
  const conflicts: Conflict[] = []
  for (const { manager, comparison } of others) {
    const common = intersection(manager.set, union(comparison.modified, comparison.added))
    const rest =
      application.manager === 'kubectl' && isClientSideApply(manager) ? difference(common, lastApplied(application.kind, live)) : common
    if (!isEmpty(rest)) conflicts.push({ who: describe(manager), paths: [...memberPaths(rest)] })
  }
  return conflicts
}

/** kubectl's own client-side apply: what its annotation says it may hand over to a server-side apply. */
const isClientSideApply = (manager: Manager): boolean => manager.manager === 'kubectl-client-side-apply' && manager.operation === 'Update'

function lastApplied(kind: Kind, live: KubeObject | undefined): FieldSet {
  const text = live?.metadata.annotations?.[lastAppliedAnnotation]
  if (!text) return emptySet()
  try {
    return fieldsOf(kind.schema, JSON.parse(text))
  } catch {
    // An annotation somebody else wrote: it hands over nothing.
    return emptySet()
  }
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const sub = subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''
  const using = operation === 'Update' ? ` using ${apiVersion}` : ''
  return `conflict with ${JSON.stringify(manager)}${sub}${using}`
}

export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.flatMap(({ who, paths }) => paths.map(field => ({ reason: 'FieldManagerConflict', message: who, field })))
  const [first] = causes
  const text =
    causes.length === 1 && first
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${[...conflicts]
          .sort((a, b) => (a.who < b.who ? -1 : 1))
          .map(({ who, paths }) => `${who.replace(/^conflict /, 'conflicts ')}:\n${paths.map(path => `- ${path}`).join('\n')}`)
          .join('\n')}`
  return new StatusError(409, 'Conflict', text, { causes })
}

const groupVersionOf = (kind: Kind): string => (kind.group === '' ? `/${kind.version}` : `${kind.group}/${kind.version}`)

function withoutManaged(object: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = object.metadata
  return { ...object, metadata: metadata as KubeObject['metadata'] }
}

/** As a read of the result would print it: canonical values, no empty leftovers. */
function normalized(kind: Kind, value: unknown): Record<string, unknown> {
  try {
    return decodeBy(kind, value).object
  } catch (error) {
    // structuredmerge.go: an error of the conversion is no Status.
    if (error instanceof DecodeError) throw new StatusError(500, '', `failed to convert new typed object to object: ${error.converting}`)
    throw error
  }
}

function withManagers(object: Record<string, unknown>, managedFields: readonly object[]): KubeInput {
  const metadata = { ...(object.metadata as object) } as KubeInput['metadata']
  if (managedFields.length > 0) metadata.managedFields = managedFields as typeof metadata.managedFields
  else delete metadata.managedFields
  return { ...object, metadata }
}
