// A server that a kubeconfig leads to is asked, and asked again where that may help: who decides about images, tokens and rights.
import type { Clock } from '../clock.ts'
import { CallError, parsedAnswer, post, refusal } from './call.ts'
import type { Target } from './kubeconfig.ts'

/** Upstream's: five tries, with longer and longer waits between them. */
export const tries = 5
export const waitFactor = 1.5
const timeoutSeconds = 30

export interface Asking {
  clock: Pick<Clock, 'after'>
  /** Before the second try. */
  firstWaitMs: number
}

export interface Review {
  kind: string
  apiVersion: string
  spec: object
  /** As Go prints it when nothing is known. */
  status: object
}

/** The status that a review comes back with. Throws CallError, in the words of Go's client, when the last try has failed. */
export async function askReview<T extends object>(target: Target, review: Review, asking: Asking): Promise<Partial<T>> {
  const { kind, apiVersion } = review
  const answer = (await ask(target, { ...review, metadata: {} }, asking)) as { kind?: unknown; apiVersion?: unknown; status?: T } | null
  if (answer?.kind === kind && answer.apiVersion === apiVersion) return answer.status ?? {}
  throw new CallError(`no kind ${JSON.stringify(answer?.kind ?? '')} is registered for version ${JSON.stringify(answer?.apiVersion ?? '')}`)
}

async function ask({ url, options }: Target, body: object, { clock, firstWaitMs }: Asking): Promise<unknown> {
  const address = `${url}${url.includes('?') ? '&' : '?'}timeout=${timeoutSeconds}s`
  for (let attempt = 1, waitMs = firstWaitMs; ; attempt++, waitMs *= waitFactor) {
    const last = attempt >= tries
    try {
      const answer = await post(address, JSON.stringify(body), { ...options, signal: AbortSignal.timeout(timeoutSeconds * 1000) })
      if (answer.code >= 200 && answer.code < 300) return parsedAnswer(answer)
      if (last || ![429, 500, 504].includes(answer.code)) throw new CallError(refusal(answer))
    } catch (error) {
      if (last || !(error instanceof CallError) || !error.reset) throw error
    }
    await pause(clock, waitMs)
  }
}

/** Ends early when the signal aborts. */
export const pause = (clock: Pick<Clock, 'after'>, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise(done => {
    const end = () => {
      cancel()
      signal?.removeEventListener('abort', end)
      done()
    }
    const cancel = clock.after(ms, end)
    signal?.addEventListener('abort', end)
  })
