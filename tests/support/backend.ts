// A server that a kubeconfig leads to: it is asked with JSON, and answers.
import { aKubeconfig } from './admission.ts'
import { serveHttps } from './https.ts'

export interface Backend<T> extends AsyncDisposable {
  /** What it was asked, in order. */
  asked: T[]
  url: string
  /** Its file. */
  kubeconfig: string
}

/** A number is a code; an object goes into the question, as its status. */
export async function serveBackend<T>(reply: (asked: T, count: number) => object | number): Promise<Backend<T>> {
  const asked: T[] = []
  const server = await serveHttps(['127.0.0.1'], async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const question = JSON.parse(Buffer.concat(parts).toString())
    const answer = reply(question, asked.push(question))
    if (typeof answer === 'number') return outgoing.writeHead(answer).end('no')
    return outgoing.end(JSON.stringify({ ...question, status: answer }))
  })
  const url = `https://127.0.0.1:${server.port}/ask`
  return { asked, url, kubeconfig: aKubeconfig(url, server.caBundle), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
