import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, int64, list, map, object, string, time } from '../schema.ts'
import { ObjectMeta } from './meta.ts'
import { PodTemplateSpec } from './pod.ts'

export const ReplicationControllerSpec = object('io.k8s.api.core.v1.ReplicationControllerSpec', '', {
  minReadySeconds: int32(''),
  replicas: int32('', { default: 1 }),
  selector: map(string(''), '', { 'x-kubernetes-map-type': 'atomic' }),
  template: field(PodTemplateSpec, ''),
})
export type ReplicationControllerSpec = FromSchema<typeof ReplicationControllerSpec>

export const ReplicationControllerCondition = object(
  'io.k8s.api.core.v1.ReplicationControllerCondition',
  '',
  {
    lastTransitionTime: time(''),
    message: string(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type ReplicationControllerCondition = FromSchema<typeof ReplicationControllerCondition>

export const ReplicationControllerStatus = object(
  'io.k8s.api.core.v1.ReplicationControllerStatus',
  '',
  {
    availableReplicas: int32(''),
    conditions: list(ReplicationControllerCondition, '', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    fullyLabeledReplicas: int32(''),
    observedGeneration: int64(''),
    readyReplicas: int32(''),
    replicas: int32(''),
  },
  ['replicas'],
)
export type ReplicationControllerStatus = FromSchema<typeof ReplicationControllerStatus>

export const ReplicationController = object('io.k8s.api.core.v1.ReplicationController', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(ReplicationControllerSpec, '', { default: {} }),
  status: field(ReplicationControllerStatus, '', { default: {} }),
})
export type ReplicationController = FromSchema<typeof ReplicationController>
