// What the cluster's DNS knows: services, their ready endpoints, pods and namespaces. A change updates a few indexes; nothing is rebuilt.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'
import { type EndpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { isIp } from '../../openapi/values/ip.ts'

export interface Endpoint {
  namespace: string
  service: string
  /** The label before the service's name, in lower case: its hostname, or its address with dashes. */
  label: string
  /** In canonical form; of a slice of names: a name. */
  address: string
  ports: EndpointSlice['ports']
}

/** The ready endpoints of one service, by slice. `all` and `byLabel` are made when first asked for. */
interface Endpoints {
  slices: Map<string, readonly Endpoint[]>
  all?: readonly Endpoint[]
  byLabel?: ReadonlyMap<string, readonly Endpoint[]>
}

const none: readonly Endpoint[] = []
/** A pod in one of these has no name any more. */
const over = new Set(['Succeeded', 'Failed', 'Unknown'])

export class Zone {
  readonly #namespaces = new Set<string>()
  readonly #services = new Map<string, Service>()
  readonly #endpoints = new Map<string, Endpoints>()
  readonly #serviceOfSlice = new Map<string, string>()
  readonly #podIps = new Map<string, readonly string[]>()
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
  endpoints(namespace: string, service: string): readonly Endpoint[] {
    const found = this.#endpoints.get(`${namespace}/${service}`)
    if (!found) return none
    found.all ??= [...found.slices.values()].flat()
    return found.all
  }

  /** Those whose name below the service is `label`. */
  endpointsNamed(namespace: string, service: string, label: string): readonly Endpoint[] {
    const found = this.#endpoints.get(`${namespace}/${service}`)
    if (!found) return none
    found.byLabel ??= grouped(this.endpoints(namespace, service))
    return found.byLabel.get(label) ?? none
  }

  setSlice(key: string, slice: EndpointSlice | undefined): void {
    const before = this.#serviceOfSlice.get(key)
    const name = slice?.metadata.labels?.[serviceLabel]
    const service = name && `${slice?.metadata.namespace}/${name}`
    for (const { address } of this.#endpointsOf(key)) drop(this.#byEndpointIp, address, key)
    if (before && before !== service) this.#dropSlice(before, key)
    if (!slice || !name || !service) return
    const endpoints = readyEndpoints(slice, name)
    this.#serviceOfSlice.set(key, service)
    const slices = this.#endpoints.get(service)?.slices ?? new Map<string, readonly Endpoint[]>()
    this.#endpoints.set(service, { slices: slices.set(key, endpoints) })
    for (const { address } of endpoints) add(this.#byEndpointIp, address, key)
  }

  #dropSlice(service: string, key: string): void {
    const slices = this.#endpoints.get(service)?.slices
    this.#serviceOfSlice.delete(key)
    slices?.delete(key)
    if (slices && slices.size > 0) this.#endpoints.set(service, { slices })
    else this.#endpoints.delete(service)
  }

  #endpointsOf(slice: string): readonly Endpoint[] {
    const service = this.#serviceOfSlice.get(slice)
    return (service && this.#endpoints.get(service)?.slices.get(slice)) || none
  }

  setPod(key: string, pod: Pod | undefined): void {
    const ips = podIps(pod)
    for (const ip of this.#podIps.get(key) ?? []) drop(this.#byPodIp, ip, key)
    for (const ip of ips) add(this.#byPodIp, ip, key)
    if (ips.length > 0) this.#podIps.set(key, ips)
    else this.#podIps.delete(key)
  }

  /** A pod of the namespace has this address and is not over. `ip` is canonical. */
  hasPod(namespace: string, ip: string): boolean {
    return [...(this.#byPodIp.get(ip) ?? [])].some(key => key.startsWith(`${namespace}/`))
  }

  /** Services with this cluster IP. */
  servicesAt(ip: string): Service[] {
    return [...(this.#byClusterIp.get(ip) ?? [])].flatMap(key => this.#services.get(key) ?? [])
  }

  endpointsAt(ip: string): Endpoint[] {
    return [...(this.#byEndpointIp.get(ip) ?? [])].flatMap(slice => this.#endpointsOf(slice).filter(({ address }) => address === ip))
  }
}

/** An endpoint that does not say whether it is ready is. publishNotReadyAddresses is the slices' business. */
function readyEndpoints(slice: EndpointSlice, service: string): Endpoint[] {
  const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
  return ready.flatMap(({ addresses, hostname }) =>
    addresses.map(text => {
      const address = slice.addressType === 'FQDN' ? text : canonicalIp(text)
      const label = (hostname || dashed(address)).toLowerCase()
      return { namespace: slice.metadata.namespace ?? '', service, label, address, ports: slice.ports }
    }),
  )
}

function grouped(endpoints: readonly Endpoint[]): Map<string, readonly Endpoint[]> {
  const groups = new Map<string, Endpoint[]>()
  for (const endpoint of endpoints) {
    const group = groups.get(endpoint.label)
    if (group) group.push(endpoint)
    else groups.set(endpoint.label, [endpoint])
  }
  return groups
}

const clusterIps = (service: Service | undefined): string[] =>
  (service?.spec.clusterIPs ?? (service?.spec.clusterIP ? [service.spec.clusterIP] : [])).filter(isIp).map(canonicalIp)

function podIps(pod: Pod | undefined): string[] {
  if (!pod || pod.metadata.deletionTimestamp || over.has(pod.status.phase ?? '')) return []
  return (pod.status.podIPs ?? []).flatMap(({ ip }) => (ip ? [canonicalIp(ip)] : []))
}

/** '10-24-0-5', '2001-db8--2'; one that would end in a dash gets a zero. */
const dashed = (address: string): string => address.replace(/[.:]/g, '-').replace(/-$/, '-0')

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
