// VolumeAttachment.
import { ageColumn, bool, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { VolumeAttachment as schema } from '../../schemas/storage.ts'

export interface VolumeAttachment extends ObjectOf<typeof schema> {}
export type VolumeAttachmentInput = InputOf<typeof schema>

export const volumeAttachment = defineKind<VolumeAttachment, VolumeAttachmentInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  scope: 'Cluster',
  names: { plural: 'volumeattachments', singular: 'volumeattachment' },
  schema,
  subresources: { status: true },
  columns: [
    nameColumn,
    { ...text<VolumeAttachment>('Attacher', 'The driver.', a => a.spec.attacher), format: 'name' },
    text('PV', 'The volume.', a => a.spec.source.persistentVolumeName ?? ''),
    text('Node', 'The node.', a => a.spec.nodeName),
    bool('Attached', 'Whether it is attached.', a => a.status.attached),
    ageColumn,
  ],
  returnsDeletedObject: true,
  prepareForCreate(draft) {
    draft.status = { attached: false }
  },
  example: {
    metadata: { name: 'example' },
    spec: { attacher: 'example.com', nodeName: 'node-0', source: { persistentVolumeName: 'example' } },
  },
})
