// CSIDriver.
import { ageColumn, bool, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { CSIDriver as schema } from '../../schemas/storage.ts'

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

export const csiDriver = defineKind<CSIDriver, CSIDriverInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  scope: 'Cluster',
  names: { plural: 'csidrivers', singular: 'csidriver' },
  schema,
  columns: [...columns],
  returnsDeletedObject: true,
  example: { metadata: { name: 'example.com' }, spec: {} },
})
