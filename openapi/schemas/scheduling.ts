import type { FromSchema } from 'json-schema-to-ts'
import { boolean, int32, object, string } from '../schema.ts'
import { objectHead } from './meta.ts'

export const PriorityClass = object(
  'io.k8s.api.scheduling.v1.PriorityClass',
  'A name for a priority of pods: the higher the value, the more important the pod.',
  {
    apiVersion: objectHead.apiVersion,
    description: string('What the class is for, in free text.'),
    globalDefault: boolean('Whether pods that name no class get this one. Only one class may say so.'),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
    preemptionPolicy: string('Whether pods of the class may push out pods of lower priority: PreemptLowerPriority (default) or Never.', {
      enum: ['Never', 'PreemptLowerPriority'],
    }),
    value: int32('The priority that pods of the class get. Cannot be changed.', { default: 0 }),
  },
)
export type PriorityClass = FromSchema<typeof PriorityClass>
