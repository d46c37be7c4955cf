// A webhook is called: HTTPS to its URL or to the server behind its Service, with the authorities it names. Failures are worded as Go's
// HTTP client words them.
import type { RequestOptions } from 'node:https'
import { posix } from 'node:path'
import { trustingBundle } from '../trust.ts'
import { type ServiceResolver, serverNameOf, Unreachable } from './resolve.ts'

/** Nothing usable came back. Its message is told after 'failed to call webhook: '. */
export class CallError extends Error {
  /** The connection broke: another may hold. */
  reset = false
}

/** Where a webhook is, as those of admission and of conversions say it. */
export interface WebhookClientConfig {
  url?: string
  service?: { namespace: string; name: string; path?: string; port?: number }
  caBundle?: string
}

/** Where a webhook is, as the failure's message names it. */
export function addressOf({ url = '', service }: WebhookClientConfig, timeoutSeconds: number): string {
  const [, origin = '', path = ''] = service ? ['', originOf(service), service.path] : (/^(https:\/\/[^/]+)(.*)$/i.exec(url) ?? [])
  return `${origin}${cleaned(path)}?timeout=${timeoutSeconds}s`
}

const originOf = (service: NonNullable<WebhookClientConfig['service']>): string => `https://${serverNameOf(service)}:${service.port ?? 443}`

/** As Go's path.Join makes it: nothing doubled, no slash at the end. */
const cleaned = (path: string): string => posix.join('/', path).replace(/(.)\/$/, '$1')

export interface Calling {
  resolver: ServiceResolver
  /** For HOST:PORT; absent: nobody in particular. */
  credentials?(host: string): RequestOptions
  timeoutSeconds: number
}

/** The parsed answer. Throws CallError. */
export async function callWebhook(
  client: WebhookClientConfig,
  review: object,
  { resolver, credentials, timeoutSeconds }: Calling,
): Promise<unknown> {
  const address = addressOf(client, timeoutSeconds)
  const answer = await followed(address, JSON.stringify(review), {
    dialled: await behindService(client, address, resolver),
    options: {
      ...credentials?.(hostOf(address)),
      ...trustingBundle(client.caBundle),
      ...(client.service ? { servername: serverNameOf(client.service) } : {}),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    },
  })
  if (answer.code < 200 || answer.code > 206) throw new CallError(refusal(answer))
  return parsedAnswer(answer)
}

/** Throws CallError. */
export function parsedAnswer({ text }: Answer): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CallError(`couldn't get version/kind; json parse error: ${(error as Error).message}`)
  }
}

const hostOf = (address: string): string => {
  const { hostname, port } = new URL(address)
  return `${hostname}:${port || 443}`
}

/** Who is dialled instead of the name that the address has. */
async function behindService({ service }: WebhookClientConfig, address: string, resolver: ServiceResolver): Promise<RequestOptions> {
  if (!service) return {}
  const { namespace, name, port = 443 } = service
  try {
    const found = await resolver.resolve({ namespace, name, port })
    return { hostname: found.host, port: found.port }
  } catch (error) {
    if (error instanceof Unreachable) throw new CallError(`Post ${JSON.stringify(address)}: ${error.message}`)
    throw error
  }
}

interface Connecting {
  /** In place of what the address says. */
  dialled: RequestOptions
  options: RequestOptions
}

/** As Go's HTTP client does: at most so many requests for one. */
const mostRequests = 10

export const post = (address: string, body: string, options: RequestOptions): Promise<Answer> =>
  followed(address, body, { dialled: {}, options })

async function followed(address: string, text: string, { dialled, options }: Connecting): Promise<Answer> {
  const url = new URL(address)
  const { origin } = url
  let next: Hop = { url, address, method: 'POST', body: text }
  for (let made = 1; ; made++) {
    // The Service is dialled under its own name only.
    const answer = await send(next, next.url.origin === origin ? { ...options, ...dialled } : options)
    const hop = hopAfter(next, answer)
    if (!hop) return answer
    if (made === mostRequests) throw new CallError(`Post ${JSON.stringify(answer.location)}: stopped after ${mostRequests} redirects`)
    next = hop
  }
}

interface Hop {
  url: URL
  /** The same, as messages name it. */
  address: string
  method: string
  body?: string
}

export interface Answer {
  code: number
  location?: string | undefined
  text: string
}

/** Where an answer sends the caller; undefined: it is the last one. 307 and 308 want the same again. */
function hopAfter({ url, address, method, body }: Hop, { code, location }: Answer): Hop | undefined {
  if (!location || ![301, 302, 303, 307, 308].includes(code)) return undefined
  if (!URL.canParse(location, url.href))
    throw new CallError(`Post ${JSON.stringify(address)}: failed to parse Location header ${JSON.stringify(location)}`)
  const there = new URL(location, url)
  const next = { url: there, address: there.href }
  return code >= 307 && body !== undefined ? { ...next, method, body } : { ...next, method: 'GET' }
}

async function send({ url, address, method, body }: Hop, options: RequestOptions): Promise<Answer> {
  const failure = (why: string) => new CallError(`Post ${JSON.stringify(address)}: ${why}`)
  if (!/^https?:$/.test(url.protocol)) throw failure(`unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`)
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const headers = {
    host: url.host,
    accept: 'application/json, */*',
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...options.headers,
  }
  return new Promise((resolve, reject) => {
    const failed = (error: NodeError) => reject(Object.assign(failure(worded(error)), { reset: error.code === 'ECONNRESET' }))
    const sent = request(url, { ...options, method, headers, agent: false }, response => {
      const { statusCode: code = 0, headers } = response
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', failed)
      response.on('end', () => resolve({ code, location: headers.location, text: Buffer.concat(parts).toString() }))
    })
    sent.on('error', failed).end(body)
  })
}

interface NodeError extends Error {
  code?: string
  address?: string
  port?: number
  hostname?: string
}

const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

export function worded(error: NodeError): string {
  const { code = '', name, address = '', port, hostname } = error
  if (name === 'AbortError' || name === 'TimeoutError') return 'context deadline exceeded'
  if (code === 'ECONNREFUSED' || code === 'AggregateError')
    return `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: connect: connection refused`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${hostname}: no such host`
  if (unknownAuthority.has(code)) return 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
  if (code === 'CERT_HAS_EXPIRED') return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `tls: failed to verify certificate: x509: ${error.message}`
  if (code === 'ECONNRESET') return 'EOF'
  return error.message
}

/** NewGenericServerResponse, without a resource. */
export function refusal({ code, text }: Answer): string {
  if (code === 400) return 'the server rejected our request for an unknown reason'
  if (code === 401) return 'the server has asked for the client to provide credentials'
  if (code === 403) return text.trim() || 'unknown'
  if (code === 404) return 'the server could not find the requested resource'
  if (code === 405) return 'the server does not allow this method on the requested resource'
  if (code === 503) return 'the server is currently unable to handle the request'
  if (code >= 500) return `an error on the server (${JSON.stringify(text.trim() || 'unknown')}) has prevented the request from succeeding`
  return `the server responded with the status code ${code} but did not return more information`
}
