// Services: cluster IPs and node ports are given out, kept while they are used, and given back.
import { type FieldError, invalid, invalidObject } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service.ts'
import type { Ids } from '../ids.ts'
import type { Hook } from './hooks.ts'

export interface ServiceHookOptions {
  ids: Ids
  /** IPv4 CIDR. */
  serviceRange: string
}

const nodePorts = { first: 30_000, last: 32_767 }
const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None'
const needsAddress = ({ spec }: Service): boolean => spec.type !== 'ExternalName'
const needsNodePorts = ({ spec }: Service): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)

export function createServiceHook({ ids, serviceRange }: ServiceHookOptions): Hook & { restore(services: readonly KubeObject[]): void } {
  const addresses = new AddressPool(serviceRange, ids)
  const ports = new PortPool(ids)
  const give = (service: Service) => {
    for (const ip of service.spec.clusterIPs ?? []) if (ip !== 'None') addresses.release(ip)
    for (const port of portsOf(service)) ports.release(port)
  }
  const take = (draft: Service, old?: Service): (() => void) => {
    const before = { ips: new Set(old?.spec.clusterIPs ?? []), ports: new Set(old ? portsOf(old) : []) }
    const undo = [allocateAddress(draft, addresses, before.ips), allocatePorts(draft, ports, before.ports)]
    return () => {
      for (const run of undo) run()
    }
  }
  return {
    resource: 'services',
    beforeCreate: draft => take(prepared(draft as Service)),
    beforeUpdate(draft, current) {
      const [next, old] = [draft as Service, current as Service]
      keepAllocations(next, old)
      take(prepared(next), old)
      releaseUnused(next, old)
    },
    afterDelete: last => give(last as Service),
    restore(services) {
      for (const service of services as readonly Service[]) {
        for (const ip of service.spec.clusterIPs ?? []) if (ip !== 'None') addresses.take(ip)
        for (const port of portsOf(service)) ports.take(port)
      }
    },
  }

  function releaseUnused(next: Service, old: Service): void {
    const ips = new Set(next.spec.clusterIPs ?? [])
    for (const ip of old.spec.clusterIPs ?? []) if (ip !== 'None' && !ips.has(ip)) addresses.release(ip)
    const kept = new Set(portsOf(next))
    for (const port of portsOf(old)) if (!kept.has(port)) ports.release(port)
  }
}

const portsOf = ({ spec }: Service): number[] => [
  ...(spec.ports ?? []).flatMap(p => (p.nodePort ? [p.nodePort] : [])),
  ...(spec.healthCheckNodePort ? [spec.healthCheckNodePort] : []),
]

/** Family fields, as a single-stack IPv4 cluster fills them. */
function prepared(service: Service): Service {
  const { spec } = service
  if (!needsAddress(service)) {
    delete spec.ipFamilies
    delete spec.ipFamilyPolicy
    return service
  }
  spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4']
  spec.ipFamilyPolicy ??= 'SingleStack'
  return service
}

/** An update that leaves allocated values out keeps them, as long as its type needs them. */
function keepAllocations(next: Service, old: Service): void {
  if (needsAddress(next) && needsAddress(old) && !next.spec.clusterIP && old.spec.clusterIP) {
    next.spec.clusterIP = old.spec.clusterIP
    next.spec.clusterIPs = old.spec.clusterIPs ? [...old.spec.clusterIPs] : undefined
  }
  if (!needsAddress(next) && needsAddress(old) && next.spec.clusterIP === old.spec.clusterIP) {
    delete next.spec.clusterIP
    delete next.spec.clusterIPs
  }
  if (!needsNodePorts(next)) dropNodePorts(next, old)
  else if (needsNodePorts(old)) keepNodePorts(next, old)
}

function dropNodePorts(next: Service, old: Service): void {
  if (!needsNodePorts(old)) return
  const before = new Set(portsOf(old))
  for (const port of next.spec.ports ?? []) if (port.nodePort && before.has(port.nodePort)) delete port.nodePort
}

