// ResourceSlice.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { driverNameErrors } from '../../rules/csidriver.ts'
import { type CounterSet, ResourceSlice as schema } from '../../schemas/resource.ts'
import { printTime } from '../../values/time.ts'
import { immutable } from '../apps/selection.ts'
import { dnsLabel, dnsSubdomain } from '../core/pod/validation/fields.ts'
import { validateNodeSelector } from '../core/pod/validation/scheduling.ts'
import { counterErrors, deviceErrors } from './device.ts'
import { listErrors, poolNameErrors, repeated } from './fields.ts'

export interface ResourceSlice extends ObjectOf<typeof schema> {}
export type ResourceSliceInput = InputOf<typeof schema>

type Spec = ResourceSlice['spec']

/** Fields behind gates that a default cluster has off are dropped, and taints get their time. */
function prepare({ spec }: ResourceSlice, { now }: { now: Date }): void {
  for (const device of spec.devices ?? []) {
    delete device.nodeAllocatableResourceMappings
    for (const attribute of Object.values(device.attributes ?? {}))
      for (const list of ['bools', 'ints', 'strings', 'versions'] as const) delete attribute[list]
    for (const taint of device.taints ?? []) taint.timeAdded ??= printTime(now) as never
  }
}

function validate({ spec }: ResourceSlice, old?: ResourceSlice): FieldError[] {
  const { driver, pool, devices, sharedCounters, perDeviceNodeSelection = false } = spec
  const errors = [...driverNameErrors(driver, 'spec.driver'), ...poolErrors(pool)]
  if (old)
    errors.push(
      ...immutable(pool.name, old.spec.pool.name, 'spec.pool.name'),
      ...immutable(driver, old.spec.driver, 'spec.driver'),
      ...immutable(spec.nodeName, old.spec.nodeName, 'spec.nodeName'),
    )
  errors.push(...nodeErrors(spec))
  if (sharedCounters && devices) errors.push(invalid('spec', '', 'only one of `sharedCounters` or `devices` is allowed'))
  const isAdvanced = (devices ?? []).some(d => d.taints?.length || d.consumesCounters?.length)
  const before = new Map((old?.spec.devices ?? []).map(device => [device.name, device]))
  return [
    ...errors,
    ...listErrors(devices, isAdvanced ? 64 : 128, 'spec.devices', (device, at) =>
      deviceErrors(device, before.get(device.name), perDeviceNodeSelection, at),
    ),
    ...repeated(devices, device => device.name ?? '', 'spec.devices'),
    ...listErrors(sharedCounters, 8, 'spec.sharedCounters', counterSetErrors),
    ...repeated(sharedCounters, set => set.name ?? '', 'spec.sharedCounters'),
  ]
}

const counterSetErrors = ({ name, counters }: CounterSet, path: string): FieldError[] => [
  ...(name ? dnsLabel(`${path}.name`, name) : [required(`${path}.name`)]),
  ...counterErrors(counters, `${path}.counters`),
]

function poolErrors({ name, resourceSliceCount, generation }: Spec['pool']): FieldError[] {
  const errors = poolNameErrors(name, 'spec.pool.name')
  if (!(resourceSliceCount > 0)) errors.push(invalid('spec.pool.resourceSliceCount', resourceSliceCount ?? 0, 'must be greater than zero'))
  if (generation < 0) errors.push(invalid('spec.pool.generation', generation, 'must be greater than or equal to zero'))
  return errors
}

function nodeErrors({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection }: Spec): FieldError[] {
  const errors: FieldError[] = []
  if (nodeName) errors.push(...dnsSubdomain('spec.nodeName', nodeName))
  else if (nodeName !== undefined) errors.push(invalid('spec.nodeName', nodeName, 'must be either unset or set to a non-empty string'))
  if (nodeSelector) errors.push(...validateNodeSelector(nodeSelector, 'spec.nodeSelector'))
  if (nodeSelector && nodeSelector.nodeSelectorTerms?.length !== 1)
    errors.push(invalid('spec.nodeSelector.nodeSelectorTerms', nodeSelector.nodeSelectorTerms, 'must have exactly one node selector term'))
  for (const [field, value] of Object.entries({ allNodes, perDeviceNodeSelection }))
    if (value === false) errors.push(invalid(`spec.${field}`, value, 'must be either unset or set to true'))
  const given = Object.entries({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection })
    .filter(([, value]) => value)
    .map(([field]) => `\`${field}\``)
  const why = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required'
  if (given.length === 0) errors.push(required('spec', why))
  return given.length > 1 ? [...errors, invalid('spec', `{${given.join(', ')}}`, `${why}, but multiple fields are set`)] : errors
}

export const resourceSlice = defineKind<ResourceSlice, ResourceSliceInput>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  scope: 'Cluster',
  names: { plural: 'resourceslices', singular: 'resourceslice' },
  schema,
  columns: [
    nameColumn,
    text<ResourceSlice>('Node', 'The node that can reach the devices.', s => s.spec.nodeName ?? ''),
    text<ResourceSlice>('Driver', 'The driver that serves them.', s => s.spec.driver),
    text<ResourceSlice>('Pool', 'The pool they belong to.', s => s.spec.pool.name),
    ageColumn,
  ],
  selectableFields: [
    { label: 'spec.nodeName', value: s => s.spec.nodeName ?? '' },
    { label: 'spec.driver', value: s => s.spec.driver },
  ],
  unknownField: field => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  hasGeneration: true,
  returnsDeletedObject: true,
  prepareForCreate: prepare,
  prepareForUpdate: (draft, _old, context) => prepare(draft, context),
  validate: slice => validate(slice),
  validateUpdate: validate,
  warnings: ({ spec: { driver } }) =>
    driver === driver.toLowerCase()
      ? []
      : [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`],
  example: {
    metadata: { name: 'example' },
    spec: { driver: 'example.com', nodeName: 'node-0', pool: { name: 'node-0', generation: 1, resourceSliceCount: 1 } },
  },
})
