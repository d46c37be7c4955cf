import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, object, string } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

export const ScaleSpec = object('io.k8s.api.autoscaling.v1.ScaleSpec', '', {
  replicas: int32(''),
})
export type ScaleSpec = FromSchema<typeof ScaleSpec>

export const ScaleStatus = object(
  'io.k8s.api.autoscaling.v1.ScaleStatus',
  '',
  {
    replicas: int32(''),
    selector: string(''),
  },
  ['replicas'],
)
export type ScaleStatus = FromSchema<typeof ScaleStatus>

export const Scale = object('io.k8s.api.autoscaling.v1.Scale', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(ScaleSpec, '', { default: {} }),
  status: field(ScaleStatus, '', { default: {} }),
})
export type Scale = FromSchema<typeof Scale>
