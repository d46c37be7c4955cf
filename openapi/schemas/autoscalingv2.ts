import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, int64, list, object, quantity, string, time } from '../schema.ts'
import { objectHead } from './meta.ts'
import { LabelSelector } from './selector.ts'

export const HPAScalingPolicy = object(
  'io.k8s.api.autoscaling.v2.HPAScalingPolicy',
  'One limit of how much a workload may change within a time.',
  {
    periodSeconds: int32('Length of the time, in seconds. More than 0, at most 1800.'),
    type: string('What value counts: Pods or Percent.'),
    value: int32('The largest change within the time. More than 0.'),
  },
  ['type', 'value', 'periodSeconds'],
)
export type HPAScalingPolicy = FromSchema<typeof HPAScalingPolicy>

export const HPAScalingRules = object('io.k8s.api.autoscaling.v2.HPAScalingRules', 'How fast the size may change in one direction.', {
  policies: list(HPAScalingPolicy, 'Limits, of which selectPolicy takes one. At least one if the list is given.', {
    // An empty list is refused, where none at all gets the default.
    'x-keeps-empty': true,
    'x-kubernetes-list-type': 'atomic',
  }),
  selectPolicy: string(
    'Max, the default, takes the policy that allows the largest change, Min the smallest; Disabled forbids this direction.',
  ),
  stabilizationWindowSeconds: int32(
    'Recommendations of so many past seconds are looked at before a change. At most 3600. 0 for growing and 300 for shrinking by default.',
  ),
  tolerance: quantity(
    'How far metric and target may differ, as a fraction, before the size changes. That of the whole cluster if unset, usually 0.1.',
  ),
})
export type HPAScalingRules = FromSchema<typeof HPAScalingRules>

export const HorizontalPodAutoscalerBehavior = object(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior',
  'How fast the size may change.',
  {
    scaleDown: field(HPAScalingRules, 'Towards fewer pods. By default all the way to minReplicas, after five minutes of low need.'),
    scaleUp: field(HPAScalingRules, 'Towards more pods. By default the larger of 4 pods and the double, every 15 seconds.'),
  },
)
export type HorizontalPodAutoscalerBehavior = FromSchema<typeof HorizontalPodAutoscalerBehavior>

export const MetricTarget = object(
  'io.k8s.api.autoscaling.v2.MetricTarget',
  'The value of a metric that is aimed at.',
  {
    averageUtilization: int32('Average over the pods, in percent of what they request. For resource metrics only.'),
    averageValue: quantity('Average over the pods, as a quantity.'),
    type: string('Which of the other fields counts: Utilization, Value or AverageValue.'),
    value: quantity('The whole value, as a quantity.'),
  },
  ['type'],
)
export type MetricTarget = FromSchema<typeof MetricTarget>

export const ContainerResourceMetricSource = object(
  'io.k8s.api.autoscaling.v2.ContainerResourceMetricSource',
  'Use of a resource by one container of each pod.',
  {
    container: string('Name of the container.'),
    name: string('Name of the resource.'),
    target: field(MetricTarget, 'The value aimed at.', { default: {} }),
  },
  ['name', 'target', 'container'],
)
export type ContainerResourceMetricSource = FromSchema<typeof ContainerResourceMetricSource>

export const MetricIdentifier = object(
  'io.k8s.api.autoscaling.v2.MetricIdentifier',
  'Which metric.',
  {
    name: string('Name of the metric.'),
    selector: field(LabelSelector, 'Labels that narrow the metric down, if the metrics server knows such.'),
  },
  ['name'],
)
export type MetricIdentifier = FromSchema<typeof MetricIdentifier>

export const ExternalMetricSource = object(
  'io.k8s.api.autoscaling.v2.ExternalMetricSource',
  'A metric of something outside of the cluster.',
  {
    metric: field(MetricIdentifier, 'Which metric.', { default: {} }),
    target: field(MetricTarget, 'The value aimed at.', { default: {} }),
  },
  ['metric', 'target'],
)
export type ExternalMetricSource = FromSchema<typeof ExternalMetricSource>

