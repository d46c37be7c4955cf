import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, object, string } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

export const PriorityClass = object(
  'io.k8s.api.scheduling.v1.PriorityClass',
  'A name for a priority of pods: the higher the value, the more important the pod.',
  {
    apiVersion: string(
      'Group and version of this representation, as group/version, or just the version for the core group. The server fills it in and converts other versions it knows.',
    ),
    description: string('What the class is for, in free text.'),
    globalDefault: boolean('Whether pods that name no class get this one. Only one class may say so.'),
    kind: string('Name of the type, in CamelCase. It cannot be changed, and the server derives it from the path when it is left out.'),
    metadata: field(ObjectMeta, 'Name, namespace, labels and the other facts every stored object carries.', { default: {} }),
    preemptionPolicy: string('Whether pods of the class may push out pods of lower priority: PreemptLowerPriority (default) or Never.', {
      enum: ['Never', 'PreemptLowerPriority'],
    }),
    value: int32('The priority that pods of the class get. Cannot be changed.', { default: 0 }),
  },
)
export type PriorityClass = FromSchema<typeof PriorityClass>
