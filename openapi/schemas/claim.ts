import type { FromSchema } from 'json-schema-to-ts'
import { field, list, map, object, quantity, string, time } from '../schema.ts'
import { ObjectMeta, objectHead } from './meta.ts'
import { TypedLocalObjectReference, TypedObjectReference } from './reference.ts'
import { LabelSelector } from './selector.ts'

export const VolumeResourceRequirements = object(
  'io.k8s.api.core.v1.VolumeResourceRequirements',
  'How much storage a volume should have.',
  {
    limits: map(quantity(''), 'Most storage the volume may have, under the key storage. Unset means no limit.'),
    requests: map(quantity(''), 'Storage the volume must have at least, under the key storage.'),
  },
)
export type VolumeResourceRequirements = FromSchema<typeof VolumeResourceRequirements>

export const PersistentVolumeClaimSpec = object('io.k8s.api.core.v1.PersistentVolumeClaimSpec', 'What a claim asks of a volume.', {
  accessModes: list(
    string('', { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] }),
    'How the volume may be mounted: ReadWriteOnce by one node, ReadWriteOncePod by one pod, ReadOnlyMany and ReadWriteMany by many nodes.',
    {
      'x-kubernetes-list-type': 'atomic',
    },
  ),
  dataSource: field(
    TypedLocalObjectReference,
    'What the new volume starts with: a VolumeSnapshot or another claim of the same namespace. Kept equal to dataSourceRef when both fit.',
  ),
  dataSourceRef: field(TypedObjectReference, 'Like dataSource, but open to any kind, and to other namespaces where that is granted.'),
  resources: field(VolumeResourceRequirements, 'Storage to ask for. The request can be raised later if the class allows expansion.', {
    default: {},
  }),
  selector: field(LabelSelector, 'Labels of the volumes to consider. With it nothing is provisioned for the claim.'),
  storageClassName: string('Name of the StorageClass. Unset takes the default class; an empty string asks for a volume without a class.'),
  volumeAttributesClassName: string(
    'Name of the VolumeAttributesClass whose settings the volume should have. It may be changed, and the volume is modified.',
  ),
  volumeMode: string('Filesystem, the default, mounts the volume as a directory; Block gives the bare device.', {
    enum: ['Block', 'Filesystem'],
    default: 'Filesystem',
  }),
  volumeName: string('Name of the PersistentVolume the claim is bound to, or is to be bound to.'),
})
export type PersistentVolumeClaimSpec = FromSchema<typeof PersistentVolumeClaimSpec>

export const PersistentVolumeClaimTemplate = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimTemplate',
  'A claim to make for each pod with an ephemeral volume.',
  {
    metadata: field(ObjectMeta, 'Labels and annotations for the claim. Other metadata is refused.', { default: {} }),
    spec: field(PersistentVolumeClaimSpec, 'The spec of the claim, taken as it is.', { default: {} }),
  },
  ['spec'],
)
export type PersistentVolumeClaimTemplate = FromSchema<typeof PersistentVolumeClaimTemplate>

export const PersistentVolumeClaimCondition = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimCondition',
  'One aspect of the state of a claim.',
  {
    lastProbeTime: time('When the condition was checked last.'),
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Resizing, FileSystemResizePending, ControllerResizeError, NodeResizeError, ModifyingVolume or ModifyVolumeError.'),
  },
  ['type', 'status'],
)
export type PersistentVolumeClaimCondition = FromSchema<typeof PersistentVolumeClaimCondition>

export const ModifyVolumeStatus = object(
  'io.k8s.api.core.v1.ModifyVolumeStatus',
  'How far a change to another VolumeAttributesClass has come.',
  {
    status: string(
      'Pending: something is missing, such as the class. InProgress: the volume is being modified. Infeasible: the driver refused it.',
      { enum: ['InProgress', 'Infeasible', 'Pending'] },
    ),
    targetVolumeAttributesClassName: string('Name of the class the volume should get.'),
  },
  ['status'],
)
export type ModifyVolumeStatus = FromSchema<typeof ModifyVolumeStatus>

export const PersistentVolumeClaimStatus = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimStatus',
  'What is known of a claim and its volume.',
  {
    accessModes: list(
      string('', { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] }),
      'How the bound volume may be mounted.',
      {
        'x-kubernetes-list-type': 'atomic',
      },
    ),
    allocatedResourceStatuses: map(
      string('', {
        enum: [
          'ControllerResizeInProgress',
          'ControllerResizeInfeasible',
          'NodeResizeInProgress',
          'NodeResizeInfeasible',
          'NodeResizePending',
        ],
      }),
      'How far the expansion of each resource has come, and whether the controller or the node is at it. No entry means no expansion.',
      { 'x-kubernetes-map-type': 'granular' },
    ),
    allocatedResources: map(quantity(''), 'Storage set aside while an expansion is under way; it may exceed capacity.'),
    capacity: map(quantity(''), 'Storage the bound volume really has.'),
    conditions: list(PersistentVolumeClaimCondition, 'Aspects of the state, one per type; set while the volume is resized or modified.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentVolumeAttributesClassName: string('Name of the VolumeAttributesClass in force. Unset means none.'),
    modifyVolumeStatus: field(ModifyVolumeStatus, 'The change of class under way. Unset if there is none.'),
    phase: string('Pending without a volume, Bound with one, Lost if the volume it was bound to is gone.', {
      enum: ['Bound', 'Lost', 'Pending'],
    }),
  },
)
export type PersistentVolumeClaimStatus = FromSchema<typeof PersistentVolumeClaimStatus>

export const PersistentVolumeClaim = object(
  'io.k8s.api.core.v1.PersistentVolumeClaim',
  'A request for storage. It is bound to a PersistentVolume that fits, and pods use it by its name.',
  {
    ...objectHead,
    spec: field(PersistentVolumeClaimSpec, 'What is asked for.', { default: {} }),
    status: field(PersistentVolumeClaimStatus, 'What came of it; written by the system only.', { default: {} }),
  },
)
export type PersistentVolumeClaim = FromSchema<typeof PersistentVolumeClaim>
