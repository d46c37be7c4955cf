import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, intOrString, list, object, rawJson, string, time } from '../schema.ts'
import { PersistentVolumeClaim } from './claim.ts'
import { objectHead } from './meta.ts'
import { PodTemplateSpec } from './pod.ts'
import { LabelSelector } from './selector.ts'

export const ControllerRevision = object(
  'io.k8s.api.apps.v1.ControllerRevision',
  'A snapshot of state that a controller keeps to go back to. StatefulSets and DaemonSets store their pod templates in them. The data never changes.',
  {
    apiVersion: objectHead.apiVersion,
    data: rawJson('The snapshot, in a form only its controller needs to know.'),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
    revision: int64('Number of the snapshot; higher is newer.'),
  },
  ['revision'],
)
export type ControllerRevision = FromSchema<typeof ControllerRevision>

export const RollingUpdateDaemonSet = object(
  'io.k8s.api.apps.v1.RollingUpdateDaemonSet',
  'How far a rolling update of a DaemonSet may depart from one running pod per node.',
  {
    maxSurge: intOrString(
      'Nodes that may run the new pod next to the old one, as a number or a percentage rounded up. 0 by default; exactly one of this and maxUnavailable must be 0.',
    ),
    maxUnavailable: intOrString(
      'Pods that may be unavailable meanwhile, as a number or a percentage of the wanted pods rounded up. 1 by default.',
    ),
  },
)
export type RollingUpdateDaemonSet = FromSchema<typeof RollingUpdateDaemonSet>

export const DaemonSetUpdateStrategy = object(
  'io.k8s.api.apps.v1.DaemonSetUpdateStrategy',
  'How pods are replaced after the template has changed.',
  {
    rollingUpdate: field(RollingUpdateDaemonSet, 'Limits for the type RollingUpdate.'),
    type: string('RollingUpdate, the default, replaces pods by itself; OnDelete replaces a pod only after somebody deleted it.', {
      enum: ['OnDelete', 'RollingUpdate'],
      default: 'RollingUpdate',
    }),
  },
)
export type DaemonSetUpdateStrategy = FromSchema<typeof DaemonSetUpdateStrategy>

export const DaemonSetSpec = object(
  'io.k8s.api.apps.v1.DaemonSetSpec',
  'What a DaemonSet should look like.',
  {
    minReadySeconds: int32('Seconds a new pod must stay ready before it counts as available. 0 by default.'),
    revisionHistoryLimit: int32('How many old revisions are kept to go back to. 10 by default.', { default: 10 }),
    selector: field(LabelSelector, 'Which pods belong to the set. Must match the labels of the template and cannot be changed.'),
    template: field(PodTemplateSpec, 'The pod to run on each fitting node. Its restartPolicy must be Always.', { default: {} }),
    updateStrategy: field(DaemonSetUpdateStrategy, 'How running pods follow a change of the template.', { default: {} }),
  },
  ['selector', 'template'],
)
export type DaemonSetSpec = FromSchema<typeof DaemonSetSpec>

export const DaemonSetCondition = object(
  'io.k8s.api.apps.v1.DaemonSetCondition',
  'One aspect of the state of a DaemonSet.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Name of the condition.'),
  },
  ['type', 'status'],
)
export type DaemonSetCondition = FromSchema<typeof DaemonSetCondition>

