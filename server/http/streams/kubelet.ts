// Where a node's kubelet listens, and what is said when it cannot be reached.
import { internalError, isReason, notFound, StatusError } from '../../../openapi/errors.ts'
import { node as nodeKind } from '../../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import type { LogOptions, Target } from '../../nodeproxy.ts'
import type { Api } from '../api.ts'
import { type Exchange, requestContext } from '../exchange.ts'

export interface KubeletAddress {
  node: string
  /** An IP or a name. */
  host: string
  port: number
}

const defaultPort = 10250
/** The best first. */
const addressTypes = ['InternalIP', 'Hostname', 'InternalDNS', 'ExternalDNS', 'ExternalIP']

/** The pod that a request for one of its subresources is about. Throws 404. */
export const podOf = (api: Api, exchange: Exchange, name = exchange.info.name): Promise<Pod> =>
  api.registry.store(podKind).get(requestContext(exchange), name)

/** Throws what upstream's connection getter does: 404 for an unknown node, 500 for one without an address. */
export async function kubeletOf(api: Api, exchange: Exchange, node: string): Promise<KubeletAddress> {
  const { status } = await api.registry.store(nodeKind).get({ ...requestContext(exchange), namespace: '' }, node)
  const addresses = status.addresses ?? []
  const found = addressTypes.map(type => addresses.find(a => a.type === type)).find(a => a !== undefined)
  if (!found) {
    const known = addresses.map(({ type, address }) => `{${type} ${address}}`).join(' ')
    throw new StatusError(500, '', `no preferred addresses found; known addresses: [${known}]`)
  }
  return { node, host: found.address, port: status.daemonEndpoints?.kubeletEndpoint?.Port || defaultPort }
}

/** The same for a pod's node: what is missing is told as if it were the pod. */
export async function kubeletOfPod(api: Api, exchange: Exchange, node: string): Promise<KubeletAddress> {
  try {
    return await kubeletOf(api, exchange, node)
  } catch (error) {
    throw isReason(error, 'NotFound') ? notFound(podKind, node) : error
  }
}

/** As net.OpError prints it. */
export const dialFailure = (address: string, why: string): string => `dial tcp ${address}: connect: ${why}`

export const hostPort = ({ host, port }: Pick<KubeletAddress, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** Throws 500 when nobody answers there. */
export function dial(api: Api, kubelet: KubeletAddress): void {
  const why = api.nodes.unreachable(kubelet.node)
  if (why) throw new StatusError(500, '', `error dialing backend: ${dialFailure(hostPort(kubelet), why)}`)
}

/** What the apiserver says that speaks to the client itself, for a kubelet it cannot reach. */
export function dialForStream(api: Api, kubelet: KubeletAddress, path: string): void {
  const why = api.nodes.unreachable(kubelet.node)
  if (!why) return
  const failure = `Post "https://${hostPort(kubelet)}${path}": ${dialFailure(hostPort(kubelet), why)}`
  throw internalError(`error sending request: ${failure}`)
}

/** Logs are fetched by a GET, and told so when that fails. */
export function dialForLogs(api: Api, kubelet: KubeletAddress, target: Target, options: LogOptions): void {
  const why = api.nodes.unreachable(kubelet.node)
  if (!why) return
  const query = logQuery(options).toString()
  const path = `/containerLogs/${target.namespace}/${target.pod}/${target.container}${query ? `?${query}` : ''}`
  throw new StatusError(500, '', `Get "https://${hostPort(kubelet)}${path}": ${dialFailure(hostPort(kubelet), why)}`)
}

/** In the order of the names. */
function logQuery({ follow, limitBytes, previous, sinceSeconds, sinceTime, tailLines, timestamps }: LogOptions): URLSearchParams {
  const fields = {
    follow: follow || undefined,
    limitBytes,
    previous: previous || undefined,
    sinceSeconds,
    sinceTime: sinceTime?.toISOString().replace('.000Z', 'Z'),
    tailLines,
    timestamps: timestamps || undefined,
  }
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
  )
}
