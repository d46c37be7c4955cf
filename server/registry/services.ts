// Services: cluster IPs and node ports are given out, kept while they are used, and given back. Each cluster IP has an IPAddress.
import { type FieldError, internalError, invalid, invalidObject } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import { unavailableFamilies, validateServiceAddresses } from '../../openapi/kinds/core/service/addresses.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { isHeadless, needsAddress, needsHealthCheck, needsNodePorts } from '../../openapi/kinds/core/service/strategy.ts'
import type { Hook, Reservation } from './hooks.ts'
import { createIpAddresses, type IpAddresses, type IpAddressOptions } from './ipaddresses.ts'
import { AddressPool, PortPool, type Range } from './pools.ts'

interface Pools {
  addresses: AddressPool
  ports: PortPool
  /** The objects that stand for the addresses. */
  objects: IpAddresses
}

/** Of Services, and of the IPAddresses that they share the pool with. */
export function createServiceHooks(options: IpAddressOptions): Hook[] {
  const addresses = new AddressPool(options.ids)
  const objects = createIpAddresses(options, addresses)
  const pools: Pools = { addresses, ports: new PortPool(options.ids), objects }
  const services: Hook = {
    resource: 'services',
    async reserve(draft, current, { dryRun }) {
      const [service, old] = [draft as Service, current as Service | undefined]
      const ranges = asksForAddress(service, old) ? await objects.ranges() : []
      const claim = new Claim(service, old, { ...pools, ranges, dryRun })
      try {
        claim.fill()
      } catch (error) {
        await claim.undo()
        throw error
      }
      return claim
    },
    afterDelete: last => release(pools, last as Service, undefined),
  }
  return [services, objects.hook]
}

/** One that has an address keeps it: another one is an error of validation. */
const asksForAddress = (service: Service, old: Service | undefined): boolean =>
  needsAddress(service) && !isHeadless(service) && !(old !== undefined && needsAddress(old) && (old.spec.clusterIPs ?? []).length > 0)

const addressesOf = (service: Service | undefined): string[] => (service?.spec.clusterIPs ?? []).filter(ip => ip !== 'None')
const portsOf = (service: Service | undefined): number[] => [
  ...(service?.spec.ports ?? []).flatMap(p => (p.nodePort ? [p.nodePort] : [])),
  ...(service?.spec.healthCheckNodePort ? [service.spec.healthCheckNodePort] : []),
]

/** Gives back what `old` has and `next` has not. */
async function release({ addresses, ports, objects }: Pools, old: Service | undefined, next: KubeObject | undefined): Promise<void> {
  const [keptAddresses, keptPorts] = [addressesOf(next as Service | undefined), portsOf(next as Service | undefined)]
  for (const port of portsOf(old)) if (!keptPorts.includes(port)) ports.release(port)
  for (const ip of addressesOf(old).filter(each => !keptAddresses.includes(each))) {
    if (await objects.remove(ip)) addresses.release(ip)
  }
}

interface Terms {
  /** Where addresses may come from. */
  ranges: readonly Range[]
  dryRun: boolean
}

/** What one request takes. A dry run asks the pools and takes nothing. */
class Claim implements Reservation {
  readonly #service: Service
  readonly #old: Service | undefined
  readonly #pools: Pools
  readonly #ranges: readonly Range[]
  readonly #dryRun: boolean
  readonly #takenAddresses: string[] = []
  readonly #takenPorts: number[] = []
  readonly #made: string[] = []

  constructor(service: Service, old: Service | undefined, { ranges, dryRun, ...pools }: Pools & Terms) {
    this.#service = service
    this.#old = old
    this.#pools = pools
    this.#ranges = ranges
    this.#dryRun = dryRun
  }

