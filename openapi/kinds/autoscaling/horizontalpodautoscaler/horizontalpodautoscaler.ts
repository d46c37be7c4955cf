// The types of the stored version, apart from the kind so that its parts can name them.
import type { InputOf, ObjectOf } from '../../../kind.ts'
import type { HorizontalPodAutoscaler as schema } from '../../../schemas/autoscalingv2.ts'

export interface HorizontalPodAutoscaler extends ObjectOf<typeof schema> {}
export type HorizontalPodAutoscalerInput = InputOf<typeof schema>
export type Metric = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]
export type MetricStatus = NonNullable<HorizontalPodAutoscaler['status']['currentMetrics']>[number]
export type MetricTarget = NonNullable<Metric['resource']>['target']
export type ScalingRules = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']['behavior']>['scaleUp']>
