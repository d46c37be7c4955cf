// VolumeAttachment.
import { ageColumn, bool, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { driverNameErrors } from '../../rules/csidriver.ts'
import { goForm } from '../../rules/goform.ts'
import { VolumeAttachment as schema } from '../../schemas/storage.ts'
import { deepEqual } from '../../values/equal.ts'
import { validateInlineVolume } from '../core/persistentvolume/validation.ts'
import { dnsSubdomain } from '../core/pod/validation/fields.ts'

export interface VolumeAttachment extends ObjectOf<typeof schema> {}
export type VolumeAttachmentInput = InputOf<typeof schema>

function validate({ spec: { attacher, source, nodeName } }: VolumeAttachment): FieldError[] {
  return [...driverNameErrors(attacher, 'spec.attacher'), ...sourceErrors(source), ...dnsSubdomain('spec.nodeName', nodeName)]
}

function sourceErrors({ persistentVolumeName: name, inlineVolumeSpec: inline }: VolumeAttachment['spec']['source']): FieldError[] {
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (name === undefined && !inline) return [required('spec.source', one)]
  if (name !== undefined && inline) return [forbidden('spec.source', one)]
  if (inline) return validateInlineVolume(inline, 'spec.source.inlineVolumeSpec')
  return name === '' ? [required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName')] : []
}

const validateUpdate = (next: VolumeAttachment, old: VolumeAttachment): FieldError[] => [
  ...validate(next),
  ...(deepEqual(next.spec, old.spec) ? [] : [invalid('spec', goForm('@storage.v1.VolumeAttachmentSpec', next.spec), 'field is immutable')]),
]

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
  validate,
  validateUpdate,
  example: {
    metadata: { name: 'example' },
    spec: { attacher: 'example.com', nodeName: 'node-0', source: { persistentVolumeName: 'example' } },
  },
})
