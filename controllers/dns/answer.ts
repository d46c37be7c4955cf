// One question against the zone, by the Kubernetes DNS specification 1.1.0, as CoreDNS' kubernetes plugin answers.
import type { Service } from '../../openapi/kinds/core/service.ts'
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
  /** The server's own. */
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

export function resolve(zone: Zone, options: ZoneOptions, question: Question): Answer {
  if (question.class !== 'IN') return failed('REFUSED')
  const lower = question.name.toLowerCase()
  const reverse = reverseZone(lower)
  if (reverse) return new Asked(zone, options, question, reverse).reverse()
  const domain = `${options.domain}.`
  if (lower !== domain && !lower.endsWith(`.${domain}`)) return failed('SERVFAIL')
  if (question.type === 'AXFR' || question.type === 'IXFR') return failed('REFUSED')
  return new Asked(zone, options, question, question.name.slice(-domain.length)).forward()
}

const reverseZone = (name: string): string | undefined =>
  ['in-addr.arpa.', 'ip6.arpa.'].find(suffix => name === suffix || name.endsWith(`.${suffix}`))

/** What a name leads to: addresses with the ports they serve. `owner`: the target of a SRV record. */
interface Entry {
  ip: string
  owner: string
  port?: number
}

type Found = readonly Entry[] | 'exists' | undefined

class Asked {
  readonly #zone: Zone
  readonly #options: ZoneOptions
  readonly #question: Question
  /** The zone as it was written in the question. */
  readonly #origin: string

  constructor(zone: Zone, options: ZoneOptions, question: Question, origin: string) {
    this.#zone = zone
    this.#options = options
    this.#question = question
    this.#origin = origin
  }

