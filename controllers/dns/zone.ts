// What the cluster's DNS knows: services, their endpoints, pods and namespaces, each change a small update of a few indexes.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service.ts'
import type { EndpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice.ts'
import { isIp } from '../../openapi/values/ip.ts'

export interface Endpoint {
  namespace: string
  service: string
  /** The label before the service's name: its hostname, or its address with dashes. */
  label: string
  ip: string
  ready: boolean
  ports: EndpointSlice['ports']
}

export class Zone {
  readonly #namespaces = new Set<string>()
  readonly #services = new Map<string, Service>()
  readonly #endpoints = new Map<string, Map<string, readonly Endpoint[]>>()
  readonly #serviceOfSlice = new Map<string, string>()
  readonly #pods = new Map<string, Pod>()
  /** What an address belongs to, by its canonical text. */
  readonly #byClusterIp = new Map<string, Set<string>>()
  readonly #byEndpointIp = new Map<string, Set<string>>()
  readonly #byPodIp = new Map<string, Set<string>>()
  /** Unix time of the last change of services and endpoints. */
  serial = 0

  hasNamespace(name: string): boolean {
    return this.#namespaces.has(name)
  }

  setNamespace(name: string, exists: boolean): void {
    if (exists) this.#namespaces.add(name)
    else this.#namespaces.delete(name)
  }

  service(namespace: string, name: string): Service | undefined {
    return this.#services.get(`${namespace}/${name}`)
  }

  setService(key: string, service: Service | undefined): void {
    for (const ip of clusterIps(this.#services.get(key))) drop(this.#byClusterIp, ip, key)
    for (const ip of clusterIps(service)) add(this.#byClusterIp, ip, key)
    if (service) this.#services.set(key, service)
    else this.#services.delete(key)
  }

  /** In the order of the slices. */
  endpoints(namespace: string, service: string): Endpoint[] {
    return [...(this.#endpoints.get(`${namespace}/${service}`)?.values() ?? [])].flat()
  }

  setSlice(key: string, slice: EndpointSlice | undefined): void {
    const before = this.#serviceOfSlice.get(key)
    if (before) {
      for (const { ip } of this.#endpoints.get(before)?.get(key) ?? []) drop(this.#byEndpointIp, ip, key)
      this.#endpoints.get(before)?.delete(key)
      this.#serviceOfSlice.delete(key)
    }
    const name = slice?.metadata.labels?.['kubernetes.io/service-name']
    if (!slice || !name || slice.addressType === 'FQDN') return
    const service = `${slice.metadata.namespace}/${name}`
    const endpoints = endpointsOf(slice, name)
    this.#serviceOfSlice.set(key, service)
    const slices = this.#endpoints.get(service) ?? new Map<string, readonly Endpoint[]>()
    this.#endpoints.set(service, slices.set(key, endpoints))
    for (const { ip } of endpoints) add(this.#byEndpointIp, ip, key)
  }

  setPod(key: string, pod: Pod | undefined): void {
    for (const ip of podIps(this.#pods.get(key))) drop(this.#byPodIp, ip, key)
    for (const ip of podIps(pod)) add(this.#byPodIp, ip, key)
    if (pod) this.#pods.set(key, pod)
    else this.#pods.delete(key)
  }

  /** A pod of the namespace has this address and is not over. */
  hasPod(namespace: string, ip: string): boolean {
    return [...(this.#byPodIp.get(canonicalIp(ip)) ?? [])].some(key => {
      const phase = this.#pods.get(key)?.status.phase
      return key.startsWith(`${namespace}/`) && phase !== 'Succeeded' && phase !== 'Failed'
    })
  }

  /** Services with this cluster IP. */
  servicesAt(ip: string): Service[] {
    return [...(this.#byClusterIp.get(ip) ?? [])].flatMap(key => this.#services.get(key) ?? [])
  }

  endpointsAt(ip: string): Endpoint[] {
    return [...(this.#byEndpointIp.get(ip) ?? [])].flatMap(slice => {
      const service = this.#serviceOfSlice.get(slice) ?? ''
      return (this.#endpoints.get(service)?.get(slice) ?? []).filter(endpoint => endpoint.ip === ip)
    })
  }

  /** Whether an endpoint counts: ready, or its service publishes all. */
  counts(endpoint: Endpoint): boolean {
    return endpoint.ready || this.service(endpoint.namespace, endpoint.service)?.spec.publishNotReadyAddresses === true
  }
}

function endpointsOf(slice: EndpointSlice, service: string): Endpoint[] {
  return (slice.endpoints ?? []).flatMap(({ addresses, hostname, conditions }) =>
    addresses.map(address => {
      const ip = canonicalIp(address)
      return {
        namespace: slice.metadata.namespace ?? '',
        service,
        label: hostname || dashed(ip),
        ip,
        ready: conditions?.ready !== false,
        ports: slice.ports,
      }
    }),
  )
}

const clusterIps = (service: Service | undefined): string[] =>
  (service?.spec.clusterIPs ?? (service?.spec.clusterIP ? [service.spec.clusterIP] : [])).filter(isIp).map(canonicalIp)

const podIps = (pod: Pod | undefined): string[] => (pod?.status.podIPs ?? []).flatMap(({ ip }) => (ip ? [canonicalIp(ip)] : []))

/** '10-24-0-5', '2001-db8--2'; one that would end in a dash gets a zero. */
export const dashed = (ip: string): string => ip.replace(/[.:]/g, '-').replace(/-$/, '-0')

/** IPv6 in its shortest form, so that equal addresses are equal texts. */
export function canonicalIp(ip: string): string {
  if (!ip.includes(':')) return ip
  return new URL(`http://[${ip}]`).hostname.slice(1, -1)
}

function add(index: Map<string, Set<string>>, ip: string, key: string): void {
  const keys = index.get(ip)
  if (keys) keys.add(key)
  else index.set(ip, new Set([key]))
}

function drop(index: Map<string, Set<string>>, ip: string, key: string): void {
  const keys = index.get(ip)
  keys?.delete(key)
  if (keys?.size === 0) index.delete(ip)
}
