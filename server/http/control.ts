// The control API under /_kubemock/: the simulator's verbs as REST.
import { badRequest, methodNotAllowed, unknownPath } from '../../openapi/errors.ts'
import { printTime } from '../../openapi/values/time.ts'
import { durationMs, type Simulator } from '../simulator.ts'
import { answerObject, type Exchange, textAnswer } from './exchange.ts'
import type { Pages } from './route.ts'

interface Call {
  simulator: Simulator
  /** The path's own parts, where the pattern has *. */
  names: readonly string[]
  body: Record<string, unknown>
}

const clock = ({ simulator }: Call) => ({ now: printTime(simulator.now()) })

/** METHOD path, relative to /_kubemock/; * is a name. */
const verbs: Readonly<Record<string, (call: Call) => object | Promise<object>>> = {
  'GET health': () => ({ status: 'ok' }),
  'GET info': ({ simulator }) => simulator.info(),
  'GET clock': clock,
  async 'POST clock'(call) {
    await call.simulator.advance(durationMs(call.body.advance))
    return clock(call)
  },
  async 'POST settle'(call) {
    await call.simulator.settle()
    return clock(call)
  },
  async 'POST reset'(call) {
    await call.simulator.reset()
    return clock(call)
  },
  async 'POST compact'(call) {
    await call.simulator.compact()
    return clock(call)
  },
  async 'POST nodes/*/fail'({ simulator, names: [name = ''] }) {
    await simulator.failNode(name)
    return { node: name, failed: true }
  },
  async 'POST nodes/*/recover'({ simulator, names: [name = ''] }) {
    await simulator.recoverNode(name)
    return { node: name, failed: false }
  },
  async 'POST pods/*/*/fail'({ simulator, names: [namespace = '', name = ''] }) {
    await simulator.failPod(namespace, name)
    return { namespace, pod: name, failed: true }
  },
}

export const createControl = (simulator: Simulator): Pages => ({
  async answer(exchange) {
    const [, head, ...rest] = exchange.info.path.split('/')
    if (head !== '_kubemock') return undefined
    if (rest.join('/') === 'kubeconfig' && exchange.method === 'GET') return textAnswer(200, simulator.kubeconfig())
    for (const [pattern, run] of Object.entries(verbs)) {
      const names = match(pattern, exchange.method, rest)
      if (names) return answerObject(200, await run({ simulator, names, body: bodyOf(exchange) }), { encoding: 'json', pretty: true })
    }
    const known = Object.keys(verbs).some(pattern => match(pattern, pattern.split(' ')[0] ?? '', rest))
    throw known ? methodNotAllowed() : unknownPath()
  },
})

function match(pattern: string, method: string, parts: readonly string[]): string[] | undefined {
  const [wanted, path = ''] = pattern.split(' ')
  const words = path.split('/')
  if (wanted !== method || words.length !== parts.length) return undefined
  const names: string[] = []
  for (const [index, word] of words.entries()) {
    const part = decodeURIComponent(parts[index] ?? '')
    if (word === '*') names.push(part)
    else if (word !== part) return undefined
  }
  return names
}

function bodyOf({ body }: Exchange): Record<string, unknown> {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString())
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    throw badRequest(`the body is not JSON: ${(error as Error).message}`)
  }
  throw badRequest('the body must be a JSON object')
}
