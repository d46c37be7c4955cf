// Where a Service is reached from this process: the only place that turns the Service of a webhook or an APIService into an address.
// Simulated pods are none: nothing runs there.
import { notFound } from '../../openapi/errors.ts'
import { type Endpoints, endpoints as endpointsKind } from '../../openapi/kinds/core/endpoints/index.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import { type EndpointSlice, endpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import type { Lookup } from '../admission/lookup.ts'
import type { Location, ServiceEndpoints } from './endpoints.ts'

export interface ServiceReference {
  namespace: string
  name: string
  port: number
}

/** No way leads to the Service; the message is upstream's. */
export class Unreachable extends Error {}

export interface ServiceResolver {
  /** Throws Unreachable. */
  resolve(reference: ServiceReference): Promise<Location>
  /** Who started the cluster said where it is. */
  isPinned(reference: ServiceReference): boolean
}

/** The name its server proves to have. */
export const serverNameOf = ({ namespace, name }: Omit<ServiceReference, 'port'>): string => `${name}.${namespace}.svc`

export const createServiceResolver = (lookup: Lookup, known: ServiceEndpoints): ServiceResolver => ({
  isPinned: reference => pinOf(reference, known) !== undefined,
  async resolve(reference) {
    const { namespace, name } = reference
    const service = await lookup.get(serviceKind, namespace, name)
    if (!service) throw new Unreachable(notFound(serviceKind, name).message.replace(/^services/, 'service'))
    const decided = decide(reference, service, known)
    if (decided) return decided
    const slices = (await lookup.list(endpointSlice, namespace)).filter(slice => slice.metadata.labels?.[serviceLabel] === name)
    const endpoints = await lookup.get(endpointsKind, namespace, name)
    const [found] = locationsOf(portOf(service, reference.port).name ?? '', slices, endpoints)
    if (!found) throw new Unreachable(`no endpoints available for service ${JSON.stringify(name)}`)
    return found
  },
})

const pinOf = ({ namespace, name, port }: ServiceReference, known: ServiceEndpoints): Location | undefined =>
  known.get(`${namespace}/${name}:${port}`) ?? known.get(`${namespace}/${name}`)

/** What the Service itself, or who started the cluster, says; undefined: its endpoints have to be looked at. */
function decide(reference: ServiceReference, { spec, ...service }: Service, known: ServiceEndpoints): Location | undefined {
  const { port } = reference
  const given = pinOf(reference, known)
  if (spec.type === 'ExternalName') return given ?? { host: spec.externalName ?? '', port }
  if (spec.clusterIP === 'None') throw new Unreachable('cannot route to service with ClusterIP "None"')
  portOf({ ...service, spec }, port)
  return given
}

function portOf({ metadata, spec }: Service, port: number): { name?: string } {
  const found = (spec.ports ?? []).find(each => each.port === port)
  if (!found) throw new Unreachable(`no service port ${port} found for service ${JSON.stringify(metadata.name)}`)
  return found
}

/** Of those that are ready, outside of the simulated network. Endpoints count where nothing makes slices of them. */
export function locationsOf(portName: string, slices: readonly EndpointSlice[], endpoints: Endpoints | undefined): Location[] {
  const ofSlices = slices.flatMap(({ endpoints: all, ports }) =>
    (all ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses.slice(0, 1))
      .flatMap(host => located(host, ports, portName)),
  )
  if (slices.length > 0) return ofSlices
  return (endpoints?.subsets ?? []).flatMap(({ addresses, ports }) => (addresses ?? []).flatMap(({ ip }) => located(ip, ports, portName)))
}

function located(host: string, ports: readonly { name?: string; port?: number }[] | null | undefined, name: string): Location[] {
  const port = (ports ?? []).find(each => (each.name ?? '') === name)?.port
  return port === undefined || isSimulated(host) ? [] : [{ host, port }]
}

/** Services are in 10.0/16, pods from 10.24 on, a /16 for each 256 nodes, nodes and the control plane in 10.128/16. */
export function isSimulated(address: string): boolean {
  const [first, second = ''] = address.split('.')
  return first === '10' && (second === '0' || second === '128' || (Number(second) >= 24 && Number(second) < 48))
}
