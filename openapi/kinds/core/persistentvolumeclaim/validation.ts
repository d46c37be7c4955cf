// Claims: what they ask for when new, and the little that may change afterwards.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../errors.ts'
import { contentErrors } from '../../../rules/metadata.ts'
import { unifiedDiff } from '../../../values/diff.ts'
import { deepEqual } from '../../../values/equal.ts'
import { isDns1123Subdomain } from '../../../values/names.ts'
import { compareQuantities } from '../../../values/quantity.ts'
import { basicAmountErrors } from '../persistentvolume/validation.ts'
import { validateClaimRequest } from '../pod/validation/claim.ts'
import { dnsSubdomain, problems } from '../pod/validation/fields.ts'
import { asGo } from '../pod/validation/goform.ts'
import type { PersistentVolumeClaim } from './index.ts'

type Spec = PersistentVolumeClaim['spec']
type Source = Pick<NonNullable<Spec['dataSourceRef']>, 'apiGroup' | 'kind' | 'name'>

const betaClass = 'volume.beta.kubernetes.io/storage-class'
const mutableText = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

export const validateClaim = ({ spec }: PersistentVolumeClaim): FieldError[] => [
  ...validateClaimRequest(spec, 'spec'),
  ...(spec.dataSource ? sourceErrors(spec.dataSource, 'spec.dataSource') : []),
  ...(spec.dataSourceRef ? sourceErrors(spec.dataSourceRef, 'spec.dataSourceRef') : []),
  ...(differ(spec) ? [invalid('spec', {}, 'must match dataSourceRef')] : []),
  ...(spec.volumeAttributesClassName ? dnsSubdomain('spec.volumeAttributesClassName', spec.volumeAttributesClassName) : []),
]

function sourceErrors({ apiGroup, kind, name }: Source, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!name) errors.push(required(`${path}.name`))
  if (!kind) errors.push(required(`${path}.kind`))
  if (apiGroup) errors.push(...problems(`${path}.apiGroup`, apiGroup, isDns1123Subdomain))
  else if (kind && kind !== 'PersistentVolumeClaim')
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
  return errors
}

const essence = (source: Source | undefined) => source && [source.apiGroup ?? '', source.kind, source.name]
const differ = ({ dataSource, dataSourceRef }: Spec): boolean =>
  dataSource !== undefined && dataSourceRef !== undefined && !deepEqual(essence(dataSource), essence(dataSourceRef))

/** Old clients write one field, new ones the other: both are kept. Volumes can be made from claims and snapshots only. */
export function alignSources({ spec }: PersistentVolumeClaim, old?: PersistentVolumeClaim): void {
  const { dataSource, dataSourceRef } = spec
  if (dataSourceRef) delete dataSourceRef.namespace
  if (dataSource && !old?.spec.dataSource && !isCloneable(dataSource)) delete spec.dataSource
  if (spec.dataSource && !dataSourceRef) spec.dataSourceRef = { ...spec.dataSource }
  else if (dataSourceRef && !spec.dataSource) spec.dataSource = { ...dataSourceRef }
  for (const source of [spec.dataSource, spec.dataSourceRef]) if (source) source.apiGroup ??= null as never
}

const isCloneable = ({ apiGroup, kind }: Source): boolean =>
  apiGroup ? apiGroup === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot' : true

export function validateClaimUpdate(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors = [...contentErrors(next.metadata, 'metadata'), ...validateClaim(next)]
  const [now, before] = comparable(next, old)
  if (!deepEqual(now, before)) {
    const print = (spec: Spec) => JSON.stringify(asGo('PersistentVolumeClaimSpec', spec), null, 1)
    errors.push(forbidden('spec', `${mutableText}\n${unifiedDiff(print(before), print(now))}`))
  }
  const [size, was] = [sizeOf(next.spec), sizeOf(old.spec)]
  const capacity = old.status.capacity?.storage ?? '0'
  if (compareQuantities(size, was) < 0 && compareQuantities(size, capacity) < 0)
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  if (next.spec.volumeMode !== old.spec.volumeMode) errors.push(invalid('volumeMode', next.spec.volumeMode, 'field is immutable'))
  if (old.spec.volumeAttributesClassName !== undefined && next.spec.volumeAttributesClassName === undefined)
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'))
  return errors
}

const sizeOf = (spec: Spec): string => spec.resources?.requests?.storage ?? '0'

/** Both specs with what may change made the same. */
function comparable(next: PersistentVolumeClaim, old: PersistentVolumeClaim): [Spec, Spec] {
  const now: Spec = { ...next.spec }
  const before: Spec = { ...old.spec }
  if (!before.volumeName) before.volumeName = now.volumeName
  const hadClass = before.storageClassName !== undefined || old.metadata.annotations?.[betaClass] !== undefined
  if (!hadClass && now.storageClassName !== undefined) now.storageClassName = before.storageClassName
  if (next.status.phase !== 'Bound') return [now, before]
  if (now.resources?.requests) now.resources = { ...now.resources, requests: { ...now.resources.requests, storage: sizeOf(old.spec) } }
  now.volumeAttributesClassName = before.volumeAttributesClassName
  return [now, before]
}

const resizing = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
]

export function validateClaimStatus({ spec, status }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = spec.accessModes?.length ? [] : [required('Spec.accessModes')]
  for (const [name, amount] of Object.entries(status.capacity ?? {})) errors.push(...basicAmountErrors(`status.capacity[${name}]`, amount))
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {}))
    if (!resizing.includes(state)) errors.push(notSupported(`status.allocatedResourceStatuses[${name}]`, state, resizing))
  for (const [name, amount] of Object.entries(status.allocatedResources ?? {}))
    errors.push(
      ...(name === 'storage'
        ? basicAmountErrors(`status.allocatedResources[${name}]`, amount)
        : [notSupported('status.allocatedResources', name, ['storage'])]),
    )
  return errors
}
