// The recorded cluster as a zone: objects with addresses in place of the recording's placeholders, and the operations between its phases.

import { Zone } from '../../controllers/dns/zone.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { Service } from '../../openapi/kinds/core/service/index.ts'
import type { EndpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'

export interface RecordedObjects {
  objects: readonly RecordedObject[]
  controllerSlices: readonly RecordedSlice[]
}

interface RecordedObject {
  kind: string
  metadata: { name: string; namespace?: string }
  spec?: Record<string, unknown>
}

interface RecordedSlice {
  service: string
  addressType: string
  ports: { port: number }[]
  endpoints: { addresses: string[]; conditions: object; hostname: string | null; targetRef: string }[]
}

interface Slice {
  metadata: { name: string; namespace: string; labels: Record<string, string> }
  addressType: string
  ports: unknown[]
  endpoints: { addresses: string[]; conditions?: Record<string, unknown>; hostname?: string; pod?: string }[]
}

interface FixtureService {
  metadata: { name: string; namespace: string }
  spec: {
    type: string
    clusterIP?: string
    clusterIPs?: string[]
    ipFamilies?: string[]
    externalName?: string
    publishNotReadyAddresses?: boolean
    ports?: { name?: string; port: number; protocol: string }[]
  }
}

export const dnsAddress = '192.0.2.53'
export const ownAddresses = [dnsAddress, '2001:db8:53::53']
const apiPort = 6443

export class RecordedCluster {
  readonly zone = new Zone()
  readonly #services = new Map<string, FixtureService>()
  readonly #slices = new Map<string, Slice>()
  /** What stands for a placeholder. Stays when the object goes. */
  readonly #values = new Map<string, string>([
    ['dns-ip', dnsAddress],
    ['api-port', String(apiPort)],
  ])
  #clusterIps = 0
  #podIps = 0

  constructor({ objects, controllerSlices }: RecordedObjects) {
    for (const name of ['default', 'kube-system']) this.zone.setNamespace(name, true)
    for (let ordinal = 0; ordinal < 3; ordinal++) this.#addPod(`default/tkb-sts-${ordinal}`)
    for (const object of objects) this.#apply(object)
    this.#setService({
      metadata: { name: 'kubernetes', namespace: 'default' },
      spec: { type: 'ClusterIP', clusterIP: '10.0.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP' }] },
    })
    this.#setSlice({
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port: apiPort, protocol: 'TCP' }],
      endpoints: [{ addresses: ['203.0.113.10'], conditions: { ready: true } }],
    })
    for (const slice of controllerSlices) this.#applyControllers(slice)
    this.zone.serial = 1_790_000_000
  }

  /** Does what the recording did before this phase. */
  enter(phase: string): void {
    const operations: Record<string, () => void> = {
      'pod not ready': () => this.#setReady('tkb-sts-1', false),
      'pod ready again': () => this.#setReady('tkb-sts-1', true),
      'pod deleted and replaced': () => this.#scale([0, 1]).#scale([0, 1, 2]),
      'scaled to 5': () => this.#scale([0, 1, 2, 3, 4]),
      'scaled to 2': () => this.#scale([0, 1]),
      'scaled to 0': () => this.#scale([]),
      'scaled back to 3': () => this.#scale([0, 1, 2]),
      'pna pods not ready': () => void ['pna-2', 'pna-3'].map(pod => this.#setReady(pod, false)),
      'pna-1 not ready too': () => this.#setReady('pna-1', false),
      'pod succeeded': () => this.zone.setPod('default/done', this.#pod('default/done', 'Succeeded')),
      'pod deleted': () => this.zone.setPod('other/lonely', undefined),
      'services changed': () => this.#changeServices(),
      'cluster DNS without endpoints': () => this.zone.setSlice('kube-system/kube-dns-1', undefined),
    }
    operations[phase]?.()
  }

  /** A recorded text with addresses for its placeholders. `<own-address>` and `<serial>` stay. */
  text(recorded: string): string {
    return recorded.replace(/<([a-zA-Z0-9]+?|dns-ip|api-port)(-dashed|-reversed)?(:[^>]+)?>/g, (all, kind, form = '', of = '') => {
      const value = this.#values.get(`${kind}${of}`)
      if (value === undefined) return all
      if (form === '-dashed') return value.replace(/[.:]/g, '-')
      return form === '-reversed' ? reversed(value) : value
    })
  }

  #apply(object: RecordedObject): void {
    const { kind, metadata, spec } = object
    const key = `${metadata.namespace}/${metadata.name}`
    if (kind === 'Namespace') this.zone.setNamespace(metadata.name, true)
    if (kind === 'Service')
      this.#setService({ ...structuredClone(object as never as FixtureService), spec: { type: 'ClusterIP', ...spec } })
    if (kind === 'Pod') this.#addPod(key)
    if (kind === 'EndpointSlice') this.#setSlice(JSON.parse(this.text(JSON.stringify(object))))
  }

  #setService(service: FixtureService): void {
    const { metadata, spec } = service
    const key = `${metadata.namespace}/${metadata.name}`
    if (spec.type !== 'ExternalName') {
      const families = spec.ipFamilies ?? ['IPv4']
      spec.clusterIPs ??= spec.clusterIP ? [spec.clusterIP] : families.map(family => this.#clusterIp(family))
      spec.clusterIP = spec.clusterIPs[0]
      for (const ip of spec.clusterIPs) if (ip !== 'None') this.#values.set(`clusterIP${ip.includes(':') ? '6' : ''}:${key}`, ip)
    }
    this.#services.set(key, service)
    this.zone.setService(key, service as never as Service)
  }

  #clusterIp(family: string): string {
    const number = ++this.#clusterIps
    return family === 'IPv6' ? `fd00:10:96::${(0x1000 + number).toString(16)}` : `10.0.7.${number}`
  }

  #addPod(key: string): void {
    this.#values.set(`ip:${key}`, `10.24.0.${this.#podIps++}`)
    this.zone.setPod(key, this.#pod(key, 'Running'))
  }

  #pod(key: string, phase: string): Pod {
    const [namespace, name] = key.split('/')
    const ip = this.#values.get(`ip:${key}`)
    return { metadata: { namespace, name }, status: { phase, podIP: ip, podIPs: [{ ip }] } } as never as Pod
  }

  #applyControllers({ service, addressType, ports, endpoints }: RecordedSlice): void {
    const [namespace = '', name = ''] = service.split('/')
    this.#setSlice({
      metadata: { name: `${name}-${addressType.toLowerCase()}`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType,
      // Recorded by name; the answers have them in this order.
      ports: [...ports].sort((a, b) => a.port - b.port),
      endpoints: endpoints.map(({ addresses, conditions, hostname, targetRef }) => ({
        addresses: addresses.map(address => this.text(address)),
        conditions: { ...conditions },
        ...(hostname ? { hostname } : {}),
        pod: targetRef,
      })),
    })
  }

  #setSlice(slice: Slice): void {
    const key = `${slice.metadata.namespace}/${slice.metadata.name}`
    this.#slices.set(key, slice)
    this.zone.setSlice(key, structuredClone(slice) as never as EndpointSlice)
  }

  /** In the slices of services that do not publish unready addresses. */
  #setReady(pod: string, ready: boolean): void {
    for (const slice of this.#slices.values()) {
      const service = this.#services.get(`${slice.metadata.namespace}/${slice.metadata.labels['kubernetes.io/service-name']}`)
      const endpoint = slice.endpoints.find(e => e.pod === pod)
      if (!endpoint || service?.spec.publishNotReadyAddresses) continue
      endpoint.conditions = { ...endpoint.conditions, ready }
      this.#setSlice(slice)
    }
  }

  /** The pods of the StatefulSet that are there. New ones get new addresses. */
  #scale(ordinals: readonly number[]): this {
    const names = ordinals.map(ordinal => `tkb-sts-${ordinal}`)
    for (let ordinal = 0; ordinal < 5; ordinal++) {
      const key = `default/tkb-sts-${ordinal}`
      const there = this.zone.hasPod('default', this.#values.get(`ip:${key}`) ?? '0.0.0.0')
      if (!ordinals.includes(ordinal)) this.zone.setPod(key, undefined)
      else if (!there) this.#addPod(key)
    }
    for (const slice of this.#slices.values()) {
      const service = slice.metadata.labels['kubernetes.io/service-name'] ?? ''
      if (!selectsWeb.has(service) || slice.metadata.namespace !== 'default' || slice.addressType !== 'IPv4') continue
      slice.endpoints = names.map(pod => ({
        addresses: [this.#values.get(`ip:default/${pod}`) ?? ''],
        conditions: { ready: true, serving: true, terminating: false },
        ...(service === 'dullahan' ? { hostname: pod } : {}),
        pod,
      }))
      this.#setSlice(slice)
    }
    return this
  }

  #changeServices(): void {
    for (const key of ['default/a', 'brief/gone']) this.zone.setService(key, undefined)
    this.zone.setNamespace('brief', false)
    this.zone.setSlice('default/allnotready-a', undefined)
    const noendpoints = this.#services.get('default/noendpoints')
    if (noendpoints)
      this.#setService({ ...noendpoints, spec: { ...noendpoints.spec, ports: [{ name: 'renamed', port: 8088, protocol: 'TCP' }] } })
    const externalName = 'dullahan.default.svc.cluster.local'
    this.#setService({ metadata: { name: 'api', namespace: 'other' }, spec: { type: 'ExternalName', externalName } })
    const ports = [{ name: 'http', port: 80, protocol: 'TCP' }]
    this.#setService({ metadata: { name: 'orphan', namespace: 'default' }, spec: { type: 'ClusterIP', clusterIP: 'None', ports } })
    const moved = this.#slices.get('default/manual-b')
    if (moved) this.#setSlice({ ...moved, metadata: { ...moved.metadata, labels: { 'kubernetes.io/service-name': 'h-noslices' } } })
  }
}

/** Services of the namespace default that select the pods of the StatefulSet. */
const selectsWeb = new Set('dullahan web-multi unnamed sctp np lb dual dual6first h-multi h-unnamed h-named-target h-noports'.split(' '))

function reversed(ip: string): string {
  if (!ip.includes(':')) return ip.split('.').reverse().join('.')
  const [head = '', tail = ''] = ip.split('::').map(half => half.split(':').filter(group => group !== ''))
  const all = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail].map(group => group.padStart(4, '0'))
  return [...all.join('')].reverse().join('.')
}
