import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, intOrString, list, object, rawJson, string, time } from '../schema.ts'
import { PersistentVolumeClaim } from './claim.ts'
import { ObjectMeta } from './meta.ts'
import { PodTemplateSpec } from './pod.ts'
import { LabelSelector } from './selector.ts'

export const ControllerRevision = object(
  'io.k8s.api.apps.v1.ControllerRevision',
  '',
  {
    apiVersion: string(''),
    data: rawJson(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    revision: int64(''),
  },
  ['revision'],
)
export type ControllerRevision = FromSchema<typeof ControllerRevision>

export const RollingUpdateDaemonSet = object('io.k8s.api.apps.v1.RollingUpdateDaemonSet', '', {
  maxSurge: intOrString(''),
  maxUnavailable: intOrString(''),
})
export type RollingUpdateDaemonSet = FromSchema<typeof RollingUpdateDaemonSet>

export const DaemonSetUpdateStrategy = object('io.k8s.api.apps.v1.DaemonSetUpdateStrategy', '', {
  rollingUpdate: field(RollingUpdateDaemonSet, ''),
  type: string('', { enum: ['OnDelete', 'RollingUpdate'], default: 'RollingUpdate' }),
})
export type DaemonSetUpdateStrategy = FromSchema<typeof DaemonSetUpdateStrategy>

export const DaemonSetSpec = object(
  'io.k8s.api.apps.v1.DaemonSetSpec',
  '',
  {
    minReadySeconds: int32(''),
    revisionHistoryLimit: int32('', { default: 10 }),
    selector: field(LabelSelector, ''),
    template: field(PodTemplateSpec, '', { default: {} }),
    updateStrategy: field(DaemonSetUpdateStrategy, '', { default: {} }),
  },
  ['selector', 'template'],
)
export type DaemonSetSpec = FromSchema<typeof DaemonSetSpec>

export const DaemonSetCondition = object(
  'io.k8s.api.apps.v1.DaemonSetCondition',
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
export type DaemonSetCondition = FromSchema<typeof DaemonSetCondition>

export const DaemonSetStatus = object(
  'io.k8s.api.apps.v1.DaemonSetStatus',
  '',
  {
    collisionCount: int32(''),
    conditions: list(DaemonSetCondition, '', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentNumberScheduled: int32(''),
    desiredNumberScheduled: int32(''),
    numberAvailable: int32(''),
    numberMisscheduled: int32(''),
    numberReady: int32(''),
    numberUnavailable: int32(''),
    observedGeneration: int64(''),
    updatedNumberScheduled: int32(''),
  },
  ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'],
)
export type DaemonSetStatus = FromSchema<typeof DaemonSetStatus>

export const DaemonSet = object('io.k8s.api.apps.v1.DaemonSet', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(DaemonSetSpec, '', { default: {} }),
  status: field(DaemonSetStatus, '', { default: {} }),
})
export type DaemonSet = FromSchema<typeof DaemonSet>

export const RollingUpdateDeployment = object('io.k8s.api.apps.v1.RollingUpdateDeployment', '', {
  maxSurge: intOrString(''),
  maxUnavailable: intOrString(''),
})
export type RollingUpdateDeployment = FromSchema<typeof RollingUpdateDeployment>

export const DeploymentStrategy = object('io.k8s.api.apps.v1.DeploymentStrategy', '', {
  rollingUpdate: field(RollingUpdateDeployment, ''),
  type: string('', { enum: ['Recreate', 'RollingUpdate'], default: 'RollingUpdate' }),
})
export type DeploymentStrategy = FromSchema<typeof DeploymentStrategy>

export const DeploymentSpec = object(
  'io.k8s.api.apps.v1.DeploymentSpec',
  '',
  {
    minReadySeconds: int32(''),
    paused: boolean(''),
    progressDeadlineSeconds: int32('', { default: 600 }),
    replicas: int32('', { default: 1 }),
    revisionHistoryLimit: int32('', { default: 10 }),
    selector: field(LabelSelector, ''),
    strategy: field(DeploymentStrategy, '', { 'x-kubernetes-patch-strategy': 'retainKeys', default: {} }),
    template: field(PodTemplateSpec, '', { default: {} }),
  },
  ['selector', 'template'],
)
export type DeploymentSpec = FromSchema<typeof DeploymentSpec>

export const DeploymentCondition = object(
  'io.k8s.api.apps.v1.DeploymentCondition',
  '',
  {
    lastTransitionTime: time(''),
    lastUpdateTime: time(''),
    message: string(''),
    reason: string(''),
    status: string(''),
    type: string(''),
  },
  ['type', 'status'],
)
export type DeploymentCondition = FromSchema<typeof DeploymentCondition>

export const DeploymentStatus = object('io.k8s.api.apps.v1.DeploymentStatus', '', {
  availableReplicas: int32(''),
  collisionCount: int32(''),
  conditions: list(DeploymentCondition, '', {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  observedGeneration: int64(''),
  readyReplicas: int32(''),
  replicas: int32(''),
  terminatingReplicas: int32(''),
  unavailableReplicas: int32(''),
  updatedReplicas: int32(''),
})
export type DeploymentStatus = FromSchema<typeof DeploymentStatus>

export const Deployment = object('io.k8s.api.apps.v1.Deployment', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(DeploymentSpec, '', { default: {} }),
  status: field(DeploymentStatus, '', { default: {} }),
})
export type Deployment = FromSchema<typeof Deployment>

export const ReplicaSetSpec = object(
  'io.k8s.api.apps.v1.ReplicaSetSpec',
  '',
  {
    minReadySeconds: int32(''),
    replicas: int32('', { default: 1 }),
    selector: field(LabelSelector, ''),
    template: field(PodTemplateSpec, '', { default: {} }),
  },
  ['selector'],
)
export type ReplicaSetSpec = FromSchema<typeof ReplicaSetSpec>

export const ReplicaSetCondition = object(
  'io.k8s.api.apps.v1.ReplicaSetCondition',
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
export type ReplicaSetCondition = FromSchema<typeof ReplicaSetCondition>

export const ReplicaSetStatus = object(
  'io.k8s.api.apps.v1.ReplicaSetStatus',
  '',
  {
    availableReplicas: int32(''),
    conditions: list(ReplicaSetCondition, '', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    fullyLabeledReplicas: int32(''),
    observedGeneration: int64(''),
    readyReplicas: int32(''),
    replicas: int32(''),
    terminatingReplicas: int32(''),
  },
  ['replicas'],
)
export type ReplicaSetStatus = FromSchema<typeof ReplicaSetStatus>

export const ReplicaSet = object('io.k8s.api.apps.v1.ReplicaSet', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(ReplicaSetSpec, '', { default: {} }),
  status: field(ReplicaSetStatus, '', { default: {} }),
})
export type ReplicaSet = FromSchema<typeof ReplicaSet>

export const RollingUpdateStatefulSetStrategy = object('io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy', '', {
  maxUnavailable: intOrString(''),
  partition: int32(''),
})
export type RollingUpdateStatefulSetStrategy = FromSchema<typeof RollingUpdateStatefulSetStrategy>

export const StatefulSetOrdinals = object('io.k8s.api.apps.v1.StatefulSetOrdinals', '', {
  start: int32(''),
})
export type StatefulSetOrdinals = FromSchema<typeof StatefulSetOrdinals>

export const StatefulSetPersistentVolumeClaimRetentionPolicy = object(
  'io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy',
  '',
  {
    whenDeleted: string(''),
    whenScaled: string(''),
  },
)
export type StatefulSetPersistentVolumeClaimRetentionPolicy = FromSchema<typeof StatefulSetPersistentVolumeClaimRetentionPolicy>

export const StatefulSetUpdateStrategy = object('io.k8s.api.apps.v1.StatefulSetUpdateStrategy', '', {
  rollingUpdate: field(RollingUpdateStatefulSetStrategy, ''),
  type: string('', { enum: ['OnDelete', 'RollingUpdate'] }),
})
export type StatefulSetUpdateStrategy = FromSchema<typeof StatefulSetUpdateStrategy>

export const StatefulSetSpec = object(
  'io.k8s.api.apps.v1.StatefulSetSpec',
  '',
  {
    minReadySeconds: int32(''),
    ordinals: field(StatefulSetOrdinals, ''),
    persistentVolumeClaimRetentionPolicy: field(StatefulSetPersistentVolumeClaimRetentionPolicy, ''),
    podManagementPolicy: string('', { enum: ['OrderedReady', 'Parallel'], default: 'OrderedReady' }),
    replicas: int32('', { default: 1 }),
    revisionHistoryLimit: int32('', { default: 10 }),
    selector: field(LabelSelector, ''),
    serviceName: string(''),
    template: field(PodTemplateSpec, '', { default: {} }),
    updateStrategy: field(StatefulSetUpdateStrategy, '', { default: {} }),
    volumeClaimTemplates: list(PersistentVolumeClaim, '', { 'x-kubernetes-list-type': 'atomic' }),
  },
  ['selector', 'template'],
)
export type StatefulSetSpec = FromSchema<typeof StatefulSetSpec>

export const StatefulSetCondition = object(
  'io.k8s.api.apps.v1.StatefulSetCondition',
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
export type StatefulSetCondition = FromSchema<typeof StatefulSetCondition>

export const StatefulSetStatus = object(
  'io.k8s.api.apps.v1.StatefulSetStatus',
  '',
  {
    availableReplicas: int32(''),
    collisionCount: int32(''),
    conditions: list(StatefulSetCondition, '', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentReplicas: int32(''),
    currentRevision: string(''),
    observedGeneration: int64(''),
    readyReplicas: int32(''),
    replicas: int32(''),
    updateRevision: string(''),
    updatedReplicas: int32(''),
  },
  ['replicas'],
)
export type StatefulSetStatus = FromSchema<typeof StatefulSetStatus>

export const StatefulSet = object('io.k8s.api.apps.v1.StatefulSet', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(StatefulSetSpec, '', { default: {} }),
  status: field(StatefulSetStatus, '', { default: {} }),
})
export type StatefulSet = FromSchema<typeof StatefulSet>
