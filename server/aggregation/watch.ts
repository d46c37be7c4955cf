// A watch at an extension server: what it tells, line by line.
import type { KubeObject } from '../../openapi/kind.ts'
import type { User } from '../registry/request.ts'
import type { Dialled } from './aggregation.ts'
import { answerTo } from './ask.ts'

export type WatchLine =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
  | { type: 'ERROR'; object: { code?: number; reason?: string; message?: string } }

interface Watching {
  path: string
  user: User
  headers: Record<string, string>
  signal: AbortSignal
}

/** Ends with `signal`. Throws Error when it cannot begin, or ends by itself. */
export async function* watched(dialled: Dialled, { signal, ...question }: Watching): AsyncGenerator<WatchLine> {
  try {
    const answer = await answerTo(dialled, question, signal)
    if (answer.statusCode !== 200) throw new Error(`a watch of ${question.path} was answered with ${answer.statusCode}`)
    for await (const line of lines(answer)) yield JSON.parse(line) as WatchLine
    throw new Error(`the watch of ${question.path} ended`)
  } catch (error) {
    if (!signal.aborted && !dialled.signal.aborted) throw error
  }
}

async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts.filter(line => line !== '')
  }
}
