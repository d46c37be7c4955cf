// An HTTPS server of the test's own, with a certificate by a CA of its own.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority, issueCertificate } from '../../server/auth/certificates.ts'

export interface HttpsServer extends AsyncDisposable {
  server: Server
  port: number
  /** The CA, base64 of PEM as the API takes it. */
  caBundle: string
  /** Its own certificate, in the same form. */
  certificate: string
}

const year = 365 * 86_400_000

/** `hosts`: the names and addresses of its certificate. */
export async function serveHttps(
  hosts: readonly string[],
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
  options: ServerOptions = {},
): Promise<HttpsServer> {
  const [notBefore, notAfter] = [new Date(Date.now() - year), new Date(Date.now() + year)]
  const authority = createAuthority('test-ca', notBefore, notAfter)
  const { certificate, key } = issueCertificate(authority, { commonName: 'test', hosts, notBefore, notAfter })
  const server = createServer({ ...options, key, cert: certificate }, (incoming, outgoing) => void answer(incoming, outgoing))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    server,
    port: (server.address() as AddressInfo).port,
    caBundle: Buffer.from(authority.certificate).toString('base64'),
    certificate: Buffer.from(certificate).toString('base64'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
