// pods/, services/ and nodes/NAME/proxy: the request goes on to whoever listens there, and its answer comes back as it is. Inside there is no
// TLS: https:NAME:PORT is taken as http.
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { badRequest, notFound, StatusError } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import { service as serviceKind } from '../../../openapi/kinds/core/service/index.ts'
import { endpointSlice, serviceLabel } from '../../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { isIp } from '../../../openapi/values/ip.ts'
import type { Api } from '../api.ts'
import { type Answer, type Exchange, requestContext } from '../exchange.ts'
import { dialFailure, hostPort, kubeletOf, podOf } from '../streams/kubelet.ts'
import { admitConnect } from './connect.ts'

/** undefined: the answer was streamed. */
export async function proxy(api: Api, kind: Kind, exchange: Exchange): Promise<Answer | undefined> {
  await admitConnect(api, kind, exchange)
  const to = await locations[kind.names.plural as keyof typeof locations](api, exchange)
  const path = pathBelow(exchange.info.path)
  if (path === '' && (exchange.method === 'GET' || exchange.method === 'HEAD')) return toRoot(exchange)
  const connection = to.connect()
  if (typeof connection === 'string')
    throw new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${dialFailure(hostPort(to), connection)}`)
  await forward(exchange, connection, { path, host: hostPort(to) })
  return undefined
}

interface Location {
  host: string
  port: number
  /** Or why not. */
  connect(): Duplex | string
}

const locations = { pods: podLocation, services: serviceLocation, nodes: nodeLocation } as const

interface Named {
  name: string
  port: string
}

/** NAME, NAME:PORT or SCHEME:NAME:PORT. */
function named(what: string, text: string): Named {
  const parts = text.split(':')
  const [scheme, name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts]
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme ?? ''))
    throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`)
  return { name, port }
}

const inPodNetwork = (api: Api, host: string, port: number): Location => ({
  host,
  port,
  connect: () => api.nodes.connect(host, port) ?? 'connection refused',
})

/** Loopback, link-local and multicast addresses are the server's own affair. */
function mustBeGlobal(host: string): void {
  if (!isIp(host) || /^(127\.|169\.254\.|0\.0\.0\.0$|22[4-9]\.|23\d\.|255\.255\.255\.255$|::1?$|fe[89ab]|ff)/i.test(host))
    throw badRequest('address not allowed')
}

async function podLocation(api: Api, exchange: Exchange): Promise<Location> {
  const { name, port } = named('pod', exchange.info.name)
  const pod = await podOf(api, exchange, name)
  const declared = pod.spec.containers.flatMap(c => c.ports ?? [])[0]?.containerPort
  const host = pod.status.podIP ?? ''
  mustBeGlobal(host)
  return inPodNetwork(api, host, numberOf(port) ?? declared ?? 80)
}

const unavailable = (message: string): StatusError => new StatusError(503, 'ServiceUnavailable', message)
const numberOf = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined)

async function serviceLocation(api: Api, exchange: Exchange): Promise<Location> {
  const { name, port } = named('service', exchange.info.name)
  const portName = await portNameOf(api, exchange, { name, port })
  const slices = (await api.registry.store(endpointSlice).list(requestContext(exchange), {})).items.filter(
    slice => slice.metadata.labels?.[serviceLabel] === name,
  )
  if (slices.length === 0) throw notFound(serviceKind, name)
  const all = slices.flatMap(({ endpoints, ports }) => {
    const number = ports?.find(p => (p.name ?? '') === portName)?.port
    const ready = (endpoints ?? []).filter(endpoint => endpoint.conditions?.ready !== false)
    return number === undefined ? [] : ready.flatMap(({ addresses }) => addresses.slice(0, 1).map(host => ({ host, number })))
  })
  const [first] = all
  const empty = slices.every(slice => (slice.endpoints ?? []).length === 0)
  if (!first) throw unavailable(`no endpoints available for service ${JSON.stringify(empty ? name : exchange.info.name)}`)
  mustBeGlobal(first.host)
  return inPodNetwork(api, first.host, first.number)
}

/** A number stands for the port of the service that has it. */
async function portNameOf(api: Api, exchange: Exchange, { name, port }: Named): Promise<string> {
  const number = numberOf(port)
  if (number === undefined) return port
  const { spec } = await api.registry.store(serviceKind).get(requestContext(exchange), name)
  const found = (spec.ports ?? []).find(p => p.port === number)
  if (!found) throw unavailable(`no service port ${number} found for service ${JSON.stringify(name)}`)
  return found.name ?? ''
}

async function nodeLocation(api: Api, exchange: Exchange): Promise<Location> {
  const { name, port } = named('node', exchange.info.name)
  const kubelet = await kubeletOf(api, exchange, name)
  if (isIp(kubelet.host)) mustBeGlobal(kubelet.host)
  const wanted = numberOf(port) ?? kubelet.port
  return {
    host: kubelet.host,
    port: wanted,
    connect: () => api.nodes.unreachable(name) ?? (wanted === kubelet.port ? api.nodes.kubelet(name) : 'connection refused'),
  }
}

/** What follows /proxy, as it was written. */
function pathBelow(path: string): string {
  const at = /^\/api\/v1\/(?:namespaces\/[^/]+\/)?(?:pods|services|nodes)\/[^/]+\/proxy/.exec(path)
  return at ? path.slice(at[0].length) : ''
}

/** Relative links of a page need the last slash. */
function toRoot({ info, request }: Exchange): Answer {
  const at = request.url?.indexOf('?') ?? -1
  return { code: 301, headers: { location: `${info.path}/${at < 0 ? '' : (request.url ?? '').slice(at)}` }, body: '' }
}

/** Headers of one connection; and the credentials, which are for this server only. */
const notForwarded =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|host|content-length|authorization|impersonate-.*|x-remote-(user|uid|group|extra-.*)|:.*)$/

async function forward(exchange: Exchange, connection: Duplex, { path, host }: { path: string; host: string }): Promise<void> {
  const { method, headers, body, request: original, response } = exchange
  const at = original.url?.indexOf('?') ?? -1
  const query = at < 0 ? '' : (original.url ?? '').slice(at)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({
      createConnection: () => connection,
      method,
      path: (path || '/') + query,
      headers: { ...kept(headers), host, 'content-length': body.length },
    })
    response.once('close', () => sent.destroy())
    sent.on('response', resolve).on('error', reject).end(body)
  }).catch((error: Error) => {
    throw unavailable(`error trying to reach service: ${error.message}`)
  })
  await exchange.audit?.started(answer.statusCode ?? 502)
  response.writeHead(answer.statusCode ?? 502, { 'cache-control': 'no-cache, private', ...relocated(kept(answer.headers), exchange, path) })
  await pipeline(answer, response).catch(() => response.destroy())
}

const kept = (headers: IncomingHttpHeaders): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined || notForwarded.test(name) ? [] : [[name, value]])),
  )

/** Where a page sends its reader on is below the proxy as well. */
function relocated(headers: Record<string, string | string[]>, { info }: Exchange, path: string): Record<string, string | string[]> {
  const { location } = headers
  if (typeof location !== 'string' || !location.startsWith('/')) return headers
  return { ...headers, location: info.path.slice(0, info.path.length - path.length) + location }
}
