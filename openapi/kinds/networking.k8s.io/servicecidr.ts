// ServiceCIDR.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { canonicalCidrErrors } from '../../rules/addresses.ts'
import { goForm } from '../../rules/goform.ts'
import { ServiceCIDR as schema } from '../../schemas/networking.ts'
import { parseCidr } from '../../values/cidr.ts'

export interface ServiceCIDR extends ObjectOf<typeof schema> {}
export type ServiceCIDRInput = InputOf<typeof schema>

const path = 'spec.cidrs'
const immutable = 'field is immutable'

/** Services may get addresses from it. One that nobody looked at yet counts. */
export const isReady = ({ metadata, status }: ServiceCIDR): boolean =>
  !metadata.deletionTimestamp && (status.conditions?.find(c => c.type === 'Ready')?.status ?? 'True') === 'True'

function validate({ spec }: ServiceCIDR): FieldError[] {
  const cidrs = spec.cidrs ?? []
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')]
  if (cidrs.length > 2) return [invalid(path, goForm('@networking.v1.ServiceCIDRSpec', spec), 'may only hold up to 2 values')]
  const errors = cidrs.flatMap((cidr, index) => canonicalCidrErrors(`${path}[${index}]`, cidr))
  const [first, second] = cidrs.map(cidr => parseCidr(cidr)?.family)
  if (first !== undefined && first === second)
    errors.push(invalid(path, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'))
  return errors
}

/** A second family may come. */
function validateUpdate(next: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const [now, before] = [next.spec.cidrs ?? [], old.spec.cidrs ?? []]
  const changed = before.flatMap((cidr, index) => (now[index] === cidr ? [] : [invalid(`${path}[${index}]`, now[index], immutable)]))
  if (now.length === before.length) return changed
  if (before.length === 1 && now.length === 2) return [...changed, ...validate(next)]
  return [invalid(path, next.spec.cidrs, immutable)]
}

export const serviceCidr = defineKind<ServiceCIDR, ServiceCIDRInput>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  scope: 'Cluster',
  names: { plural: 'servicecidrs', singular: 'servicecidr' },
  schema,
  subresources: { status: true },
  columns: [nameColumn, text<ServiceCIDR>('CIDRs', 'Its ranges.', c => (c.spec.cidrs ?? []).join(',')), ageColumn],
  validate,
  validateUpdate,
  validateStatusUpdate: () => [],
  example: { metadata: { name: 'example' }, spec: { cidrs: ['10.98.0.0/24'] } },
})
