// The control API under /_kubemock/: the simulator's verbs as REST. Its own OpenAPI document is made of the same table.
import { badRequest, methodNotAllowed, unknownPath } from '../../openapi/errors.ts'
import { printTime } from '../../openapi/values/time.ts'
import { durationMs, type Simulator } from '../simulator.ts'
import { answerObject, type Exchange, textAnswer } from './exchange.ts'
import type { Pages } from './route.ts'

interface Call {
  simulator: Simulator
  /** Of the path, by the names in it. */
  names: Readonly<Record<string, string>>
  body: Readonly<Record<string, unknown>>
}

type Fields = Readonly<Record<string, { type: 'string' | 'boolean' | 'integer' | 'array'; description: string }>>

interface Verb {
  about: string
  /** The body's fields, all of them required. */
  takes?: Fields
  /** The answer's; absent for a text. */
  gives?: Fields
  run(call: Call): string | object | Promise<object>
}

const now: Fields = { now: { type: 'string', description: "the cluster's time, RFC 3339" } }
const clock = ({ simulator }: Call) => ({ now: printTime(simulator.now()) })
/** Does something, then tells the time. */
const then = (act: (call: Call) => Promise<void>) => async (call: Call) => {
  await act(call)
  return clock(call)
}
const failed = { type: 'boolean', description: 'whether it is failed now' } as const
const nodeState: Fields = { node: { type: 'string', description: 'its name' }, failed }

/** METHOD path, relative to /_kubemock/. */
const verbs: Readonly<Record<string, Verb>> = {
  'GET health': {
    about: 'Whether the server answers.',
    gives: { status: { type: 'string', description: 'ok' } },
    run: () => ({ status: 'ok' }),
  },
  'GET info': {
    about: 'What this server is, and what it refuses.',
    gives: {
      version: { type: 'string', description: 'the emulated version' },
      url: { type: 'string', description: 'where the API is served' },
      nodes: { type: 'integer', description: 'simulated nodes at start' },
      pace: { type: 'string', description: 'how long containers take to start' },
      unsupported: { type: 'array', description: 'subresources that are refused by name' },
    },
    run: ({ simulator }) => simulator.info(),
  },
  'GET kubeconfig': { about: "The administrator's kubeconfig.", run: ({ simulator }) => simulator.kubeconfig() },
  'GET clock': { about: "The cluster's time.", gives: now, run: clock },
  'POST clock': {
    about: 'Moves the clock on; everything due meanwhile happens, in order.',
    takes: { advance: { type: 'string', description: 'a Go duration, for instance 1h30m' } },
    gives: now,
    run: then(({ simulator, body }) => simulator.advance(durationMs(body.advance))),
  },
  'POST settle': {
    about: 'Answers when nothing is left to do at this instant.',
    gives: now,
    run: then(({ simulator }) => simulator.settle()),
  },
  'POST reset': { about: 'Back to the cluster of the first moment.', gives: now, run: then(({ simulator }) => simulator.reset()) },
  'POST compact': {
    about: 'Forgets all history: watches and pages from older versions are answered 410.',
    gives: now,
    run: then(({ simulator }) => simulator.compact()),
  },
  'POST nodes/{name}/fail': {
    about: 'Cuts a node off: no heartbeat, no status.',
    gives: nodeState,
    async run({ simulator, names: { name = '' } }) {
      await simulator.failNode(name)
      return { node: name, failed: true }
    },
  },
  'POST nodes/{name}/recover': {
    about: 'Joins a node again.',
    gives: nodeState,
    async run({ simulator, names: { name = '' } }) {
      await simulator.recoverNode(name)
      return { node: name, failed: false }
    },
  },
  'POST pods/{namespace}/{name}/fail': {
    about: "Ends a pod's containers with an error: phase Failed.",
    gives: { namespace: { type: 'string', description: 'its namespace' }, pod: { type: 'string', description: 'its name' }, failed },
    async run({ simulator, names: { namespace = '', name = '' } }) {
      await simulator.failPod(namespace, name)
      return { namespace, pod: name, failed: true }
    },
  },
  'GET openapi': { about: 'This document.', gives: {}, run: () => document() },
}

export const createControl = (simulator: Simulator): Pages => ({
  async answer(exchange) {
    const [, head, ...rest] = exchange.info.path.split('/')
    if (head !== '_kubemock') return undefined
    const found = Object.entries(verbs).flatMap(([pattern, verb]) => {
      const [method, path = ''] = pattern.split(' ')
      const names = match(path, rest)
      return names ? [{ method, verb, names }] : []
    })
    if (found.length === 0) throw unknownPath()
    const asked = found.find(({ method }) => method === exchange.method)
    if (!asked) throw methodNotAllowed()
    const answer = await asked.verb.run({ simulator, names: asked.names, body: bodyOf(exchange, asked.verb.takes ?? {}) })
    return typeof answer === 'string' ? textAnswer(200, answer) : answerObject(200, answer, { encoding: 'json', pretty: true })
  },
})

function match(path: string, parts: readonly string[]): Record<string, string> | undefined {
  const words = path.split('/')
  if (words.length !== parts.length) return undefined
  const names: Record<string, string> = {}
  for (const [index, word] of words.entries()) {
    const part = parts[index] ?? ''
    if (word.startsWith('{')) names[word.slice(1, -1)] = decodeURIComponent(part)
    else if (word !== part) return undefined
  }
  return names
}

function bodyOf({ body }: Exchange, fields: Fields): Readonly<Record<string, unknown>> {
  const value = body.length === 0 ? {} : parsed(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('the body must be a JSON object')
  const unknown = Object.keys(value).find(name => !(name in fields))
  if (unknown !== undefined) throw badRequest(`unknown field ${JSON.stringify(unknown)}`)
  return value as Record<string, unknown>
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw badRequest(`the body is not JSON: ${(error as Error).message}`)
  }
}

/** OpenAPI 3.0. */
function document(): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [pattern, verb] of Object.entries(verbs)) {
    const [method = '', path = ''] = pattern.split(' ')
    paths[`/_kubemock/${path}`] = { ...paths[`/_kubemock/${path}`], [method.toLowerCase()]: operation(path, verb) }
  }
  return { openapi: '3.0.3', info: { title: 'kubemock control API', version: 'v1' }, paths }
}

function operation(path: string, { about, takes, gives }: Verb): object {
  const object = (properties: Fields) => ({ type: 'object', properties })
  const content = gives ? { 'application/json': { schema: object(gives) } } : { 'text/plain': { schema: { type: 'string' } } }
  const refusal = (description: string) => ({ description: `${description}; the body is a Status` })
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return {
    description: about,
    ...(names.length > 0 ? { parameters: names } : {}),
    ...(takes
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { ...object(takes), required: Object.keys(takes), additionalProperties: false } } },
          },
        }
      : {}),
    responses: {
      200: { description: 'done', content },
      ...(takes ? { 400: refusal('not understood') } : {}),
      401: refusal('wrong credentials'),
      403: refusal('no credentials'),
      ...(names.length > 0 ? { 404: refusal('no such object') } : {}),
    },
  }
}
