import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, int64, object, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'

export const ScaleSpec = object('io.k8s.api.autoscaling.v1.ScaleSpec', 'The wanted size of a workload.', {
  replicas: int32('How many pods are wanted. 0 if unset.'),
})
export type ScaleSpec = FromSchema<typeof ScaleSpec>

export const ScaleStatus = object(
  'io.k8s.api.autoscaling.v1.ScaleStatus',
  'The size a workload has.',
  {
    replicas: int32('How many pods there are.'),
    selector: string('Label selector of the pods, in the text form of list requests.'),
  },
  ['replicas'],
)
export type ScaleStatus = FromSchema<typeof ScaleStatus>

export const Scale = object('io.k8s.api.autoscaling.v1.Scale', 'The size of a workload, in the same form for all kinds that have one.', {
  ...objectHead,
  spec: field(ScaleSpec, 'The wanted size.', { default: {} }),
  status: field(ScaleStatus, 'The present size; read-only.', { default: {} }),
})
export type Scale = FromSchema<typeof Scale>

export const CrossVersionObjectReference = object(
  'io.k8s.api.autoscaling.v1.CrossVersionObjectReference',
  'Names an object of the same namespace.',
  {
    apiVersion: string('Group and version of its kind.'),
    kind: string('Its kind.'),
    name: string('Its name.'),
  },
  ['kind', 'name'],
  { 'x-kubernetes-map-type': 'atomic' },
)
export type CrossVersionObjectReference = FromSchema<typeof CrossVersionObjectReference>

export const HorizontalPodAutoscalerSpec = object(
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec',
  'What to scale, between which sizes and by how much CPU.',
  {
    maxReplicas: int32('The largest size. Not below minReplicas.'),
    minReplicas: int32('The smallest size. 1 by default.', { default: 1 }),
    scaleTargetRef: field(CrossVersionObjectReference, 'The workload; it must have a scale subresource.', { default: {} }),
    targetCPUUtilizationPercentage: int32(
      'Average use of CPU that is aimed at, in percent of what the pods request. 80 if nothing else is scaled by.',
    ),
  },
  ['scaleTargetRef', 'maxReplicas'],
)
export type HorizontalPodAutoscalerSpec = FromSchema<typeof HorizontalPodAutoscalerSpec>

export const HorizontalPodAutoscalerStatus = object(
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus',
  'What an autoscaler saw and decided last.',
  {
    currentCPUUtilizationPercentage: int32('Average use of CPU over the pods, in percent of what they request.'),
    currentReplicas: int32('Size of the workload when last looked at.'),
    desiredReplicas: int32('Size that was decided on.'),
    lastScaleTime: time('When it last changed the size.'),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
  },
  ['currentReplicas', 'desiredReplicas'],
)
export type HorizontalPodAutoscalerStatus = FromSchema<typeof HorizontalPodAutoscalerStatus>

export const HorizontalPodAutoscaler = object(
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  'Changes the size of a workload by its use of CPU, within bounds. Version 2 of the group says more; what has no field here is shown in annotations.',
  {
    ...objectHead,
    spec: field(HorizontalPodAutoscalerSpec, 'The wanted state.', { default: {} }),
    status: field(HorizontalPodAutoscalerStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
  ['spec'],
)
export type HorizontalPodAutoscaler = FromSchema<typeof HorizontalPodAutoscaler>
