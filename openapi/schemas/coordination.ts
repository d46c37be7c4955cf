import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, microTime, object, string } from '../schema.ts'
import { objectHead } from './meta.ts'

export const LeaseSpec = object('io.k8s.api.coordination.v1.LeaseSpec', 'Who holds a lease and for how long.', {
  acquireTime: microTime('When the present holder took the lease.'),
  holderIdentity: string('Name of the holder. Empty means nobody holds it.'),
  leaseDurationSeconds: int32('Seconds after renewTime until others may take the lease. At least 1.'),
  leaseTransitions: int32('How often the lease went from one holder to another.'),
  preferredHolder: string('Who should hold the lease next; the holder hands it over. Needs strategy.'),
  renewTime: microTime('When the holder renewed it last.'),
  strategy: string('How a holder is chosen in coordinated elections, such as OldestEmulationVersion. Unset means by the candidates alone.'),
})
export type LeaseSpec = FromSchema<typeof LeaseSpec>

export const Lease = object(
  'io.k8s.api.coordination.v1.Lease',
  'A lock that runs out unless it is renewed, for electing leaders and for signs of life of nodes.',
  {
    ...objectHead,
    spec: field(LeaseSpec, 'The holder and the terms.', { default: {} }),
  },
)
export type Lease = FromSchema<typeof Lease>
