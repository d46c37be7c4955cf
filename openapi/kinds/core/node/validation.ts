// Nodes: taints, pod ranges, and what stays once it is set.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../../errors.ts'
import { cidrErrors } from '../../../rules/addresses.ts'
import { contentErrors } from '../../../rules/metadata.ts'
import { amountErrors } from '../../../rules/resources.ts'
import { isCidr } from '../../../values/cidr.ts'
import { isLabelValue, isQualifiedName } from '../../../values/names.ts'
import { oneOf, problems } from '../pod/validation/fields.ts'
import { asGo } from '../pod/validation/goform.ts'
import type { Node } from './index.ts'

type Taint = NonNullable<Node['spec']['taints']>[number]

export const validateNode = ({ spec, status }: Node): FieldError[] => [
  ...taintErrors(spec.taints ?? []),
  ...resourceErrors(status),
  ...rangeErrors(spec.podCIDRs ?? []),
]

export const validateNodeUpdate = (next: Node, old: Node): FieldError[] => [
  ...contentErrors(next.metadata, 'metadata'),
  ...validateNode(next),
  ...validateNodeStatusUpdate(next, old),
]

export function validateNodeStatusUpdate(next: Node, old: Node): FieldError[] {
  const errors = [...addressErrors(next.status), ...resourceErrors(next.status)]
  const [now, before] = [next.spec.podCIDRs ?? [], old.spec.podCIDRs ?? []]
  if (before.length > 0 && (now.length !== before.length || now.some((range, index) => range !== before[index])))
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
  if (old.spec.providerID && next.spec.providerID !== old.spec.providerID)
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  errors.push(...taintErrors(next.spec.taints ?? []))
  if (next.spec.externalID !== old.spec.externalID) errors.push(forbidden('spec.externalID', 'may not be updated'))
  return errors
}

/** Their path is one of metadata, where taints once were. */
function taintErrors(taints: readonly Taint[]): FieldError[] {
  return taints.flatMap((taint, index) => {
    const path = `metadata.taints[${index}]`
    const { key, value = '', effect } = taint
    const errors = problems(`${path}.key`, key, isQualifiedName)
    const wrong = isLabelValue(value)
    if (wrong.length > 0) errors.push(invalid(`${path}.value`, value, wrong.join(';')))
    errors.push(
      ...(effect ? oneOf(`${path}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']) : [required(`${path}.effect`)]),
    )
    if (taints.slice(0, index).some(t => t.key === key && t.effect === effect)) {
      const error = duplicate(path, asGo('Taint', taint))
      errors.push({ ...error, message: `${error.message}: taints must be unique by key and effect pair` })
    }
    return errors
  })
}

const resourceErrors = ({ capacity = {}, allocatable = {} }: Node['status']): FieldError[] => [
  ...Object.entries(capacity).flatMap(([name, amount]) => amountErrors(name, amount, `status.capacity.${name}`)),
  ...Object.entries(allocatable).flatMap(([name, amount]) => amountErrors(name, amount, `status.allocatable.${name}`)),
]

function rangeErrors(ranges: readonly string[]): FieldError[] {
  const path = 'spec.podCIDRs'
  const errors = ranges.flatMap((range, index) => cidrErrors(`${path}[${index}]`, range))
  if (ranges.length < 2 || !ranges.every(isCidr)) return errors
  const families = new Set(ranges.map(range => range.includes(':')))
  return families.size === 2 && ranges.length === 2
    ? errors
    : [...errors, invalid(path, ranges, 'may specify no more than one CIDR for each IP family')]
}

function addressErrors({ addresses = [] }: Node['status']): FieldError[] {
  return addresses.flatMap((address, index) => {
    const repeated = addresses.slice(0, index).some(a => a.type === address.type && a.address === address.address)
    return repeated ? [duplicate(`status.addresses[${index}]`, asGo('NodeAddress', address))] : []
  })
}

export const nodeWarnings = ({ spec }: Node): string[] =>
  spec.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []
