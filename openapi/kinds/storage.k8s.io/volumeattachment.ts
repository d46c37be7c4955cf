// VolumeAttachment.
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
  columns: [],
  example: {
    metadata: { name: 'example' },
    spec: { attacher: 'example.com', nodeName: 'node-0', source: { persistentVolumeName: 'example' } },
  },
})