function keepNodePorts(next: Service, old: Service): void {
  for (const port of next.spec.ports ?? []) {
    const same = (old.spec.ports ?? []).find(p => p.port === port.port && p.protocol === port.protocol)
    if (!port.nodePort && same?.nodePort) port.nodePort = same.nodePort
  }
}

function allocateAddress(service: Service, addresses: AddressPool, held: ReadonlySet<string>): () => void {
  const { spec } = service
  if (!needsAddress(service)) return () => {}
  if (isHeadless(service)) {
    spec.clusterIPs = ['None']
    return () => {}
  }
  const asked = spec.clusterIP || spec.clusterIPs?.[0]
  if (asked && held.has(asked)) {
    spec.clusterIPs = [asked]
    return () => {}
  }
  if (asked) {
    const problem = addresses.problem(asked)
    if (problem) throw refused(service, [invalid('spec.clusterIPs', [asked], `failed to allocate IP ${asked}: ${problem}`)])
    addresses.take(asked)
  }
  const ip = asked ?? addresses.next()
  spec.clusterIP = ip
  spec.clusterIPs = [ip]
  return () => addresses.release(ip)
}

function allocatePorts(service: Service, pool: PortPool, held: ReadonlySet<number>): () => void {
  if (!needsNodePorts(service)) return () => {}
  const taken: number[] = []
  for (const [index, port] of (service.spec.ports ?? []).entries()) {
    if (port.nodePort && (held.has(port.nodePort) || taken.includes(port.nodePort))) continue
    if (port.nodePort) {
      const problem = pool.problem(port.nodePort)
      if (problem) throw refused(service, [invalid(`spec.ports[${index}].nodePort`, port.nodePort, problem)])
      pool.take(port.nodePort)
    } else port.nodePort = pool.next()
    taken.push(port.nodePort)
  }
  return () => {
    for (const port of taken) pool.release(port)
  }
}

const refused = (service: Service, errors: FieldError[]) => invalidObject(serviceKind, service.metadata.name, errors)

class AddressPool {
  readonly #base: number
  readonly #size: number
  readonly #used = new Set<number>()
  readonly #ids: Ids
  readonly #range: string

  constructor(range: string, ids: Ids) {
    const [base = '', bits = '16'] = range.split('/')
    this.#base = toNumber(base)
    this.#size = 2 ** (32 - Number(bits))
    this.#ids = ids
    this.#range = range
  }

  problem(ip: string): string | undefined {
    const offset = toNumber(ip) - this.#base
    if (!(offset > 0 && offset < this.#size - 1))
      return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${this.#range}`
    return this.#used.has(offset) ? 'provided IP is already allocated' : undefined
  }

  take(ip: string): void {
    this.#used.add(toNumber(ip) - this.#base)
  }

  release(ip: string): void {
    this.#used.delete(toNumber(ip) - this.#base)
  }

  /** The lowest part of the range is left to those who ask for an address. */
  next(): string {
    const reserved = Math.min(256, Math.floor(this.#size / 16))
    for (let tries = 0; tries < 1000; tries++) {
      const offset = reserved + Math.floor(this.#ids.fraction() * (this.#size - reserved - 1))
      if (this.#used.has(offset)) continue
      this.#used.add(offset)
      return toText(this.#base + offset)
    }
    throw new Error('bug: the service range is full')
  }
}

class PortPool {
  readonly #used = new Set<number>()
  readonly #ids: Ids

  constructor(ids: Ids) {
    this.#ids = ids
  }

  problem(port: number): string | undefined {
    if (port < nodePorts.first || port > nodePorts.last)
      return `provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`
    return this.#used.has(port) ? 'provided port is already allocated' : undefined
  }

  take(port: number): void {
    this.#used.add(port)
  }

  release(port: number): void {
    this.#used.delete(port)
  }

  next(): number {
    const count = nodePorts.last - nodePorts.first + 1
    const start = Math.floor(this.#ids.fraction() * count)
    for (let i = 0; i < count; i++) {
      const port = nodePorts.first + ((start + i) % count)
      if (this.#used.has(port)) continue
      this.#used.add(port)
      return port
    }
    throw new Error('bug: the node port range is full')
  }
}

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const toText = (value: number): string => [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
