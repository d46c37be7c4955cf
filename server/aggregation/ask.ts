// This server itself asks an extension server, for its health and its documents.
import type { IncomingHttpHeaders } from 'node:http'
import { worded } from '../extension/call.ts'
import type { User } from '../registry/request.ts'
import type { Dialled } from './aggregation.ts'
import { identityHeaders } from './identity.ts'

export interface Question {
  /** GET otherwise. */
  method?: 'DELETE'
  path: string
  user: User
  headers?: Record<string, string>
  timeoutMs: number
}

export interface Told {
  code: number
  headers: IncomingHttpHeaders
  text: string
}

/** Who is asked, in words. */
export const addressOf = ({ host }: Dialled, path: string): string => `https://${host}${path}`

/** Throws Error in the words of Go's HTTP client. */
export async function ask(dialled: Dialled, { method, path, user, headers, timeoutMs }: Question): Promise<Told> {
  const { signal } = dialled
  const { request } = await import('node:https')
  let ended = () => {}
  const told = new Promise<Told>((resolve, reject) => {
    const failed = (error: Error) =>
      reject(new Error(`${method ? 'Delete' : 'Get'} ${JSON.stringify(addressOf(dialled, path))}: ${worded(error)}`))
    const sent = request(
      {
        ...dialled.options,
        method: method ?? 'GET',
        path,
        headers: { host: dialled.host, ...headers, ...identityHeaders(user) },
        signal: AbortSignal.timeout(timeoutMs),
      },
      answer => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', failed)
        answer.on('end', () => resolve({ code: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }))
      },
    )
    ended = () => void sent.destroy()
    sent.on('error', failed).end()
  })
  signal.addEventListener('abort', ended)
  return told.finally(() => signal.removeEventListener('abort', ended))
}
