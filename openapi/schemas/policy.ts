import type { FromSchema } from 'json-schema-to-ts'
import { field, object, string } from '../schema.ts'
import { DeleteOptions, ObjectMeta } from './meta.ts'

export const Eviction = object(
  'io.k8s.api.policy.v1.Eviction',
  'Asks to delete a pod as far as disruption budgets allow. Created on the pod; it is not stored.',
  {
    apiVersion: string(
      'Group and version of this representation, as group/version, or just the version for the core group. The server fills it in and converts other versions it knows.',
    ),
    deleteOptions: field(DeleteOptions, 'How to delete the pod.'),
    kind: string('Name of the type, in CamelCase. It cannot be changed, and the server derives it from the path when it is left out.'),
    metadata: field(ObjectMeta, 'Name and namespace of the pod.', { default: {} }),
  },
)
export type Eviction = FromSchema<typeof Eviction>
