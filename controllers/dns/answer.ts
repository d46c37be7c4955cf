// One question against the zone, by the Kubernetes DNS specification 1.1.0, as CoreDNS' kubernetes plugin answers.
import type { Service } from '../../openapi/kinds/core/service/index.ts'
import { isIp } from '../../openapi/values/ip.ts'
import { canonicalIp, type Endpoint, type Zone } from './zone.ts'

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME' | 'TXT' | 'SOA' | 'NS'

export interface DnsRecord {
  name: string
  type: RecordType
  ttl: number
  /** As a zone file writes it. */
  data: string
}

export interface Answer {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED'
  authoritative: boolean
  answer: DnsRecord[]
  authority: DnsRecord[]
  additional: DnsRecord[]
}

export interface ZoneOptions {
  /** 'cluster.local' */
  domain: string
  /** Seconds. */
  ttl: number
  pods: 'insecure' | 'verified' | 'disabled'
  /** A reverse name nobody has: SERVFAIL for lack of another server, instead of NXDOMAIN. */
  fallthrough: boolean
  /** The server's own. With none it names no name server. */
  addresses: readonly string[]
}

export interface Question {
  /** As sent, with the final dot. */
  name: string
  /** 'A', 'SRV', or 'TYPE65' for those without a name here. */
  type: string
  class: string
}

const failed = (rcode: 'SERVFAIL' | 'REFUSED'): Answer => ({ rcode, authoritative: false, answer: [], authority: [], additional: [] })

/** So many aliases are followed, one after the other. */
const longestChain = 8

/** `chain`: how many aliases led here. */
export function resolve(zone: Zone, options: ZoneOptions, question: Question, chain = 0): Answer {
  if (question.class !== 'IN') return failed('REFUSED')
  const lower = question.name.toLowerCase()
  const reverse = reverseZones.find(suffix => lower === suffix || lower.endsWith(`.${suffix}`))
  if (reverse) return new Asked({ zone, options, question, origin: question.name.slice(-reverse.length), chain }).reverse()
  const domain = `${options.domain}.`
  if (lower !== domain && !lower.endsWith(`.${domain}`)) return failed('SERVFAIL')
  if (question.type === 'AXFR' || question.type === 'IXFR') return failed('REFUSED')
  return new Asked({ zone, options, question, origin: question.name.slice(-domain.length), chain }).forward()
}

const reverseZones = ['in-addr.arpa.', 'ip6.arpa.']

/** What a name leads to: addresses with the ports they serve. `owner`: the target of a SRV record. */
interface Entry {
  /** A name, for endpoints that are known by one. */
  address: string
  owner: string
  port?: number
}

class Asked {
  readonly #zone: Zone
  readonly #options: ZoneOptions
  readonly #question: Question
  /** The zone as it was written in the question. */
  readonly #origin: string
  readonly #chain: number

  constructor(asked: { zone: Zone; options: ZoneOptions; question: Question; origin: string; chain: number }) {
    this.#zone = asked.zone
    this.#options = asked.options
    this.#question = asked.question
    this.#origin = asked.origin
    this.#chain = asked.chain
  }

