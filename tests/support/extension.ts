// An extension API server of the test's own: HTTPS, believing who the front proxy of the cluster says is asking, as k8s.io/apiserver does.
import { X509Certificate } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { serveHttps } from './https.ts'

/** Who asked for what, as the server was told. */
export interface Asked {
  method: string
  url: string
  headers: IncomingMessage['headers']
  user: string | undefined
  uid: string | undefined
  groups: readonly string[]
  extra: Record<string, readonly string[]>
  body: string
}

// biome-ignore lint/suspicious/noConfusingVoidType: it answers by itself
type Reply = object | { code: number; text: string } | undefined | void

export interface ExtensionOptions {
  group: string
  version: string
  /** As an APIResourceList has them. */
  resources: readonly object[]
  /** Answers what is not discovery; undefined: 404, or it has answered by itself. */
  reply?(asked: Asked, outgoing: ServerResponse): Reply
  /** Answers of /openapi/v2 and /openapi/v3/apis/GROUP/VERSION; absent: 404. */
  openApiV2?: object
  openApiV3?: object
  /** Only the old form of discovery. */
  legacy?: boolean
  upgrade?(incoming: IncomingMessage, socket: Duplex, head: Buffer): void
}

export interface Extension extends AsyncDisposable {
  port: number
  caBundle: string
  /** All but what the cluster asks by itself. */
  asked: Asked[]
  /** Paths that the cluster itself asked for. */
  checks: string[]
  /** From now on front proxies are believed that this authority vouches for, by these names: the ConfigMap's data. */
  trust(data: Record<string, string>): void
  /** Answers nothing any more, or does again. */
  down: boolean
  connections: { opened: number; open(): number; close(): void }
}

const json = (outgoing: ServerResponse, code: number, body: object, type: string | undefined = 'application/json') =>
  outgoing.writeHead(code, { 'content-type': type }).end(JSON.stringify(body))

export async function serveExtension(options: ExtensionOptions): Promise<Extension> {
  const { group, version } = options
  const trusted = { authority: '', names: [] as string[] }
  const server = await serveHttps(
    ['farm.default.svc'],
    async (incoming, outgoing) => {
      if (extension.down) return incoming.socket.destroy()
      if (!isProxy(incoming, trusted)) return json(outgoing, 401, { kind: 'Status', code: 401, reason: 'Unauthorized' })
      return answer(incoming, outgoing)
    },
    { requestCert: true, rejectUnauthorized: false },
  )
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<unknown> => {
    const asked = await askedOf(incoming)
    const path = asked.url.replace(/\?.*$/, '')
    const check = /^system:(kube-)?aggregator$/.test(asked.user ?? '')
    if (check) extension.checks.push(path)
    else extension.asked.push(asked)
    const document = documents(path, asked.headers.accept ?? '')
    if (document) return json(outgoing, 200, document.body, document.type)
    const reply = check ? undefined : options.reply?.(asked, outgoing)
    if (outgoing.headersSent) return undefined
    if (!reply) return json(outgoing, 404, { kind: 'Status', apiVersion: 'v1', code: 404, status: 'Failure', reason: 'NotFound' })
    if ('text' in reply) return outgoing.writeHead(reply.code, { 'content-type': 'text/plain' }).end(reply.text)
    return json(outgoing, 200, reply)
  }
  const sockets = new Set<Duplex>()
  server.server.on('secureConnection', (socket: Duplex) => {
    extension.connections.opened++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const { upgrade } = options
  if (upgrade)
    server.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (isProxy(incoming, trusted)) upgrade(incoming, socket, head)
      else socket.destroy()
    })
  const extension: Extension = {
    port: server.port,
    caBundle: server.caBundle,
    asked: [],
    checks: [],
    down: false,
    connections: {
      opened: 0,
      open: () => sockets.size,
      close() {
        for (const socket of sockets) socket.destroy()
      },
    },
    trust(data) {
      trusted.authority = data['requestheader-client-ca-file'] ?? ''
      trusted.names = JSON.parse(data['requestheader-allowed-names'] ?? '[]')
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  const documents = (path: string, accept: string): { body: object; type?: string } | undefined => {
    const { resources, legacy, openApiV2, openApiV3 } = options
    const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources }
    if (path === `/apis/${group}/${version}`) return { body: list }
    if (path === '/apis' && !legacy && accept.includes('as=APIGroupDiscoveryList')) return aggregated(options)
    if (path === '/openapi/v2' && openApiV2) return { body: openApiV2 }
    const name = `apis/${group}/${version}`
    if (path === '/openapi/v3' && openApiV3)
      return { body: { paths: { [name]: { serverRelativeURL: `/openapi/v3/${name}?hash=ABC` }, version: { serverRelativeURL: '/x' } } } }
    return path === `/openapi/v3/${name}` && openApiV3 ? { body: openApiV3 } : undefined
  }
  return extension
}

function aggregated({ group, version, resources }: ExtensionOptions): { body: object; type: string } {
  const kinds = resources as { name: string; kind: string; namespaced: boolean; verbs: string[]; shortNames?: string[] }[]
  const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const found = kinds.map(({ name, kind, namespaced, ...rest }) => ({
    resource: name,
    responseKind: { group: '', version: '', kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    ...rest,
  }))
  const versions = [{ version, resources: found, freshness: 'Current' }]
  return {
    type,
    body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [{ metadata: { name: group }, versions }] },
  }
}

/** Its certificate is vouched for, and for the name. */
function isProxy({ socket }: IncomingMessage, { authority, names }: { authority: string; names: readonly string[] }): boolean {
  const shown = (socket as TLSSocket).getPeerCertificate()
  if (!shown?.raw || authority === '') return false
  const certificate = new X509Certificate(shown.raw)
  return certificate.verify(new X509Certificate(authority).publicKey) && names.includes(String(shown.subject.CN))
}

async function askedOf(incoming: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const all = incoming.headersDistinct
  const extra = Object.entries(all).flatMap(([name, values = []]) =>
    name.startsWith('x-remote-extra-') ? [[decodeURIComponent(name.slice('x-remote-extra-'.length)), values]] : [],
  )
  return {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    headers: incoming.headers,
    user: all['x-remote-user']?.[0],
    uid: all['x-remote-uid']?.[0],
    groups: all['x-remote-group'] ?? [],
    extra: Object.fromEntries(extra),
    body: Buffer.concat(parts).toString(),
  }
}
