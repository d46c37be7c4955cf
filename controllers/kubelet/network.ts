// The network between containers: who answers at an address and port, and what an HTTP request gets there. Bytes never leave the process.
import type { Kind } from '../../openapi/kind.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice, serviceLabel } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import type { Caches, Index } from '../runtime/controller.ts'
import { bodyOf, type Respond } from './connection.ts'
import type { Container, HttpAnswer, HttpRequest } from './images/image.ts'
import { imageOf } from './images/index.ts'

export interface Listener {
  pod: Pod
  container: Container
}

/** What the network looks at. */
export const networkKinds = [service, endpointSlice] as unknown as readonly Kind[]

const byAddress: Index<Pod> = ({ status, spec }) => (spec.hostNetwork ? undefined : status.podIP)

/** undefined: nobody listens there. */
export function listenerAt(address: string, port: number, caches: Caches): Listener | undefined {
  const target = behindService(address, port, caches) ?? { address, port }
  for (const pod of caches.informer(podKind).by(byAddress, target.address)) {
    const listener = listenerIn(pod, target.port)
    if (listener) return listener
  }
  return undefined
}

/** The container of the pod that listens on the port. */
export function listenerIn(pod: Pod, port: number): Listener | undefined {
  for (const container of pod.spec.containers as Container[]) {
    const running = pod.status.containerStatuses?.find(s => s.name === container.name)?.state.running
    if (running && imageOf(container).http?.port === port) return { pod, container }
  }
  return undefined
}

/** Answers requests from outside as the one that listens does. */
export const respondAs =
  (listener: Listener, read: (listener: Listener, path: string) => Promise<Uint8Array | undefined>): Respond =>
  async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://pod')
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const body = (await bodyOf(request)).toString()
    const asked = { method: request.method ?? 'GET', path: decoded(pathname), headers, body }
    const answer = await imageOf(listener.container).http?.answer(asked, path => read(listener, path))
    if (!answer) return void response.destroy()
    response.writeHead(answer.status, answer.statusText, answer.headers).end(answer.body)
  }

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A name no file has.
    return path
  }
}

/** A ready endpoint of the Service that has the address; which one, the port says. */
function behindService(address: string, port: number, caches: Caches): { address: string; port: number } | undefined {
  const owner = caches
    .informer(service)
    .list()
    .find(({ spec }) => spec.clusterIPs?.includes(address))
  const named = owner?.spec.ports?.find(p => p.port === port)
  if (!owner || !named) return undefined
  const { name, namespace } = owner.metadata
  for (const slice of caches.informer(endpointSlice).list(namespace)) {
    if (slice.metadata.labels?.[serviceLabel] !== name) continue
    const target = slice.ports?.find(p => (p.name ?? '') === (named.name ?? ''))?.port
    const ready = (slice.endpoints ?? []).filter(endpoint => endpoint.conditions?.ready !== false)
    const [chosen] = ready[0]?.addresses ?? []
    if (target && chosen) return { address: chosen, port: target }
  }
  return undefined
}

/** An HTTP request of a container. `read` gives the files of the one that answers. Throws what curl says of a connection that fails. */
export async function request(
  url: URL,
  { method, headers, body }: Omit<HttpRequest, 'path'>,
  world: {
    caches: Caches
    resolve(name: string): Promise<string | undefined>
    read(listener: Listener, path: string): Promise<Uint8Array | undefined>
  },
): Promise<HttpAnswer> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const address = await world.resolve(host)
  if (!address) throw new Error(`Could not resolve host: ${host}`)
  // The shell's curl makes https of an address without a scheme; inside there is no TLS, so the scheme says nothing.
  const port = Number(url.port || 80)
  const listener = listenerAt(address, port, world.caches)
  const http = listener && imageOf(listener.container).http
  if (!http) throw new Error(`Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server`)
  return http.answer({ method, path: decodeURIComponent(url.pathname), headers, body }, path => world.read(listener, path))
}
