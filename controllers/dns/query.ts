// The cluster's DNS: bytes in, bytes out.
import { resolve, type ZoneOptions } from './answer.ts'
import { PacketError, parseQuery, printError } from './packet.ts'
import { printAnswer } from './writer.ts'
import type { Zone } from './zone.ts'

export type Transport = 'udp' | 'tcp'

/** undefined: silence. Never throws, whatever the bytes. */
export function answerQuery(zone: Zone, options: ZoneOptions, bytes: Uint8Array, transport: Transport): Uint8Array | undefined {
  try {
    const query = parseQuery(bytes)
    if (!query) return undefined
    const badVersion = (query.edns?.version ?? 0) > 0
    const answer = badVersion ? ({ ...empty, rcode: 'BADVERS' } as const) : resolve(zone, options, query.question)
    return printAnswer(query, answer, transport)
  } catch (error) {
    // Whoever asks gets a word even where this server is wrong.
    return printError(bytes, error instanceof PacketError ? error : new PacketError('SERVFAIL'))
  }
}

const empty = { authoritative: false, answer: [], authority: [], additional: [] }
