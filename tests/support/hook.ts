// A webhook of the test's own: an HTTPS server that answers AdmissionReviews, and keeps the requests it was asked about.
import type { IncomingHttpHeaders } from 'node:http'
import type { Rest } from './api.ts'
import { serveHttps } from './https.ts'

export interface HookRequest {
  uid: string
  operation: string
  name?: string
  namespace?: string
  subResource?: string
  dryRun: boolean
  kind: { group: string; version: string; kind: string }
  requestKind: { group: string; version: string; kind: string }
  resource: { group: string; version: string; resource: string }
  userInfo: { username: string; groups: string[] }
  object: Record<string, never> | null
  oldObject: Record<string, never> | null
  options: object
}

export interface HookServer extends AsyncDisposable {
  /** For clientConfig. */
  client: { url: string; caBundle: string }
  /** Its own, as caBundle has it. */
  certificate: string
  /** The same server as the one behind hook.default. */
  behindService: { service: { namespace: string; name: string; path: string }; caBundle: string }
  port: number
  asked: HookRequest[]
}

/** What stands in `response` beside the uid; a string is sent as it is, with the code. */
type Reply = object | { code: number; text: string }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const patchOf = (...operations: object[]) => ({ allowed: true, patchType: 'JSONPatch', patch: base64(JSON.stringify(operations)) })

export async function serveHook(
  reply: (request: HookRequest, headers: IncomingHttpHeaders) => Reply | Promise<Reply>,
): Promise<HookServer> {
  const asked: HookRequest[] = []
  const server = await serveHttps(['127.0.0.1', 'hook.default.svc'], async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const review = JSON.parse(Buffer.concat(parts).toString())
    asked.push(review.request)
    const answer = await reply(review.request, incoming.headers)
    if ('text' in answer) return outgoing.writeHead(answer.code, { 'content-type': 'text/plain' }).end(answer.text)
    const { apiVersion, kind } = review
    return outgoing
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ apiVersion, kind, response: { uid: review.request.uid, ...answer } }))
  })
  const { port, caBundle, certificate } = server
  return {
    client: { url: `https://127.0.0.1:${port}/hook`, caBundle },
    behindService: { service: { namespace: 'default', name: 'hook', path: '/hook' }, caBundle },
    certificate,
    port,
    asked,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export const webhookRoot = '/apis/admissionregistration.k8s.io/v1'
export const onCreate = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }

type Type = 'validating' | 'mutating'

export async function register(rest: Rest, type: Type, ...webhooks: object[]): Promise<void> {
  const full = webhooks.map((webhook, index) => ({
    name: `h${index}.test.example.com`,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    rules: [onCreate],
    ...webhook,
  }))
  await rest.call('post', `${webhookRoot}/${type}webhookconfigurations`, { metadata: { name: `it-${type}` }, webhooks: full }).expect(201)
}
