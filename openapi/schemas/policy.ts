import type { FromSchema } from 'json-schema-to-ts'
import { field, object, string } from '../schema.ts'
import { DeleteOptions, ObjectMeta } from './meta.ts'

export const Eviction = object('io.k8s.api.policy.v1.Eviction', '', {
  apiVersion: string(''),
  deleteOptions: field(DeleteOptions, ''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
})
export type Eviction = FromSchema<typeof Eviction>