export const DaemonSetStatus = object(
  'io.k8s.api.apps.v1.DaemonSetStatus',
  'What the controller last saw of a DaemonSet. It may lag behind.',
  {
    collisionCount: int32('How often the hash in the name of a new revision collided with another; part of that hash.'),
    conditions: list(DaemonSetCondition, 'Aspects of the state, one per type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentNumberScheduled: int32('Nodes that should run the pod and have at least one.'),
    desiredNumberScheduled: int32('Nodes that should run the pod.'),
    numberAvailable: int32('Nodes that should run the pod and have one that was ready for minReadySeconds.'),
    numberMisscheduled: int32('Nodes that run the pod but should not.'),
    numberReady: int32('Nodes that should run the pod and have one that is ready.'),
    numberUnavailable: int32('Nodes that should run the pod and have none available.'),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
    updatedNumberScheduled: int32('Nodes that run a pod of the newest template.'),
  },
  ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'],
)
export type DaemonSetStatus = FromSchema<typeof DaemonSetStatus>

export const DaemonSet = object('io.k8s.api.apps.v1.DaemonSet', 'Runs one copy of a pod on every node, or on those the template fits to.', {
  ...objectHead,
  spec: field(DaemonSetSpec, 'The wanted state.', { default: {} }),
  status: field(DaemonSetStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
})
export type DaemonSet = FromSchema<typeof DaemonSet>

export const RollingUpdateDeployment = object(
  'io.k8s.api.apps.v1.RollingUpdateDeployment',
  'How many pods may be added or missing during a rolling update.',
  {
    maxSurge: intOrString('Pods beyond replicas, as a number or a percentage rounded up. 25% by default; not 0 if maxUnavailable is 0.'),
    maxUnavailable: intOrString(
      'Pods below replicas that may be missing, as a number or a percentage rounded down. 25% by default; not 0 if maxSurge is 0.',
    ),
  },
)
export type RollingUpdateDeployment = FromSchema<typeof RollingUpdateDeployment>

export const DeploymentStrategy = object('io.k8s.api.apps.v1.DeploymentStrategy', 'How old pods give way to new ones.', {
  rollingUpdate: field(RollingUpdateDeployment, 'Limits for the type RollingUpdate; not allowed with Recreate.'),
  type: string('RollingUpdate, the default, exchanges pods step by step; Recreate ends all old pods before it starts new ones.', {
    enum: ['Recreate', 'RollingUpdate'],
    default: 'RollingUpdate',
  }),
})
export type DeploymentStrategy = FromSchema<typeof DeploymentStrategy>

export const DeploymentSpec = object(
  'io.k8s.api.apps.v1.DeploymentSpec',
  'What a Deployment should look like.',
  {
    minReadySeconds: int32('Seconds a new pod must stay ready before it counts as available. 0 by default.'),
    paused: boolean('If true, changes of the template start no rollout until this is false again.'),
    progressDeadlineSeconds: int32(
      'Seconds without progress after which a rollout is reported as failed in the Progressing condition; it still goes on. 600 by default.',
      { default: 600 },
    ),
    replicas: int32('How many pods to run. 1 by default.', { default: 1 }),
    revisionHistoryLimit: int32('How many old ReplicaSets are kept to go back to. 10 by default.', { default: 10 }),
    selector: field(LabelSelector, 'Which pods belong to the Deployment. Must match the labels of the template and cannot be changed.'),
    strategy: field(DeploymentStrategy, 'How pods are exchanged after a change of the template.', {
      'x-kubernetes-patch-strategy': 'retainKeys',
      default: {},
    }),
    template: field(PodTemplateSpec, 'The pod to run. A change of it starts a rollout; its restartPolicy must be Always.', { default: {} }),
  },
  ['selector', 'template'],
)
export type DeploymentSpec = FromSchema<typeof DeploymentSpec>

export const DeploymentCondition = object(
  'io.k8s.api.apps.v1.DeploymentCondition',
  'One aspect of the state of a Deployment.',
  {
    lastTransitionTime: time('When status took its present value.'),
    lastUpdateTime: time('When the condition was written last.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Available, Progressing or ReplicaFailure.'),
  },
  ['type', 'status'],
)
export type DeploymentCondition = FromSchema<typeof DeploymentCondition>

export const DeploymentStatus = object(
  'io.k8s.api.apps.v1.DeploymentStatus',
  'What the controller last saw of a Deployment. It may lag behind.',
  {
    availableReplicas: int32('Pods that have been ready for minReadySeconds.'),
    collisionCount: int32('How often the hash in the name of a new ReplicaSet collided with another; part of that hash.'),
    conditions: list(DeploymentCondition, 'Aspects of the state, one per type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
    readyReplicas: int32('Pods that are ready.'),
    replicas: int32('Pods of the Deployment that are not terminating, of all templates.'),
    terminatingReplicas: int32('Pods on their way out: deleted, but neither ended nor gone yet.'),
    unavailableReplicas: int32('Pods still missing to have every replica available, whether not ready yet or not there at all.'),
    updatedReplicas: int32('Pods of the newest template that are not terminating.'),
  },
)
export type DeploymentStatus = FromSchema<typeof DeploymentStatus>

export const Deployment = object(
  'io.k8s.api.apps.v1.Deployment',
  'Keeps a number of like pods running and exchanges them gradually when their template changes.',
  {
    ...objectHead,
    spec: field(DeploymentSpec, 'The wanted state.', { default: {} }),
    status: field(DeploymentStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
)
export type Deployment = FromSchema<typeof Deployment>

export const ReplicaSetSpec = object(
  'io.k8s.api.apps.v1.ReplicaSetSpec',
  'What a ReplicaSet should look like.',
  {
    minReadySeconds: int32('Seconds a new pod must stay ready before it counts as available. 0 by default.'),
    replicas: int32('How many pods to run. 1 by default.', { default: 1 }),
    selector: field(LabelSelector, 'Which pods belong to the set. Must match the labels of the template and cannot be changed.'),
    template: field(PodTemplateSpec, 'The pod to make when one is missing. A change affects only pods made later.', { default: {} }),
  },
  ['selector'],
)
export type ReplicaSetSpec = FromSchema<typeof ReplicaSetSpec>

export const ReplicaSetCondition = object(
  'io.k8s.api.apps.v1.ReplicaSetCondition',
  'One aspect of the state of a ReplicaSet.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Name of the condition: ReplicaFailure when pods cannot be created or deleted.'),
  },
  ['type', 'status'],
)
export type ReplicaSetCondition = FromSchema<typeof ReplicaSetCondition>

export const ReplicaSetStatus = object(
  'io.k8s.api.apps.v1.ReplicaSetStatus',
  'What the controller last saw of a ReplicaSet. It may lag behind.',
  {
    availableReplicas: int32('Pods that have been ready for minReadySeconds.'),
    conditions: list(ReplicaSetCondition, 'Aspects of the state, one per type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    fullyLabeledReplicas: int32('Pods that carry all labels of the template.'),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
    readyReplicas: int32('Pods that are ready.'),
    replicas: int32('Pods of the set that are not terminating.'),
    terminatingReplicas: int32('Pods on their way out: deleted, but neither ended nor gone yet.'),
  },
  ['replicas'],
)
export type ReplicaSetStatus = FromSchema<typeof ReplicaSetStatus>

export const ReplicaSet = object(
  'io.k8s.api.apps.v1.ReplicaSet',
  'Keeps a number of like pods running. Mostly made by a Deployment rather than by hand.',
  {
    ...objectHead,
    spec: field(ReplicaSetSpec, 'The wanted state.', { default: {} }),
    status: field(ReplicaSetStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
)
export type ReplicaSet = FromSchema<typeof ReplicaSet>

export const RollingUpdateStatefulSetStrategy = object(
  'io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy',
  'How far a rolling update of a StatefulSet goes.',
  {
    maxUnavailable: intOrString(
      'Pods that may be unavailable during the update, as a number or a percentage of replicas rounded up, at least 1. Unset means 1.',
    ),
    partition: int32(
      'Only pods with this ordinal or a higher one are updated; lower ones keep their revision even if they are recreated. 0 by default: all.',
    ),
  },
)
export type RollingUpdateStatefulSetStrategy = FromSchema<typeof RollingUpdateStatefulSetStrategy>

export const StatefulSetOrdinals = object('io.k8s.api.apps.v1.StatefulSetOrdinals', 'Which numbers the pods of a StatefulSet get.', {
  start: int32('Ordinal of the first pod, 0 by default. The pods are numbered from here up to start plus replicas minus 1.'),
})
export type StatefulSetOrdinals = FromSchema<typeof StatefulSetOrdinals>

export const StatefulSetPersistentVolumeClaimRetentionPolicy = object(
  'io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy',
  'What becomes of the claims made from volumeClaimTemplates when they are no longer used.',
  {
    whenDeleted: string(
      'When the StatefulSet is deleted: Retain, the default, keeps the claims, Delete deletes them once the pods are gone.',
    ),
    whenScaled: string(
      'When replicas are reduced: Retain, the default, keeps the claims of pods no longer wanted, Delete deletes them once the pods are gone.',
    ),
  },
)
export type StatefulSetPersistentVolumeClaimRetentionPolicy = FromSchema<typeof StatefulSetPersistentVolumeClaimRetentionPolicy>

export const StatefulSetUpdateStrategy = object(
  'io.k8s.api.apps.v1.StatefulSetUpdateStrategy',
  'How pods are replaced after the template has changed.',
  {
    rollingUpdate: field(RollingUpdateStatefulSetStrategy, 'Limits for the type RollingUpdate.'),
    type: string(
      'RollingUpdate, the default, replaces pods by itself from the highest ordinal down; OnDelete replaces a pod only after somebody deleted it.',
      { enum: ['OnDelete', 'RollingUpdate'] },
    ),
  },
)
export type StatefulSetUpdateStrategy = FromSchema<typeof StatefulSetUpdateStrategy>

export const StatefulSetSpec = object(
  'io.k8s.api.apps.v1.StatefulSetSpec',
  'What a StatefulSet should look like.',
  {
    minReadySeconds: int32('Seconds a new pod must stay ready before it counts as available. 0 by default.'),
    ordinals: field(StatefulSetOrdinals, 'Numbering of the pods. Unset begins at 0.'),
    persistentVolumeClaimRetentionPolicy: field(
      StatefulSetPersistentVolumeClaimRetentionPolicy,
      'Whether claims outlive their pods. Unset keeps them always.',
    ),
    podManagementPolicy: string(
      'OrderedReady, the default, starts each pod only when the ones before are ready and ends them in reverse; Parallel does not wait. It cannot be changed.',
      { enum: ['OrderedReady', 'Parallel'], default: 'OrderedReady' },
    ),
    replicas: int32('How many pods to run, each with its own number and claims. 1 by default.', { default: 1 }),
    revisionHistoryLimit: int32('How many revisions not in use are kept to go back to. 10 by default.', { default: 10 }),
    selector: field(LabelSelector, 'Which pods belong to the set. Must match the labels of the template and cannot be changed.'),
    serviceName: string(
      'Name of the headless Service that gives the pods their DNS names, as pod.service.namespace.svc and the cluster domain. It cannot be changed.',
    ),
    template: field(PodTemplateSpec, 'The pod to run. Pods are named after the set and their ordinal; restartPolicy must be Always.', {
      default: {},
    }),
    updateStrategy: field(StatefulSetUpdateStrategy, 'How running pods follow a change of the template.', { default: {} }),
    volumeClaimTemplates: list(
      PersistentVolumeClaim,
      'Claims every pod gets for itself, named after template, set and ordinal and found again when the pod is recreated. Each stands in for a volume of its name. They cannot be changed.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
  },
  ['selector', 'template'],
)
export type StatefulSetSpec = FromSchema<typeof StatefulSetSpec>

export const StatefulSetCondition = object(
  'io.k8s.api.apps.v1.StatefulSetCondition',
  'One aspect of the state of a StatefulSet.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Name of the condition.'),
  },
  ['type', 'status'],
)
export type StatefulSetCondition = FromSchema<typeof StatefulSetCondition>

export const StatefulSetStatus = object(
  'io.k8s.api.apps.v1.StatefulSetStatus',
  'What the controller last saw of a StatefulSet. It may lag behind.',
  {
    availableReplicas: int32('Pods that have been ready for minReadySeconds.'),
    collisionCount: int32('How often the hash in the name of a new revision collided with another; part of that hash.'),
    conditions: list(StatefulSetCondition, 'Aspects of the state, one per type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentReplicas: int32('Pods made from currentRevision.'),
    currentRevision: string(
      'Name of the ControllerRevision the pods had before the update that is under way, or have now if there is none.',
    ),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
    readyReplicas: int32('Pods that are ready.'),
    replicas: int32('Pods the controller has made for the set.'),
    updateRevision: string('Name of the ControllerRevision of the newest template.'),
    updatedReplicas: int32('Pods made from updateRevision.'),
  },
  ['replicas'],
)
export type StatefulSetStatus = FromSchema<typeof StatefulSetStatus>

export const StatefulSet = object(
  'io.k8s.api.apps.v1.StatefulSet',
  'Runs pods with a lasting identity: a fixed name, a DNS name and storage of their own that survive restarts and moves to other nodes.',
  {
    ...objectHead,
    spec: field(StatefulSetSpec, 'The wanted state.', { default: {} }),
    status: field(StatefulSetStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
)
export type StatefulSet = FromSchema<typeof StatefulSet>
