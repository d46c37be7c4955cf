import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, object, string } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

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
  apiVersion: string(
    'Group and version of this representation, as group/version, or just the version for the core group. The server fills it in and converts other versions it knows.',
  ),
  kind: string('Name of the type, in CamelCase. It cannot be changed, and the server derives it from the path when it is left out.'),
  metadata: field(ObjectMeta, 'Name, namespace, labels and the other facts every stored object carries.', { default: {} }),
  spec: field(ScaleSpec, 'The wanted size.', { default: {} }),
  status: field(ScaleStatus, 'The present size; read-only.', { default: {} }),
})
export type Scale = FromSchema<typeof Scale>
