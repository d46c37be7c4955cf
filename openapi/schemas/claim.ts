import type { FromSchema } from 'json-schema-to-ts'
import { field, list, map, object, quantity, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'
import { TypedLocalObjectReference, TypedObjectReference } from './reference.ts'
import { LabelSelector } from './selector.ts'

export const VolumeResourceRequirements = object('io.k8s.api.core.v1.VolumeResourceRequirements', '', {
  limits: map(quantity(''), ''),
  requests: map(quantity(''), ''),
})
export type VolumeResourceRequirements = FromSchema<typeof VolumeResourceRequirements>

export const PersistentVolumeClaimSpec = object('io.k8s.api.core.v1.PersistentVolumeClaimSpec', '', {
  accessModes: list(string('', { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] }), '', {
    'x-kubernetes-list-type': 'atomic',
  }),
  dataSource: field(TypedLocalObjectReference, ''),
  dataSourceRef: field(TypedObjectReference, ''),
  resources: field(VolumeResourceRequirements, '', { default: {} }),
  selector: field(LabelSelector, ''),
  storageClassName: string(''),
  volumeAttributesClassName: string(''),
  volumeMode: string('', { enum: ['Block', 'Filesystem'], default: 'Filesystem' }),
  volumeName: string(''),
})
export type PersistentVolumeClaimSpec = FromSchema<typeof PersistentVolumeClaimSpec>

export const PersistentVolumeClaimTemplate = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimTemplate',
  '',
  {
    metadata: field(ObjectMeta, '', { default: {} }),
    spec: field(PersistentVolumeClaimSpec, '', { default: {} }),
  },
  ['spec'],
)
export type PersistentVolumeClaimTemplate = FromSchema<typeof PersistentVolumeClaimTemplate>

export const PersistentVolumeClaimCondition = object(
  'io.k8s.api.core.v1.PersistentVolumeClaimCondition',
  '',
  {
    lastProbeTime: time(''),
    lastTransitionTime: time(''),
    message: string(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type PersistentVolumeClaimCondition = FromSchema<typeof PersistentVolumeClaimCondition>

export const ModifyVolumeStatus = object(
  'io.k8s.api.core.v1.ModifyVolumeStatus',
  '',
  {
    status: string('', { enum: ['InProgress', 'Infeasible', 'Pending'] }),
    targetVolumeAttributesClassName: string(''),
  },
  ['status'],
)
export type ModifyVolumeStatus = FromSchema<typeof ModifyVolumeStatus>

export const PersistentVolumeClaimStatus = object('io.k8s.api.core.v1.PersistentVolumeClaimStatus', '', {
  accessModes: list(string('', { enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] }), '', {
    'x-kubernetes-list-type': 'atomic',
  }),
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
    '',
    { 'x-kubernetes-map-type': 'granular' },
  ),
  allocatedResources: map(quantity(''), ''),
  capacity: map(quantity(''), ''),
  conditions: list(PersistentVolumeClaimCondition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  currentVolumeAttributesClassName: string(''),
  modifyVolumeStatus: field(ModifyVolumeStatus, ''),
  phase: string('', { enum: ['Bound', 'Lost', 'Pending'] }),
})
export type PersistentVolumeClaimStatus = FromSchema<typeof PersistentVolumeClaimStatus>

export const PersistentVolumeClaim = object('io.k8s.api.core.v1.PersistentVolumeClaim', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(PersistentVolumeClaimSpec, '', { default: {} }),
  status: field(PersistentVolumeClaimStatus, '', { default: {} }),
})
export type PersistentVolumeClaim = FromSchema<typeof PersistentVolumeClaim>
