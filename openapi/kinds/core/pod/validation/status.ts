// What a status write may say about a pod.
import { duplicate, type FieldError, forbidden, invalid } from '../../../../errors.ts'
import { isIpv4 } from '../../../../values/ip.ts'
import { isQualifiedName } from '../../../../values/names.ts'
import type { Pod } from '../pod.ts'
import { dnsSubdomain, ipAddress, problems } from './fields.ts'

export function validatePodStatusUpdate(next: Pod, old: Pod): FieldError[] {
  const { status } = next
  const errors = (status.conditions ?? []).flatMap(({ type }, index) => problems(`status.conditions[${index}].Type`, type, isQualifiedName))
  if (status.nominatedNodeName) errors.push(...dnsSubdomain('status.nominatedNodeName', status.nominatedNodeName))
  if (old.status.qosClass !== undefined && status.qosClass !== old.status.qosClass)
    errors.push(invalid('status.qosClass', status.qosClass ?? '', 'field is immutable'))
  for (const field of ['containerStatuses', 'initContainerStatuses'] as const) errors.push(...revivedErrors(next, old, field))
  return [...errors, ...addressErrors(status.podIPs ?? [], 'status.podIPs'), ...addressErrors(status.hostIPs ?? [], 'status.hostIPs')]
}

/** A container that ended for good does not run again. */
function revivedErrors(next: Pod, old: Pod, field: 'containerStatuses' | 'initContainerStatuses'): FieldError[] {
  const policy = next.spec.restartPolicy
  if (policy === 'Always') return []
  const sidecars = new Set((next.spec.initContainers ?? []).filter(c => c.restartPolicy === 'Always').map(c => c.name))
  return (old.status[field] ?? []).flatMap((before, index) => {
    const { terminated } = before.state
    if (!terminated || sidecars.has(before.name) || (policy === 'OnFailure' && terminated.exitCode !== 0)) return []
    const now = next.status[field]?.find(s => s.name === before.name)
    return now && !now.state.terminated
      ? [forbidden(`status.${field}[${index}].state`, 'may not be transitioned to non-terminated state')]
      : []
  })
}

function addressErrors(addresses: readonly { ip: string }[], path: string): FieldError[] {
  const errors = addresses.flatMap(({ ip }, index) => ipAddress(`${path}[${index}]`, ip))
  if (errors.length > 0 || addresses.length < 2) return errors
  const families = new Set(addresses.map(({ ip }) => isIpv4(ip)))
  if (addresses.length > families.size)
    errors.push(
      invalid(
        path,
        addresses.map(({ ip }) => ({ IP: ip })),
        'may specify no more than one IP for each IP family',
      ),
    )
  const seen = new Set<string>()
  for (const [index, { ip }] of addresses.entries()) {
    if (seen.has(ip)) errors.push(duplicate(`${path}[${index}]`, ip))
    seen.add(ip)
  }
  return errors
}