export const CrossVersionObjectReference = object(
  'io.k8s.api.autoscaling.v2.CrossVersionObjectReference',
  'Names an object of the same namespace.',
  {
    apiVersion: string('Group and version of its kind.'),
    kind: string('Its kind.'),
    name: string('Its name.'),
  },
  ['kind', 'name'],
)
export type CrossVersionObjectReference = FromSchema<typeof CrossVersionObjectReference>

export const ObjectMetricSource = object(
  'io.k8s.api.autoscaling.v2.ObjectMetricSource',
  'A metric of one object, such as the requests of an Ingress.',
  {
    describedObject: field(CrossVersionObjectReference, 'The object.', { default: {} }),
    metric: field(MetricIdentifier, 'Which metric.', { default: {} }),
    target: field(MetricTarget, 'The value aimed at.', { default: {} }),
  },
  ['describedObject', 'target', 'metric'],
)
export type ObjectMetricSource = FromSchema<typeof ObjectMetricSource>

export const PodsMetricSource = object(
  'io.k8s.api.autoscaling.v2.PodsMetricSource',
  'A metric of each pod, averaged.',
  {
    metric: field(MetricIdentifier, 'Which metric.', { default: {} }),
    target: field(MetricTarget, 'The value aimed at.', { default: {} }),
  },
  ['metric', 'target'],
)
export type PodsMetricSource = FromSchema<typeof PodsMetricSource>

export const ResourceMetricSource = object(
  'io.k8s.api.autoscaling.v2.ResourceMetricSource',
  'Use of a resource by all containers of each pod.',
  {
    name: string('Name of the resource.'),
    target: field(MetricTarget, 'The value aimed at.', { default: {} }),
  },
  ['name', 'target'],
)
export type ResourceMetricSource = FromSchema<typeof ResourceMetricSource>

export const MetricSpec = object(
  'io.k8s.api.autoscaling.v2.MetricSpec',
  'One metric to scale by. Only the field that type names may be set.',
  {
    containerResource: field(ContainerResourceMetricSource, 'Use of a resource by one container.'),
    external: field(ExternalMetricSource, 'Something outside of the cluster.'),
    object: field(ObjectMetricSource, 'Something about one object.'),
    pods: field(PodsMetricSource, 'Something about each pod.'),
    resource: field(ResourceMetricSource, 'Use of a resource by whole pods.'),
    type: string('ContainerResource, External, Object, Pods or Resource.'),
  },
  ['type'],
)
export type MetricSpec = FromSchema<typeof MetricSpec>

