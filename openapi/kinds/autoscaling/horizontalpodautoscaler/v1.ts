// HorizontalPodAutoscaler as autoscaling/v1: the same objects, seen through one metric.
import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { HorizontalPodAutoscaler as schema } from '../../../schemas/autoscaling.ts'
import { nonNegative } from '../../apps/selection.ts'
import { autoscalerColumns } from './columns.ts'
import { decode, encode, encodeWhole } from './conversion.ts'
import { horizontalPodAutoscaler } from './index.ts'
import { validateAutoscaler } from './validation.ts'

export interface HorizontalPodAutoscalerV1 extends ObjectOf<typeof schema> {}
export type HorizontalPodAutoscalerV1Input = InputOf<typeof schema>

export const horizontalPodAutoscalerV1 = defineKind<HorizontalPodAutoscalerV1, HorizontalPodAutoscalerV1Input>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  scope: 'Namespaced',
  names: { plural: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', shortNames: ['hpa'], categories: ['all'] },
  schema,
  storedAs: { kind: horizontalPodAutoscaler as never, encode: encodeWhole, decode },
  subresources: { status: true },
  columns: autoscalerColumns.map(column => ({
    ...column,
    value: (object: HorizontalPodAutoscalerV1, now: Date) => column.value(encodeWhole(object), now),
  })),
  prepareForCreate(draft) {
    draft.status = { currentReplicas: 0, desiredReplicas: 0 }
  },
  validate: object => validateAutoscaler(encode(object)),
  validateUpdate: object => validateAutoscaler(encode(object)),
  validateStatusUpdate: ({ status }) => nonNegative(status, ['currentReplicas', 'desiredReplicas'], 'status'),
  example: {
    metadata: { name: 'example' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' }, maxReplicas: 5 },
  },
})
