// Who wrote which field: metadata.managedFields after a create, an update or a patch. The rules are structured-merge-diff's.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { apiVersionOf } from '../../openapi/kind.ts'
import { decodeBy } from '../../openapi/rules/decode.ts'
import {
  areFields,
  type Comparison,
  compareObjects,
  difference,
  emptySet,
  type FieldSet,
  type FieldsV1,
  insert,
  isEmpty,
  parseFields,
  printFields,
  recursiveDifference,
  union,
} from '../../openapi/rules/fieldset.ts'
import { typeProblems } from '../../openapi/rules/merge.ts'
import type { OtherVersions } from './otherversions.ts'
import { hasReplicas } from './subresources/scale.ts'

export type Entry = NonNullable<KubeObject['metadata']['managedFields']>[number]

export interface Manager {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource: string
  time: string
  set: FieldSet
}

export interface Write {
  kind: Kind
  live: KubeObject | undefined
  next: KubeObject
  manager: string
  /** '' for the main resource. */
  subresource: string
  /** metav1.Time. */
  now: string
  /** Of managers that wrote in other versions, where a webhook converts. */
  elsewhere?: OtherVersions
}

/** Update managers kept beside the appliers; older ones are merged into one. */
const maxUpdateManagers = 10

const unmanaged = ['apiVersion', 'kind', 'metadata'].map(name => [`f:${name}`])
const unmanagedMeta = ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'generation', 'managedFields', 'resourceVersion'].map(
  name => ['f:metadata', `f:${name}`],
)

/** The entries of `next` after this write. Inputs are not changed. */
export function recordUpdate(write: Write): Entry[] {
  const { kind, live, next } = write
  const asked = next.metadata.managedFields
  if (isReset(asked)) return []
  const valid = asked?.every(isValid) !== false
  if (!valid && !live) return []
  const given = asked && valid && write.subresource === '' ? asked : (live?.metadata.managedFields ?? [])
  const managers = parseManagers(given)
  if (live && managers.length === 0) return []
  if (live && kind.custom && !kind.storedAs?.webhook && isUnreadable(kind, managers, [live, next])) return []
  if (write.subresource === 'scale' && kind.custom && live && !hasReplicas(kind, live)) return printManagers(managers)
  const comparison = withoutIgnored(compareObjects(kind.schema, live ?? emptyObject(kind), next), ignoredFields(kind, write.subresource))
  return printManagers(updateManagers(managers, write, comparison))
}

/** Of what is answered and not stored: the answer says who set what all the same. */
export function managersOfUnstored({ body, ...write }: Omit<Write, 'live' | 'next'> & { body: object }): { managedFields?: Entry[] } {
  const managedFields = recordUpdate({ ...write, live: undefined, next: { metadata: {}, ...body } as unknown as KubeObject })
  return managedFields.length > 0 ? { managedFields } : {}
}

/** What a manager wrote in another version is looked at in that version: a field it does not list closes the books. */
function isUnreadable(kind: Kind, managers: readonly Manager[], objects: readonly KubeObject[]): boolean {
  const others = (kind.custom?.siblings() ?? []).filter(
    other => other.version !== kind.version && managers.some(m => m.apiVersion === apiVersionOf(other)),
  )
  return others.some(other => objects.some(({ metadata: _metadata, ...object }) => typeProblems(other.schema, object).length > 0))
}

/** No entries, or one empty one: the books are closed. */
const isReset = (entries: readonly Entry[] | undefined): boolean =>
  entries?.length === 0 || (entries?.length === 1 && Object.keys(entries[0] as object).length === 0)

/** Entries that cannot be read are ignored, all of them. */
const isValid = ({ operation, fieldsType, fieldsV1, manager = '' }: Entry): boolean =>
  (operation === 'Apply' || operation === 'Update') &&
  (fieldsType === undefined || fieldsType === 'FieldsV1') &&
  manager.length <= 128 &&
  areFields(fieldsV1 ?? {})

const empties = new WeakMap<Kind, Record<string, unknown>>()

/** What Go's empty struct prints: its always-present parts are not "added" by the first write. Not to be changed. */
export function emptyObject(kind: Kind): Record<string, unknown> {
  const known = empties.get(kind)
  if (known) return known
  const { object } = decodeBy(kind, {})
  empties.set(kind, object)
  return object
}