  forward(): Answer {
    const { name, type } = this.#question
    const labels = name.slice(0, -this.#origin.length).toLowerCase().split('.').slice(0, -1)
    if (labels.length === 0) return this.#apex()
    if (type === 'SOA') return this.#nothing('NOERROR')
    const path = labels.join('.')
    if (path === 'dns-version')
      return type === 'TXT' ? this.#answers([{ name, type, ttl: 28800, data: '"1.1.0"' }]) : this.#nothing('NXDOMAIN')
    if (path === 'ns.dns') return type === 'TXT' ? this.#nothing('NXDOMAIN') : this.#addresses(this.#nameServer().entries)
    const kind = labels.pop()
    const namespace = labels.pop()
    if (kind === 'svc') return this.#services(namespace, labels)
    if (kind === 'pod') return this.#pods(namespace, labels)
    return this.#nothing('NXDOMAIN')
  }

  #apex(): Answer {
    const { name, type } = this.#question
    if (type === 'SOA') return this.#answers([this.#soa()])
    if (type === 'TXT') return this.#nothing('NXDOMAIN')
    if (type !== 'NS' || name !== name.toLowerCase()) return this.#nothing('NOERROR')
    const server = this.#nameServer()
    if (server.entries.length === 0) return this.#nothing('NOERROR')
    const additional = server.entries.map(({ address }) => this.#address(server.name, address))
    return { ...this.#answers([{ name, type, ttl: this.#options.ttl, data: server.name }]), additional }
  }

  /** The service that leads to this very server, when there is one. */
  #nameServer(): { name: string; entries: readonly Entry[] } {
    const { addresses } = this.#options
    const entries = (owner: string, ips: readonly string[]) => ({ name: owner, entries: ips.map(address => ({ address, owner })) })
    for (const ip of addresses)
      for (const { namespace, service } of this.#zone.endpointsAt(ip)) {
        const ips = (this.#zone.service(namespace, service)?.spec.clusterIPs ?? []).filter(isIp)
        if (ips.length > 0) return entries(`${service}.${namespace}.svc.${this.#origin}`, ips)
      }
    return entries(`ns.dns.${this.#origin}`, addresses)
  }

  #services(namespace: string | undefined, labels: string[]): Answer {
    if (namespace === undefined) return this.#level()
    if (!this.#zone.hasNamespace(namespace)) return this.#nothing('NXDOMAIN')
    const name = labels.pop()
    if (name === undefined) return this.#level()
    const service = this.#zone.service(namespace, name)
    if (!service) return this.#nothing('NXDOMAIN')
    if (service.spec.type === 'ExternalName') return labels.length === 0 ? this.#external(service) : this.#nothing('NXDOMAIN')
    return this.#found(this.#entries(service, labels))
  }

  /** A name between the zone and its services. */
  #level(): Answer {
    return this.#nothing(this.#question.type === 'TXT' ? 'NXDOMAIN' : 'NOERROR')
  }

  /** undefined: no such name. */
  #entries(service: Service, labels: readonly string[]): readonly Entry[] | undefined {
    const { name, namespace = '' } = service.metadata
    const owner = `${name}.${namespace}.svc.${this.#origin}`
    if (labels.length > 2) return undefined
    const [port = '', protocol = ''] = labels.length === 2 ? labels.map(label => label.replace(/^_/, '')) : []
    const matches = (p: Port) =>
      (port === '' || port === (p.name ?? '').toLowerCase()) && (protocol === '' || protocol === (p.protocol ?? 'TCP').toLowerCase())
    const headless = service.spec.clusterIP === 'None' || !service.spec.clusterIP
    if (!headless && labels.length !== 1) {
      const ports = (service.spec.ports ?? []).filter(matches)
      if (ports.length === 0) return undefined
      return ports.flatMap(p => (service.spec.clusterIPs ?? []).map(ip => ({ address: canonicalIp(ip), owner, port: p.port })))
    }
    const [label] = labels
    const named = labels.length === 1 && label !== undefined
    const endpoints = named ? this.#zone.endpointsNamed(namespace, name, label) : this.#zone.endpoints(namespace, name)
    const entries = endpoints.flatMap(e => endpointEntries(e, `${e.label}.${owner}`, labels.length === 2 ? matches : undefined))
    return entries.length > 0 ? entries : undefined
  }

