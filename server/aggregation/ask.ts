// This server itself asks an extension server, for its health and its documents.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { worded } from '../extension/call.ts'
import type { User } from '../registry/request.ts'
import type { Dialled } from './aggregation.ts'
import { answered, isOutdated } from './connections.ts'
import { identityHeaders } from './identity.ts'

export interface Question {
  /** GET otherwise. */
  method?: string
  path: string
  user: User
  headers?: Record<string, string>
  body?: string
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
export async function ask(dialled: Dialled, { timeoutMs, ...question }: Question): Promise<Told> {
  const answer = await answerTo(dialled, question, AbortSignal.timeout(timeoutMs))
  const parts: Buffer[] = []
  try {
    for await (const part of answer) parts.push(part as Buffer)
  } catch (error) {
    throw failure(dialled, question, error as Error)
  }
  return { code: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }
}

type Asked = Omit<Question, 'timeoutMs'>

const failure = (dialled: Dialled, { method = 'GET', path }: Asked, error: Error): Error =>
  new Error(`${method.charAt(0)}${method.slice(1).toLowerCase()} ${JSON.stringify(addressOf(dialled, path))}: ${worded(error)}`)

/** The beginning of an answer; all of it ends with `signal`, or with the cluster. Throws as ask(). */
export async function answerTo(dialled: Dialled, question: Asked, signal: AbortSignal): Promise<IncomingMessage> {
  const { method = 'GET', path, user, headers, body } = question
  const { request } = await import('node:https')
  // Node frames the body of a DELETE only when it is told its length.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const all = { host: dialled.host, ...headers, ...length, ...identityHeaders(user) }
  const send = () => {
    const sent = request({ ...dialled.options, method, path, headers: all, signal })
    const ended = () => void sent.destroy()
    dialled.signal.addEventListener('abort', ended)
    sent.once('close', () => dialled.signal.removeEventListener('abort', ended))
    return answered(sent, () => sent.end(body))
  }
  try {
    return await send().catch(error => (method === 'GET' && isOutdated(error) ? send() : Promise.reject(error)))
  } catch (error) {
    throw failure(dialled, question, error as Error)
  }
}
