// Requests as the audit log sees them.
import type { Auditor } from '../audit/index.ts'
import type { AuditRecord } from '../audit/record.ts'
import { attributesOf, longSubresources } from './attributes.ts'
import { type Answer, type Exchange, textAnswer } from './exchange.ts'

/** Where the client is, and what it came through: all but the last is only said. */
function sourceIps({ headers, request }: Exchange): string[] {
  const remote = (request.socket?.remoteAddress ?? '').replace(/^::ffff:/, '')
  const said = [headers['x-forwarded-for'] ?? []].flat().flatMap(text => text.split(',').map(ip => ip.trim()))
  const real = String(headers['x-real-ip'] ?? '')
  const all = [...said, ...(real && !said.includes(real) ? [real] : [])].filter(ip => ip !== '')
  return remote && all.at(-1) !== remote ? [...all, remote] : all
}

export interface Beginning {
  auditId: string
  received: Date
  /** Whether it is known who asks. */
  known: boolean
}

/** From here on the exchange is audited, if it is to be. An answer when that it came could not be kept. */
export async function beginAudit(
  auditor: Auditor,
  exchange: Exchange,
  { auditId, received, known }: Beginning,
): Promise<Answer | undefined> {
  const { user, ...asked } = attributesOf(exchange)
  const { info, headers, request } = exchange
  const long =
    asked.verb === 'watch' ||
    (info.resourceRequest && longSubresources.has(info.subresource)) ||
    (!info.resourceRequest && info.path.startsWith('/debug/pprof/'))
  const opened = await auditor.begin({
    asked: known ? { ...asked, user } : asked,
    version: info.version,
    auditId,
    uri: request.url ?? '',
    userAgent: cut(headers['user-agent'] ?? ''),
    sourceIps: sourceIps(exchange),
    received,
    long,
  })
  if (!opened) return undefined
  if (!opened.kept) return textAnswer(500, `Internal Server Error: ${JSON.stringify(request.url)}: failed to store audit event\n`)
  exchange.audit = opened.record
  return undefined
}

const maxUserAgent = 1024
const cut = (text: string): string => (text.length > maxUserAgent ? `${text.slice(0, maxUserAgent)}...TRUNCATED` : text)

/** Before the answer goes out: who has it finds the event. */
export function endAudit(record: AuditRecord, answer: Pick<Answer, 'code' | 'object'>): Promise<boolean> {
  const { code, object } = answer
  return record.ended({ code, object: typeof object === 'function' ? object() : object })
}
