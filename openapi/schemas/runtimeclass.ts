import type { FromSchema } from 'json-schema-to-ts'
import { field, list, map, object, quantity, string } from '../schema.ts'
import { objectHead } from './meta.ts'
import { Toleration } from './selector.ts'

export const Overhead = object('io.k8s.api.node.v1.Overhead', 'What a pod costs besides its containers.', {
  podFixed: map(quantity(''), 'Amounts of resources that each pod takes.'),
})
export type Overhead = FromSchema<typeof Overhead>

export const Scheduling = object('io.k8s.api.node.v1.Scheduling', 'Which nodes can run the pods of a class.', {
  nodeSelector: map(string(''), 'Labels that such nodes have. They are added to the selector of the pod, which must not contradict.', {
    'x-kubernetes-map-type': 'atomic',
  }),
  tolerations: list(Toleration, 'Tolerations that are added to those of the pod.', { 'x-kubernetes-list-type': 'atomic' }),
})
export type Scheduling = FromSchema<typeof Scheduling>

export const RuntimeClass = object(
  'io.k8s.api.node.v1.RuntimeClass',
  'A way to run containers, which a pod chooses by runtimeClassName.',
  {
    apiVersion: objectHead.apiVersion,
    handler: string('Name by which the container runtime of the nodes knows the configuration. Must be a DNS label and cannot be changed.'),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
    overhead: field(Overhead, 'What a pod of this class costs besides its containers.'),
    scheduling: field(Scheduling, 'Which nodes can run pods of this class. None means all of them.'),
  },
  ['handler'],
)
export type RuntimeClass = FromSchema<typeof RuntimeClass>
