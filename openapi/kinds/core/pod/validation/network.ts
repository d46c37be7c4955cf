// How a pod is named and resolves names: DNS policy and config, host aliases, the host's network.
import { type FieldError, forbidden, invalid, required } from '../../../../errors.ts'
import type { PodDNSConfig, PodSpec } from '../../../../schemas/pod.ts'
import { dnsLabel, dnsSubdomain, ipAddress, oneOf } from './fields.ts'

const maxNameservers = 3
const maxSearches = 32
const maxSearchCharacters = 2048

export const validateDnsPolicy = (policy: string | undefined, path: string): FieldError[] =>
  policy ? oneOf(path, policy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']) : [required(path)]

export function validateDnsConfig(config: PodDNSConfig | undefined, policy: string | undefined, path: string): FieldError[] {
  if (policy === 'None') {
    if (!config) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    if (!config.nameservers?.length)
      return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
  }
  const { nameservers = [], searches = [], options = [] } = config ?? {}
  const errors: FieldError[] = []
  if (nameservers.length > maxNameservers)
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`))
  for (const [index, ip] of nameservers.entries()) errors.push(...ipAddress(`${path}.nameservers[${index}]`, ip))
  if (searches.length > maxSearches)
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${maxSearches} search paths`))
  if (searches.join(' ').length > maxSearchCharacters)
    errors.push(
      invalid(
        `${path}.searches`,
        searches,
        `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`,
      ),
    )
  for (const [index, search] of searches.entries()) errors.push(...searchErrors(`${path}.searches[${index}]`, search))
  for (const [index, { name }] of options.entries()) if (!name) errors.push(required(`${path}.options[${index}]`, 'must not be empty'))
  return errors
}

/** Search paths may hold underscores, and end in a dot. */
const searchErrors = (path: string, search: string): FieldError[] =>
  search === '.'
    ? []
    : dnsSubdomain(
        path,
        search
          .replace(/\.$/, '')
          .replace(/(^|\.)_/g, '$1')
          .replace(/_/g, '-'),
      )

export const validateHostAliases = ({ hostAliases = [] }: PodSpec, path: string): FieldError[] =>
  hostAliases.flatMap(({ ip, hostnames = [] }, index) => [
    ...ipAddress(`${path}[${index}].ip`, ip ?? ''),
    ...hostnames.flatMap((name, i) => dnsSubdomain(`${path}[${index}].hostnames[${i}]`, name)),
  ])

export function validateHostNetwork(spec: PodSpec, path: string): FieldError[] {
  if (!spec.hostNetwork) return []
  const errors: FieldError[] = []
  for (const list of ['containers', 'initContainers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      for (const [port, { hostPort = 0, containerPort = 0 }] of (container.ports ?? []).entries())
        if (hostPort !== containerPort)
          errors.push(
            invalid(`${path}.${list}[${index}].ports[${port}].hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true'),
          )
  if (spec.hostnameOverride !== undefined)
    errors.push(forbidden(`${path}.hostnameOverride`, 'may not be specified when hostNetwork is true'))
  return errors
}

/** A pod with its own user namespace cannot share the host's other ones. */
export function validateHostUsers(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return []
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(field => spec[field])
  const errors = shared.map(field => forbidden(`${path}.${field}`, 'when `hostUsers` is false'))
  for (const [index, container] of (spec.containers ?? []).entries())
    if (container.volumeDevices?.length) errors.push(forbidden(`${path}.containers[${index}].volumeDevices`, 'when `hostUsers` is false'))
  return errors
}

export function validateNames({ hostname, subdomain, hostnameOverride, setHostnameAsFQDN }: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (hostname) errors.push(...dnsLabel(`${path}.hostname`, hostname))
  if (subdomain) errors.push(...dnsLabel(`${path}.subdomain`, subdomain))
  if (hostnameOverride === undefined) return errors
  const at = `${path}.hostnameOverride`
  if (setHostnameAsFQDN) errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'))
  if (hostnameOverride.length > 64)
    errors.push({ reason: 'FieldValueTooLong', field: at, message: 'Too long: may not be more than 64 bytes' })
  return [...errors, ...dnsSubdomain(at, hostnameOverride)]
}