export const HorizontalPodAutoscalerSpec = object(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec',
  'What to scale, between which sizes and by what.',
  {
    behavior: field(HorizontalPodAutoscalerBehavior, 'How fast the size may change. The defaults of the two directions if unset.'),
    maxReplicas: int32('The largest size. Not below minReplicas.'),
    metrics: list(MetricSpec, 'What to scale by: the metric that asks for most pods wins. 80 percent of the requested CPU by default.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    minReplicas: int32('The smallest size. 1 by default.', { default: 1 }),
    scaleTargetRef: field(CrossVersionObjectReference, 'The workload; it must have a scale subresource.', { default: {} }),
  },
  ['scaleTargetRef', 'maxReplicas'],
)
export type HorizontalPodAutoscalerSpec = FromSchema<typeof HorizontalPodAutoscalerSpec>

export const HorizontalPodAutoscalerCondition = object(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition',
  'One aspect of the state of an autoscaler.',
  {
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Name of the condition.'),
  },
  ['type', 'status'],
)
export type HorizontalPodAutoscalerCondition = FromSchema<typeof HorizontalPodAutoscalerCondition>

export const MetricValueStatus = object('io.k8s.api.autoscaling.v2.MetricValueStatus', 'The present value of a metric.', {
  averageUtilization: int32('Average over the pods, in percent of what they request.'),
  averageValue: quantity('Average over the pods, as a quantity.'),
  value: quantity('The whole value, as a quantity.'),
})
export type MetricValueStatus = FromSchema<typeof MetricValueStatus>

export const ContainerResourceMetricStatus = object(
  'io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus',
  'Present use of a resource by one container of each pod.',
  {
    container: string('Name of the container.'),
    current: field(MetricValueStatus, 'The present value.', { default: {} }),
    name: string('Name of the resource.'),
  },
  ['name', 'current', 'container'],
)
export type ContainerResourceMetricStatus = FromSchema<typeof ContainerResourceMetricStatus>

export const ExternalMetricStatus = object(
  'io.k8s.api.autoscaling.v2.ExternalMetricStatus',
  'Present value of something outside of the cluster.',
  {
    current: field(MetricValueStatus, 'The present value.', { default: {} }),
    metric: field(MetricIdentifier, 'Which metric.', { default: {} }),
  },
  ['metric', 'current'],
)
export type ExternalMetricStatus = FromSchema<typeof ExternalMetricStatus>

export const ObjectMetricStatus = object(
  'io.k8s.api.autoscaling.v2.ObjectMetricStatus',
  'Present value of a metric of one object.',
  {
    current: field(MetricValueStatus, 'The present value.', { default: {} }),
    describedObject: field(CrossVersionObjectReference, 'The object.', { default: {} }),
    metric: field(MetricIdentifier, 'Which metric.', { default: {} }),
  },
  ['metric', 'current', 'describedObject'],
)
export type ObjectMetricStatus = FromSchema<typeof ObjectMetricStatus>

export const PodsMetricStatus = object(
  'io.k8s.api.autoscaling.v2.PodsMetricStatus',
  'Present value of a metric of each pod.',
  {
    current: field(MetricValueStatus, 'The present value.', { default: {} }),
    metric: field(MetricIdentifier, 'Which metric.', { default: {} }),
  },
  ['metric', 'current'],
)
export type PodsMetricStatus = FromSchema<typeof PodsMetricStatus>

export const ResourceMetricStatus = object(
  'io.k8s.api.autoscaling.v2.ResourceMetricStatus',
  'Present use of a resource by all containers of each pod.',
  {
    current: field(MetricValueStatus, 'The present value.', { default: {} }),
    name: string('Name of the resource.'),
  },
  ['name', 'current'],
)
export type ResourceMetricStatus = FromSchema<typeof ResourceMetricStatus>

export const MetricStatus = object(
  'io.k8s.api.autoscaling.v2.MetricStatus',
  'One metric as it was last read. Only the field that type names is set.',
  {
    containerResource: field(ContainerResourceMetricStatus, 'Use of a resource by one container.'),
    external: field(ExternalMetricStatus, 'Something outside of the cluster.'),
    object: field(ObjectMetricStatus, 'Something about one object.'),
    pods: field(PodsMetricStatus, 'Something about each pod.'),
    resource: field(ResourceMetricStatus, 'Use of a resource by whole pods.'),
    type: string('ContainerResource, External, Object, Pods or Resource.'),
  },
  ['type'],
)
export type MetricStatus = FromSchema<typeof MetricStatus>

export const HorizontalPodAutoscalerStatus = object(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus',
  'What an autoscaler saw and decided last.',
  {
    conditions: list(HorizontalPodAutoscalerCondition, 'Whether it can scale, does scale, and is at a limit; one per type.', {
      'x-kubernetes-list-map-keys': ['type'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'type',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    currentMetrics: list(MetricStatus, 'The metrics as last read.', { 'x-kubernetes-list-type': 'atomic' }),
    currentReplicas: int32('Size of the workload when last looked at.'),
    desiredReplicas: int32('Size that was decided on.'),
    lastScaleTime: time('When it last changed the size.'),
    observedGeneration: int64('The metadata.generation the controller has seen last.'),
  },
  ['desiredReplicas'],
)
export type HorizontalPodAutoscalerStatus = FromSchema<typeof HorizontalPodAutoscalerStatus>

export const HorizontalPodAutoscaler = object(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'Changes the size of a workload as its metrics ask for, within bounds.',
  {
    ...objectHead,
    spec: field(HorizontalPodAutoscalerSpec, 'The wanted state.', { default: {} }),
    status: field(HorizontalPodAutoscalerStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
  ['spec'],
)
export type HorizontalPodAutoscaler = FromSchema<typeof HorizontalPodAutoscaler>