  #external({ spec }: Service): Answer {
    const target = (spec.externalName ?? '').replace(/\.?$/, '.')
    return isIp(target.slice(0, -1)) ? this.#nothing('NXDOMAIN') : this.#alias(target)
  }

  /** Followed inside the zone; one that leads nowhere is not told. */
  #alias(target: string): Answer {
    const { name, type } = this.#question
    if (type !== 'A' && type !== 'AAAA' && type !== 'CNAME') return this.#nothing('NOERROR')
    const alias: DnsRecord = { name, type: 'CNAME', ttl: this.#options.ttl, data: target }
    if (type === 'CNAME' || !target.toLowerCase().endsWith(`.${this.#options.domain}.`)) return this.#answers([alias])
    if (this.#chain >= longestChain) return this.#nothing('NOERROR')
    const next = resolve(this.#zone, this.#options, { ...this.#question, name: target }, this.#chain + 1)
    return next.answer.length > 0 ? this.#answers([alias, ...next.answer]) : this.#nothing('NOERROR')
  }

  #pods(namespace: string | undefined, labels: readonly string[]): Answer {
    if (namespace === undefined) return this.#level()
    if (this.#options.pods === 'disabled') return this.#nothing('NXDOMAIN')
    if (!this.#zone.hasNamespace(namespace)) return this.#nothing('NXDOMAIN')
    const label = labels.at(-1)
    if (label === undefined) return this.#nothing('NOERROR')
    const ip = [label.replaceAll('-', '.'), label.replaceAll('-', ':')].find(isIp)
    if (!ip) return this.#nothing('NXDOMAIN')
    const address = canonicalIp(ip)
    if (this.#options.pods === 'verified' && !this.#zone.hasPod(namespace, address)) return this.#nothing('NXDOMAIN')
    return this.#found([{ address, owner: `${label}.${namespace}.pod.${this.#origin}`, port: 0 }])
  }

  reverse(): Answer {
    const { name, type } = this.#question
    const apex = name.length === this.#origin.length
    if (apex && type !== 'TXT') return this.#apex()
    if (type === 'SOA') return this.#nothing('NOERROR')
    const ip = addressOf(name.toLowerCase())
    const names = ip && type === 'PTR' ? unique(this.#namesOf(ip)) : []
    if (names.length > 0) return this.#answers(names.map(data => ({ name, type: 'PTR', ttl: this.#options.ttl, data })))
    return this.#options.fallthrough ? failed('SERVFAIL') : this.#nothing('NXDOMAIN')
  }

  #namesOf(ip: string): string[] {
    const below = (namespace: string, service: string) => `${service}.${namespace}.svc.${this.#options.domain}.`
    const services = this.#zone.servicesAt(ip)
    if (services.length > 0) return services.map(({ metadata }) => below(metadata.namespace ?? '', metadata.name))
    return this.#zone.endpointsAt(ip).map(({ label, service, namespace }) => `${label}.${below(namespace, service)}`)
  }

  #found(entries: readonly Entry[] | undefined): Answer {
    if (entries === undefined) return this.#nothing('NXDOMAIN')
    const alias = entries.find(({ address }) => !isIp(address))
    if (alias) return this.#alias(alias.address.replace(/\.?$/, '.'))
    return this.#question.type === 'SRV' ? this.#srv(entries) : this.#addresses(entries)
  }

  #addresses(entries: readonly Entry[]): Answer {
    const { name, type } = this.#question
    const ips = unique(entries.map(({ address }) => address)).filter(ip => type === (ip.includes(':') ? 'AAAA' : 'A'))
    return ips.length > 0 ? this.#answers(ips.map(ip => this.#address(name, ip))) : this.#nothing('NOERROR')
  }

  #srv(entries: readonly Entry[]): Answer {
    const { name } = this.#question
    const served = entries.filter((entry): entry is Required<Entry> => entry.port !== undefined)
    if (served.length === 0) return this.#nothing('NOERROR')
    const weight = Math.max(1, Math.floor(100 / served.length))
    const data = unique(served.map(({ port, owner }) => `0 ${weight} ${port} ${owner}`))
    const hosts = new Map(served.map(({ owner, address }) => [`${owner} ${address}`, this.#address(owner, address)]))
    return {
      ...this.#answers(data.map(text => ({ name, type: 'SRV', ttl: this.#options.ttl, data: text }))),
      additional: [...hosts.values()],
    }
  }

  #address(name: string, ip: string): DnsRecord {
    return { name, type: ip.includes(':') ? 'AAAA' : 'A', ttl: this.#options.ttl, data: ip }
  }

  #answers(answer: DnsRecord[]): Answer {
    return { rcode: 'NOERROR', authoritative: true, answer, authority: [], additional: [] }
  }

  #nothing(rcode: 'NOERROR' | 'NXDOMAIN'): Answer {
    return { rcode, authoritative: true, answer: [], authority: [this.#soa()], additional: [] }
  }

  #soa(): DnsRecord {
    const { ttl } = this.#options
    const data = `ns.dns.${this.#origin} hostmaster.${this.#origin} ${this.#zone.serial} 7200 1800 86400 ${ttl}`
    return { name: this.#origin, type: 'SOA', ttl, data }
  }
}

/** One entry a port; without ports the address alone. */
function endpointEntries({ address, ports }: Endpoint, owner: string, matches: ((port: Port) => boolean) | undefined): Entry[] {
  if (!ports || ports.length === 0) return matches ? [] : [{ address, owner }]
  return ports.filter(port => !matches || matches(port)).map(({ port }) => ({ address, owner, port }))
}

interface Port {
  name?: string
  protocol?: string
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

/** The address a reverse name is about. */
function addressOf(name: string): string | undefined {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.$/.exec(name)
  if (v4) {
    const ip = v4.slice(1).reverse().join('.')
    return isIp(ip) ? ip : undefined
  }
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa\.$/.exec(name)
  if (!v6) return undefined
  const digits = (v6[1] ?? '').split('.').slice(0, -1).reverse().join('')
  return canonicalIp((digits.match(/.{4}/g) ?? []).join(':'))
}