  /** Order of the steps as upstream's, for the first that fails is the answer. Throws StatusError. */
  fill(): void {
    this.#fillFamilies()
    this.#fillAddress()
    if (needsNodePorts(this.#service) || (this.#service.spec.ports ?? []).some(p => p.nodePort)) this.#fillPorts()
    this.#fillHealthCheck()
  }

  async prepare(): Promise<void> {
    for (const ip of this.#takenAddresses) {
      await this.#pools.objects.create(ip, this.#service)
      this.#made.push(ip)
    }
  }

  commit(): Promise<void> {
    return release(this.#pools, this.#old, this.#service)
  }

  async undo(): Promise<void> {
    if (this.#dryRun) return
    for (const ip of this.#made) await this.#pools.objects.remove(ip)
    for (const ip of this.#takenAddresses) this.#pools.addresses.release(ip)
    for (const port of this.#takenPorts) this.#pools.ports.release(port)
  }

  /** Family fields, as a single-stack IPv4 cluster fills them. */
  #fillFamilies(): void {
    const service = this.#service
    const { spec } = service
    if (!needsAddress(service)) return
    this.#refuse(validateServiceAddresses(service))
    // Whoever manages the endpoints of such a service may list any family.
    if (isHeadless(service) && Object.keys(spec.selector ?? {}).length === 0) {
      spec.ipFamilyPolicy ??= 'RequireDualStack'
      spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4']
      const [first] = spec.ipFamilies
      if (spec.ipFamilies.length < 2 && spec.ipFamilyPolicy !== 'SingleStack')
        spec.ipFamilies = [...spec.ipFamilies, first === 'IPv4' ? 'IPv6' : 'IPv4']
      return
    }
    this.#refuse(unavailableFamilies(service))
    spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4']
    spec.ipFamilyPolicy ??= 'SingleStack'
  }

  #fillAddress(): void {
    const { spec } = this.#service
    if (!asksForAddress(this.#service, this.#old)) return
    const { addresses } = this.#pools
    const asked = spec.clusterIPs?.[0]
    const why = asked && addresses.problem(asked, this.#ranges, this.#dryRun)
    if (why) this.#refuse([invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${why}`)])
    const ip = asked ?? addresses.next(this.#ranges)
    if (!ip) throw internalError('failed to allocate a serviceIP: range is full')
    if (!this.#dryRun) addresses.take(ip)
    this.#takenAddresses.push(ip)
    spec.clusterIP = ip
    spec.clusterIPs = [ip]
  }

  #fillPorts(): void {
    const ports = this.#service.spec.ports ?? []
    const held = new Set(portsOf(this.#old))
    // One number serves several protocols of a port.
    const byPort = new Map<number, number>()
    if (this.#old) for (const { port, nodePort } of ports) if (nodePort && held.has(nodePort)) byPort.set(port, nodePort)
    for (const [index, port] of ports.entries()) {
      if (!port.nodePort && !needsNodePorts(this.#service)) continue
      if (port.nodePort && held.has(port.nodePort)) continue
      const given = byPort.get(port.port)
      if (given !== undefined && (!port.nodePort || port.nodePort === given)) {
        port.nodePort = given
        continue
      }
      const asked = port.nodePort || ports.find(p => p.port === port.port && p.nodePort)?.nodePort
      port.nodePort = this.#takePort(asked, why => invalid(`spec.ports[${index}].nodePort`, asked, why))
      byPort.set(port.port, port.nodePort)
    }
  }

  #fillHealthCheck(): void {
    if (!needsHealthCheck(this.#service) || (this.#old && needsHealthCheck(this.#old))) return
    const { spec } = this.#service
    const asked = spec.healthCheckNodePort
    const error = (why: string) =>
      invalid('spec.healthCheckNodePort', asked, `failed to allocate requested HealthCheck NodePort ${asked}: ${why}`)
    spec.healthCheckNodePort = this.#takePort(asked, error)
  }

  #takePort(asked: number | undefined, error: (why: string) => FieldError): number {
    const { ports } = this.#pools
    if (asked) {
      const why = this.#takenPorts.includes(asked) ? 'provided port is already allocated' : ports.problem(asked, this.#dryRun)
      if (why) this.#refuse([error(why)])
    }
    // Upstream's dry run counts on from above the range.
    const port = asked || (this.#dryRun ? Math.max(32_768, ...this.#takenPorts) + 1 : ports.next())
    if (!this.#dryRun) ports.take(port)
    this.#takenPorts.push(port)
    return port
  }

  #refuse(errors: readonly FieldError[]): void {
    if (errors.length > 0) throw invalidObject(serviceKind, this.#service.metadata.name, errors)
  }
}
