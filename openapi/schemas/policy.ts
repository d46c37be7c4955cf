import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, int64, intOrString, list, map, object, string, time } from '../schema.ts'
import { Condition, DeleteOptions, ObjectMeta, objectHead } from './meta.ts'
import { LabelSelector } from './selector.ts'

export const Eviction = object(
  'io.k8s.api.policy.v1.Eviction',
  'Asks to delete a pod as far as disruption budgets allow. Created on the pod; it is not stored.',
  {
    apiVersion: objectHead.apiVersion,
    deleteOptions: field(DeleteOptions, 'How to delete the pod.'),
    kind: objectHead.kind,
    metadata: field(ObjectMeta, 'Name and namespace of the pod.', { default: {} }),
  },
)
export type Eviction = FromSchema<typeof Eviction>

export const PodDisruptionBudgetSpec = object(
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec',
  'How many of some pods may be evicted at one time. Only one of minAvailable and maxUnavailable may be given.',
  {
    maxUnavailable: intOrString('How many of the pods may be missing after an eviction, as a number or a percentage rounded up.'),
    minAvailable: intOrString('How many of the pods must be left after an eviction, as a number or a percentage rounded up.'),
    selector: field(LabelSelector, 'Which pods are meant. An empty one means all pods of the namespace, none at all no pod.', {
      'x-kubernetes-patch-strategy': 'replace',
    }),
    unhealthyPodEvictionPolicy: string(
      'Whether pods that run but are not ready may be evicted. IfHealthyBudget, the default: while enough others are healthy; AlwaysAllow: always.',
      { enum: ['AlwaysAllow', 'IfHealthyBudget'] },
    ),
  },
)
export type PodDisruptionBudgetSpec = FromSchema<typeof PodDisruptionBudgetSpec>

export const PodDisruptionBudgetStatus = object(
  'io.k8s.api.policy.v1.PodDisruptionBudgetStatus',
  'What the controller last saw of a budget, and evictions since.',
  {
    conditions: list(Condition, 'Aspects of the state, one per type. DisruptionAllowed says whether the pods can be evicted and why not.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentHealthy: int32('Pods that are healthy.'),
    desiredHealthy: int32('Healthy pods that must be left.'),
    disruptedPods: map(time(''), 'Pods by name that are being evicted and were not yet seen to go, with the time of the eviction.'),
    disruptionsAllowed: int32('How many evictions are allowed now.'),
    expectedPods: int32('Pods the budget counts with.'),
    observedGeneration: int64('The metadata.generation of the spec that the other fields are about.'),
  },
)
export type PodDisruptionBudgetStatus = FromSchema<typeof PodDisruptionBudgetStatus>

export const PodDisruptionBudget = object(
  'io.k8s.api.policy.v1.PodDisruptionBudget',
  'Limits how many of some pods may be evicted at one time.',
  {
    ...objectHead,
    spec: field(PodDisruptionBudgetSpec, 'The wanted state.', { default: {} }),
    status: field(PodDisruptionBudgetStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
)
export type PodDisruptionBudget = FromSchema<typeof PodDisruptionBudget>