function updateManagers(managers: readonly Manager[], write: Write, { added, modified, removed }: Comparison): Manager[] {
  const self = {
    manager: write.manager,
    operation: 'Update' as const,
    apiVersion: apiVersionOf(write.kind),
    subresource: write.subresource,
  }
  const changed = union(modified, added)
  if (isEmpty(changed) && isEmpty(removed)) return [...managers]
  const others = managers
    .filter(m => !isSame(m, self))
    .map(m => ({ ...m, set: leftOf(m, write.elsewhere?.get(m.apiVersion) ?? { added, modified, removed }) }))
  const before = managers.find(m => isSame(m, self))
  const set = union(difference(before?.set ?? emptySet(), removed), changed)
  // What goes through scale is recorded without a time.
  const time = write.subresource === 'scale' ? '' : write.now
  return capped([...others, { ...self, set, time }].filter(m => !isEmpty(m.set)))
}

/** What somebody else's write leaves to a manager. */
export const leftOf = ({ set }: Pick<Manager, 'set'>, { added, modified, removed }: Comparison): FieldSet =>
  difference(difference(set, union(modified, added)), removed)

export const isSame = (a: Omit<Manager, 'set' | 'time'>, b: Omit<Manager, 'set' | 'time'>): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === 'Apply' || a.apiVersion === b.apiVersion)

export function withoutIgnored({ added, modified, removed }: Comparison, ignored: FieldSet): Comparison {
  return {
    added: recursiveDifference(added, ignored),
    modified: recursiveDifference(modified, ignored),
    removed: recursiveDifference(removed, ignored),
  }
}

const ignoredBy = new WeakMap<Kind, Map<string, FieldSet>>()

/** Fields nobody owns through this path: system metadata, and what the strategy resets. */
export function ignoredFields(kind: Kind, subresource: string): FieldSet {
  const known = ignoredBy.get(kind)?.get(subresource)
  if (known) return known
  const ignored = emptySet()
  for (const path of unmanaged.slice(0, 2)) insert(ignored, path)
  for (const path of unmanagedMeta) insert(ignored, path)
  for (const path of resetPaths(kind, subresource)) insert(ignored, path)
  ignoredBy.set(kind, (ignoredBy.get(kind) ?? new Map()).set(subresource, ignored))
  return ignored
}

function resetPaths(kind: Kind, subresource: string): string[][] {
  if (subresource === '')
    return [
      ...(kind.subresources?.status ? [['f:status']] : []),
      ...(kind.resetFields ?? []).map(path => path.split('.').map(p => `f:${p}`)),
    ]
  if (subresource !== 'status') return []
  const fields = Object.keys(kind.schema.properties as object).filter(name => !['status', 'metadata', 'apiVersion', 'kind'].includes(name))
  return [...fields.map(name => [`f:${name}`]), ...(kind.statusResetFields ?? []).map(path => path.split('.').map(p => `f:${p}`))]
}

export function parseManagers(entries: readonly Entry[]): Manager[] {
  return entries.map(entry => ({
    manager: entry.manager ?? '',
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: entry.apiVersion ?? '',
    subresource: entry.subresource ?? '',
    time: entry.time ?? '',
    set: parseFields(entry.fieldsV1 as FieldsV1 | undefined),
  }))
}

export function printManagers(managers: readonly Manager[]): Entry[] {
  return [...managers].sort(order).map(({ manager, operation, apiVersion, subresource, time, set }) => ({
    manager,
    operation,
    apiVersion,
    ...(time ? { time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: printFields(set),
    ...(subresource ? { subresource } : {}),
  })) as Entry[]
}

/** Appliers first, then by time, then by name. */
function order(a: Manager, b: Manager): number {
  const keys = (m: Manager) => [m.operation, m.time, m.manager, m.apiVersion, m.subresource]
  const [x, y] = [keys(a), keys(b)]
  for (let i = 0; i < x.length; i++) {
    const [left = '', right = ''] = [x[i], y[i]]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

function capped(managers: Manager[]): Manager[] {
  const updates = managers.filter(m => m.operation === 'Update').sort(order)
  if (updates.length <= maxUpdateManagers) return managers
  const merged = new Map<string, Manager>()
  for (const old of updates.slice(0, updates.length - maxUpdateManagers + 1)) {
    const known = merged.get(old.apiVersion)
    merged.set(old.apiVersion, {
      ...old,
      manager: 'ancient-changes',
      subresource: '',
      time: known && known.time > old.time ? known.time : old.time,
      set: known ? union(known.set, old.set) : old.set,
    })
  }
  const appliers = managers.filter(m => m.operation === 'Apply')
  return [...appliers, ...merged.values(), ...updates.slice(updates.length - maxUpdateManagers + 1)]
}
