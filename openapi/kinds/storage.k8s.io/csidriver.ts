// CSIDriver.
import { ageColumn, bool, nameColumn, text } from '../../columns.ts'
import { duplicate, type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { CSIDriver as schema } from '../../schemas/storage.ts'
import { deepEqual } from '../../values/equal.ts'
import { immutable } from '../apps/selection.ts'
import { oneOf } from '../core/pod/validation/fields.ts'

export interface CSIDriver extends ObjectOf<typeof schema> {}
export type CSIDriverInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  bool<CSIDriver>('AttachRequired', 'Volumes are attached before they are mounted.', d => d.spec.attachRequired),
  bool<CSIDriver>('PodInfoOnMount', 'The driver hears which pod mounts.', d => d.spec.podInfoOnMount),
  bool<CSIDriver>('StorageCapacity', 'The scheduler looks at free capacity.', d => d.spec.storageCapacity),
  text<CSIDriver>(
    'TokenRequests',
    'Audiences of the tokens it wants.',
    d => d.spec.tokenRequests?.map(t => t.audience).join(',') || '<unset>',
  ),
  bool<CSIDriver>('RequiresRepublish', 'Mounts are repeated from time to time.', d => d.spec.requiresRepublish),
  text<CSIDriver>('Modes', 'Persistent or ephemeral volumes.', d => d.spec.volumeLifecycleModes.join(',')),
  ageColumn,
]

const policies = ['File', 'None', 'ReadWriteOnceWithFSType']
const modes = ['Persistent', 'Ephemeral']
const tokenSeconds = { min: 600, max: 2 ** 32 }
const minPeriodSeconds = 10

function validate({ spec }: CSIDriver): FieldError[] {
  const period = spec.nodeAllocatableUpdatePeriodSeconds
  return [
    ...oneOf('spec.fsGroupPolicy', spec.fsGroupPolicy, policies),
    ...tokenErrors(spec.tokenRequests ?? []),
    ...spec.volumeLifecycleModes.flatMap(mode => oneOf('spec.volumeLifecycleModes', mode, modes)),
    ...(period !== undefined && period < minPeriodSeconds
      ? [invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, `must be greater than or equal to ${minPeriodSeconds} seconds`)]
      : []),
  ]
}

function tokenErrors(requests: NonNullable<CSIDriver['spec']['tokenRequests']>): FieldError[] {
  return requests.flatMap(({ audience, expirationSeconds: seconds }, index) => {
    const path = `spec.tokenRequests[${index}]`
    const errors: FieldError[] = []
    if (requests.slice(0, index).some(r => r.audience === audience)) errors.push(duplicate(`${path}.audience`, audience))
    const refuse = (why: string) => errors.push(invalid(`${path}.expirationSeconds`, seconds, why))
    if (seconds !== undefined && seconds < tokenSeconds.min) refuse('may not specify a duration less than 10 minutes')
    if (seconds !== undefined && seconds > tokenSeconds.max) refuse('may not specify a duration larger than 2^32 seconds')
    return errors
  })
}

const validateUpdate = (next: CSIDriver, old: CSIDriver): FieldError[] => [
  ...validate(next),
  // Upstream's spelling of the path.
  ...immutable(next.spec.attachRequired, old.spec.attachRequired, 'spec.attachedRequired'),
  ...immutable(next.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, 'spec.volumeLifecycleModes'),
]

const warnings = ({ spec }: CSIDriver): string[] =>
  spec.tokenRequests?.length && spec.serviceAccountTokenInSecrets === undefined
    ? [
        'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
      ]
    : []

export const csiDriver = defineKind<CSIDriver, CSIDriverInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  scope: 'Cluster',
  names: { plural: 'csidrivers', singular: 'csidriver' },
  schema,
  columns: [...columns],
  returnsDeletedObject: true,
  needsResourceVersion: true,
  // Counted from the first change of the spec, not from creation.
  prepareForUpdate(draft, old) {
    if (!deepEqual(draft.spec, old.spec)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1
  },
  validate,
  validateUpdate,
  warnings,
  example: { metadata: { name: 'example.com' }, spec: {} },
})
