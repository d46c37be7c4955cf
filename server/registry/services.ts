// Services: cluster IPs and node ports are given out, kept while they are used, and given back.
import { type FieldError, invalid, invalidObject } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import { unavailableFamilies, validateServiceAddresses } from '../../openapi/kinds/core/service/addresses.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { isHeadless, needsAddress, needsHealthCheck, needsNodePorts } from '../../openapi/kinds/core/service/strategy.ts'
import type { Ids } from '../ids.ts'
import type { Hook, Reservation } from './hooks.ts'
import { AddressPool, PortPool } from './pools.ts'

export interface ServiceHookOptions {
  ids: Ids
  /** IPv4 CIDR. */
  serviceRange: string
}

interface Pools {
  addresses: AddressPool
  ports: PortPool
}

export function createServiceHook({ ids, serviceRange }: ServiceHookOptions): Hook {
  const pools: Pools = { addresses: new AddressPool(serviceRange, ids), ports: new PortPool(ids) }
  return {
    resource: 'services',
    reserve(draft, current, { dryRun }) {
      const claim = new Claim(draft as Service, current as Service | undefined, { ...pools, dryRun })
      try {
        claim.fill()
      } catch (error) {
        claim.undo()
        throw error
      }
      return claim
    },
    afterDelete: last => release(pools, last as Service, undefined),
  }
}

const addressesOf = (service: Service | undefined): string[] => (service?.spec.clusterIPs ?? []).filter(ip => ip !== 'None')
const portsOf = (service: Service | undefined): number[] => [
  ...(service?.spec.ports ?? []).flatMap(p => (p.nodePort ? [p.nodePort] : [])),
  ...(service?.spec.healthCheckNodePort ? [service.spec.healthCheckNodePort] : []),
]

/** Gives back what `old` has and `next` has not. */
function release({ addresses, ports }: Pools, old: Service | undefined, next: KubeObject | undefined): void {
  const [keptAddresses, keptPorts] = [addressesOf(next as Service | undefined), portsOf(next as Service | undefined)]
  for (const ip of addressesOf(old)) if (!keptAddresses.includes(ip)) addresses.release(ip)
  for (const port of portsOf(old)) if (!keptPorts.includes(port)) ports.release(port)
}

/** What one request takes. A dry run asks the pools and takes nothing. */
class Claim implements Reservation {
  readonly #service: Service
  readonly #old: Service | undefined
  readonly #pools: Pools
  readonly #dryRun: boolean
  readonly #takenAddresses: string[] = []
  readonly #takenPorts: number[] = []

  constructor(service: Service, old: Service | undefined, { dryRun, ...pools }: Pools & { dryRun: boolean }) {
    this.#service = service
    this.#old = old
    this.#pools = pools
    this.#dryRun = dryRun
  }

  /** Order of the steps as upstream's, for the first that fails is the answer. Throws StatusError. */
  fill(): void {
    this.#fillFamilies()
    this.#fillAddress()
    if (needsNodePorts(this.#service) || (this.#service.spec.ports ?? []).some(p => p.nodePort)) this.#fillPorts()
    this.#fillHealthCheck()
  }

  commit(): void {
    release(this.#pools, this.#old, this.#service)
  }

  undo(): void {
    if (this.#dryRun) return
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
    // One that has an address keeps it: another one is an error of validation.
    const has = this.#old !== undefined && needsAddress(this.#old) && (this.#old.spec.clusterIPs ?? []).length > 0
    if (!needsAddress(this.#service) || has || isHeadless(this.#service)) return
    const { addresses } = this.#pools
    const asked = spec.clusterIPs?.[0]
    const why = asked && addresses.problem(asked, this.#dryRun)
    if (why) this.#refuse([invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${why}`)])
    const ip = asked ?? addresses.next()
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
