// A webhook of the test's own: an HTTPS server that answers AdmissionReviews, and keeps the requests it was asked about.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority, issueCertificate } from '../../server/auth/certificates.ts'

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
  asked: HookRequest[]
}

/** What stands in `response` beside the uid; a string is sent as it is, with the code. */
type Reply = object | { code: number; text: string }

const year = 365 * 86_400_000
const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const patchOf = (...operations: object[]) => ({ allowed: true, patchType: 'JSONPatch', patch: base64(JSON.stringify(operations)) })

export async function serveHook(reply: (request: HookRequest) => Reply | Promise<Reply>): Promise<HookServer> {
  const [notBefore, notAfter] = [new Date(Date.now() - year), new Date(Date.now() + year)]
  const authority = createAuthority('hook-ca', notBefore, notAfter)
  const { certificate, key } = issueCertificate(authority, { commonName: 'hook', hosts: ['127.0.0.1'], notBefore, notAfter })
  const asked: HookRequest[] = []
  const server = createServer({ key, cert: certificate }, async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const review = JSON.parse(Buffer.concat(parts).toString())
    asked.push(review.request)
    const answer = await reply(review.request)
    if ('text' in answer) return outgoing.writeHead(answer.code, { 'content-type': 'text/plain' }).end(answer.text)
    const { apiVersion, kind } = review
    return outgoing
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ apiVersion, kind, response: { uid: review.request.uid, ...answer } }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    client: { url: `https://127.0.0.1:${port}/hook`, caBundle: base64(authority.certificate) },
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
