// HorizontalPodAutoscaler, in the version that is stored.
import { defineKind } from '../../../kind.ts'
import { HorizontalPodAutoscaler as schema } from '../../../schemas/autoscalingv2.ts'
import { nonNegative } from '../../apps/selection.ts'
import { autoscalerColumns } from './columns.ts'
import { autoscalerDefaults } from './defaults.ts'
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerInput } from './horizontalpodautoscaler.ts'
import { validateAutoscaler } from './validation.ts'

export type { HorizontalPodAutoscaler, HorizontalPodAutoscalerInput } from './horizontalpodautoscaler.ts'

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler, HorizontalPodAutoscalerInput>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  scope: 'Namespaced',
  names: { plural: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', shortNames: ['hpa'], categories: ['all'] },
  schema,
  subresources: { status: true },
  columns: autoscalerColumns,
  defaults: autoscalerDefaults,
  prepareForCreate(draft) {
    draft.status = { desiredReplicas: 0, currentMetrics: null as never }
  },
  validate: validateAutoscaler,
  validateUpdate: validateAutoscaler,
  validateStatusUpdate: ({ status }) => nonNegative(status, ['currentReplicas', 'desiredReplicas'], 'status'),
  example: {
    metadata: { name: 'example' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' }, maxReplicas: 5 },
  },
})
