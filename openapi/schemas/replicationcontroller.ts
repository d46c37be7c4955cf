import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, int64, list, map, object, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'
import { PodTemplateSpec } from './pod.ts'

export const ReplicationControllerSpec = object(
  'io.k8s.api.core.v1.ReplicationControllerSpec',
  'What a ReplicationController should look like.',
  {
    minReadySeconds: int32('Seconds a new pod must stay ready before it counts as available. 0 by default.'),
    replicas: int32('How many pods to run. 1 by default.', { default: 1 }),
    selector: map(string(''), 'Labels a pod must carry to belong here. Unset takes the labels of the template.', {
      'x-kubernetes-map-type': 'atomic',
    }),
    template: field(PodTemplateSpec, 'The pod to make when one is missing. Its restartPolicy must be Always.'),
  },
)
export type ReplicationControllerSpec = FromSchema<typeof ReplicationControllerSpec>

export const ReplicationControllerCondition = object(
  'io.k8s.api.core.v1.ReplicationControllerCondition',
  'One aspect of the state of a ReplicationController.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Name of the condition: ReplicaFailure when pods cannot be created or deleted.'),
  },
  ['type', 'status'],
)
export type ReplicationControllerCondition = FromSchema<typeof ReplicationControllerCondition>

export const ReplicationControllerStatus = object(
  'io.k8s.api.core.v1.ReplicationControllerStatus',
  'What the controller last saw. It may lag behind.',
  {
    availableReplicas: int32('Pods that have been ready for minReadySeconds.'),
    conditions: list(ReplicationControllerCondition, 'Aspects of the state, one per type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    fullyLabeledReplicas: int32('Pods that carry all labels of the template.'),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
    readyReplicas: int32('Pods that are ready.'),
    replicas: int32('Pods that are not terminating.'),
  },
  ['replicas'],
)
export type ReplicationControllerStatus = FromSchema<typeof ReplicationControllerStatus>

export const ReplicationController = object(
  'io.k8s.api.core.v1.ReplicationController',
  'Keeps a number of like pods running. The older form of a ReplicaSet, which Deployments do not use.',
  {
    ...objectHead,
    spec: field(ReplicationControllerSpec, 'The wanted state.', { default: {} }),
    status: field(ReplicationControllerStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
)
export type ReplicationController = FromSchema<typeof ReplicationController>
