import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, microTime, object, string } from '../schema.ts'
import { ObjectMeta } from './meta.ts'

export const LeaseSpec = object('io.k8s.api.coordination.v1.LeaseSpec', '', {
  acquireTime: microTime(''),
  holderIdentity: string(''),
  leaseDurationSeconds: int32(''),
  leaseTransitions: int32(''),
  preferredHolder: string(''),
  renewTime: microTime(''),
  strategy: string(''),
})
export type LeaseSpec = FromSchema<typeof LeaseSpec>

export const Lease = object('io.k8s.api.coordination.v1.Lease', '', {
  apiVersion: string(''),
  kind: string(''),
  metadata: field(ObjectMeta, '', { default: {} }),
  spec: field(LeaseSpec, '', { default: {} }),
})
export type Lease = FromSchema<typeof Lease>