  forward(): Answer {
    const { name, type } = this.#question
    const labels = name.slice(0, -this.#origin.length).toLowerCase().split('.').slice(0, -1)
    if (labels.length === 0) return this.#apex()
    if (type === 'SOA') return this.#nothing('NOERROR')
    const path = labels.join('.')
    if (path === 'dns-version')
      return type === 'TXT' ? this.#answers([{ name, type, ttl: 28800, data: '"1.1.0"' }]) : this.#nothing('NXDOMAIN')
    if (path === 'ns.dns') return this.#addresses(this.#options.addresses.map(ip => ({ ip, owner: name })))
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
    const records = server.ips.map(ip => this.#address(server.name, ip))
    return { ...this.#answers([{ name, type, ttl: this.#options.ttl, data: server.name }]), additional: records }
  }

  /** The service that leads to this very server, when there is one. */
  #nameServer(): { name: string; ips: readonly string[] } {
    const { addresses, domain } = this.#options
    for (const ip of addresses)
      for (const { namespace, service } of this.#zone.endpointsAt(ip)) {
        const found = this.#zone.service(namespace, service)
        const ips = (found?.spec.clusterIPs ?? []).filter(isIp)
        if (ips.length > 0) return { name: `${service}.${namespace}.svc.${domain}.`, ips }
      }
    return { name: `ns.dns.${domain}.`, ips: addresses }
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
  #entries(service: Service, labels: readonly string[]): Found {
    const { name, namespace = '' } = service.metadata
    const owner = `${name}.${namespace}.svc.${this.#origin}`
    if (labels.length > 2) return undefined
    const [port = '', protocol = ''] = labels.length === 2 ? labels.map(label => label.replace(/^_/, '')) : []
    const matches = (p: { name?: string; protocol?: string }) =>
      (port === '' || port === (p.name ?? '').toLowerCase()) && (protocol === '' || protocol === (p.protocol ?? 'TCP').toLowerCase())
    const headless = service.spec.clusterIP === 'None' || !service.spec.clusterIP
    if (!headless && labels.length !== 1) {
      const ports = (service.spec.ports ?? []).filter(matches)
      if (ports.length === 0) return undefined
      return ports.flatMap(p => (service.spec.clusterIPs ?? []).map(ip => ({ ip: canonicalIp(ip), owner, port: p.port })))
    }
    const endpoints = this.#zone.endpoints(namespace, name).filter(e => this.#zone.counts(e))
    const chosen = labels.length === 1 ? endpoints.filter(e => e.label.toLowerCase() === labels[0]) : endpoints
    const entries = chosen.flatMap(endpoint =>
      endpointEntries(endpoint, `${endpoint.label.toLowerCase()}.${owner}`, labels.length === 2 ? matches : undefined),
    )
    return entries.length > 0 ? entries : undefined
  }

  #external({ spec }: Service): Answer {
    const { name, type } = this.#question
    const target = (spec.externalName ?? '').replace(/\.?$/, '.')
    if (isIp(target.slice(0, -1))) return this.#nothing('NXDOMAIN')
    if (type !== 'A' && type !== 'AAAA' && type !== 'CNAME') return this.#nothing('NOERROR')
    const alias: DnsRecord = { name, type: 'CNAME', ttl: this.#options.ttl, data: target }
    const domain = `.${this.#options.domain}.`
    if (type === 'CNAME' || !target.toLowerCase().endsWith(domain)) return this.#answers([alias])
    // Followed once: an alias of an alias of this zone ends nowhere.
    const next =
      target.toLowerCase() === name.toLowerCase() ? undefined : resolve(this.#zone, this.#options, { ...this.#question, name: target })
    return next && next.answer.length > 0 ? this.#answers([alias, ...next.answer]) : this.#nothing('NOERROR')
  }

  #pods(namespace: string | undefined, labels: readonly string[]): Answer {
    if (namespace === undefined) return this.#level()
    if (this.#options.pods === 'disabled') return this.#nothing('NXDOMAIN')
    if (!this.#zone.hasNamespace(namespace)) return this.#nothing('NXDOMAIN')
    const label = labels.at(-1)
    if (label === undefined) return this.#nothing('NOERROR')
    const ip = [label.replaceAll('-', '.'), label.replaceAll('-', ':')].find(isIp)
    if (!ip) return this.#nothing('NXDOMAIN')
    if (this.#options.pods === 'verified' && !this.#zone.hasPod(namespace, ip)) return this.#nothing('NXDOMAIN')
    return this.#found([{ ip: canonicalIp(ip), owner: this.#question.name, port: 0 }])
  }

  reverse(): Answer {
    const { name, type } = this.#question
    const ip = addressOf(name.toLowerCase())
    if (type === 'SOA') return this.#nothing('NOERROR')
    const names = ip && type === 'PTR' ? this.#namesOf(ip) : []
    if (names.length > 0) return this.#answers(names.map(data => ({ name, type: 'PTR', ttl: this.#options.ttl, data })))
    return this.#options.fallthrough ? failed('SERVFAIL') : this.#nothing('NXDOMAIN')
  }

  #namesOf(ip: string): string[] {
    const below = (namespace: string, service: string) => `${service}.${namespace}.svc.${this.#options.domain}.`
    const services = this.#zone.servicesAt(ip)
    if (services.length > 0) return services.map(({ metadata }) => below(metadata.namespace ?? '', metadata.name))
    return this.#zone
      .endpointsAt(ip)
      .filter(endpoint => this.#zone.counts(endpoint))
      .map(({ label, service, namespace }) => `${label.toLowerCase()}.${below(namespace, service)}`)
  }

  #found(found: Found): Answer {
    if (found === undefined) return this.#nothing('NXDOMAIN')
    if (found === 'exists') return this.#nothing('NOERROR')
    return this.#question.type === 'SRV' ? this.#srv(found) : this.#addresses(found)
  }

  #addresses(entries: readonly Entry[]): Answer {
    const { name, type } = this.#question
    const ips = unique(entries.map(entry => entry.ip)).filter(ip => type === (ip.includes(':') ? 'AAAA' : 'A'))
    return ips.length > 0 ? this.#answers(ips.map(ip => this.#address(name, ip))) : this.#nothing('NOERROR')
  }

  #srv(entries: readonly Entry[]): Answer {
    const { name } = this.#question
    const served = entries.filter((entry): entry is Required<Entry> => entry.port !== undefined)
    if (served.length === 0) return this.#nothing('NOERROR')
    const weight = Math.max(1, Math.floor(100 / served.length))
    const data = unique(served.map(({ port, owner }) => `0 ${weight} ${port} ${owner}`))
    const hosts = unique(served.map(({ owner, ip }) => `${owner} ${ip}`)).map(text => text.split(' ') as [string, string])
    return {
      ...this.#answers(data.map(text => ({ name, type: 'SRV', ttl: this.#options.ttl, data: text }))),
      additional: hosts.map(([owner, ip]) => this.#address(owner, ip)),
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
function endpointEntries(
  { ip, ports }: Endpoint,
  owner: string,
  matches: ((port: { name?: string; protocol?: string }) => boolean) | undefined,
): Entry[] {
  const all = ports ?? []
  if (all.length === 0) return matches ? [] : [{ ip, owner }]
  return all.filter(port => !matches || matches(port)).map(({ port }) => ({ ip, owner, port }))
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
