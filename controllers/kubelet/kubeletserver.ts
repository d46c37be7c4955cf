// A kubelet's own HTTP server, as far as nodes/NAME/proxy can ask it: its health, its pods, their logs.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { LogOptions, Target } from '../../server/nodeproxy.ts'
import type { Respond } from './connection.ts'

export interface KubeletFacts {
  node: string
  /** The pods bound to the node. */
  pods(): readonly Pod[]
  logs(target: Target, options: LogOptions, signal: AbortSignal): AsyncIterable<string>
}

const text = { 'content-type': 'text/plain; charset=utf-8' }
const json = { 'content-type': 'application/json' }

export const respondAsKubelet =
  (facts: KubeletFacts): Respond =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://kubelet')
    const [, page, namespace, pod, container] = url.pathname.split('/').map(part => decodeURIComponent(part))
    const ended = url.pathname.endsWith('/') && page !== 'pods'
    if (page === 'healthz' && namespace === undefined) return void response.writeHead(200, text).end('ok')
    if (page === 'pods' && !namespace) {
      const list = {
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: {},
        items: facts.pods().map(({ kind: _kind, apiVersion: _version, ...item }) => item),
      }
      return void response.writeHead(200, json).end(JSON.stringify(list))
    }
    if (page !== 'containerLogs' || !namespace || !pod || !container || ended)
      return void response.writeHead(404, { ...text, 'x-content-type-options': 'nosniff' }).end('404 page not found\n')
    const ending = new AbortController()
    response.once('close', () => ending.abort())
    try {
      const lines = facts.logs({ node: facts.node, namespace, pod, container }, optionsOf(url.searchParams), ending.signal)
      for await (const line of lines) {
        if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain' })
        response.write(line)
      }
      response.end()
    } catch (error) {
      response.writeHead((error as { code?: number }).code ?? 500, text).end((error as Error).message)
    }
  }

function optionsOf(query: URLSearchParams): LogOptions {
  const isSet = (name: string) => query.has(name) && query.get(name) !== 'false'
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined)
  return {
    follow: isSet('follow'),
    previous: isSet('previous'),
    timestamps: isSet('timestamps'),
    tailLines: number('tailLines'),
    limitBytes: number('limitBytes'),
    sinceSeconds: number('sinceSeconds'),
  }
}
