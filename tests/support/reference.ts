// Replays recorded steps against a cluster over HTTP and says what differs. The rules are those of the recordings' README.
import { existsSync, readFileSync } from 'node:fs'
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import { fileURLToPath } from 'node:url'
import { deepEqual } from '../../openapi/values/equal.ts'
import { parseYaml } from '../../server/codec/yaml.ts'
import type { Cluster } from '../../server/index.ts'
import { normalise } from './normalise.ts'

export const directory = process.env.KUBEMOCK_REFERENCE ?? fileURLToPath(new URL('../../../shared/reference', import.meta.url))
export const hasReference = existsSync(directory)
export const readReference = <T>(path: string): T => JSON.parse(readFileSync(`${directory}/${path}`, 'utf8'))

export interface Step {
  name: string
  setup?: boolean
  mayExist?: boolean
  mayFail?: boolean
  codeOnly?: boolean
  action?: string
  /** The answer is a watch: `during` runs while it is open. */
  stream?: boolean
  untilFrames?: number
  needs?: string
  during?: readonly Step[]
  drop?: readonly string[]
  capture?: Readonly<Record<string, string>>
  compare?: readonly { pointer: string; var: string }[]
  retrySeconds?: number
  until?: { pointer?: string; value?: unknown; code?: number }
  request: {
    method: string
    path: string
    query?: string
    auth?: 'admin' | 'dev' | 'bad' | 'none'
    accept?: string
    contentType?: string
    headers?: Readonly<Record<string, string>>
    body?: unknown
    rawBody?: string
    bodyRepeat?: { prefix: string; unit: string; count: number; suffix: string }
  }
  response: {
    code: number
    contentType?: string
    warnings?: readonly string[]
    body?: unknown
    text?: string
    frames?: readonly unknown[]
    end?: string
    compare?: readonly { pointer: string; var: string; equal: boolean }[]
  }
}

const customOrLater =
  /\/apis\/(?!apps\/|storage\.k8s\.io\/v1\/|storage\.k8s\.io\/v1$|coordination\.k8s\.io\/v1\/|discovery\.k8s\.io\/v1\/|events\.k8s\.io\/v1\/)/

/** Whether a case is about kinds that are served: core, apps, storage and what they need. Other groups, custom resources and rights come later. */
export const inScope = ({ request: { path, auth } }: Step): boolean => !customOrLater.test(path) && auth !== 'dev'

export interface Answered {
  code: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
}

interface OpenWatch {
  code: number
  headers: Answered['headers']
  ended: Promise<string>
  /** Resolves when so many events came, or none come any more. */
  frames(count: number): Promise<void>
  close(): unknown[]
}

export class Replay {
  readonly #url: URL
  readonly #tokens: Readonly<Record<string, string | undefined>>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false })
  readonly #cluster: Cluster
  readonly variables: Record<string, string> = {}

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#url = new URL(cluster.url)
    this.#tokens = { admin: cluster.adminToken, bad: 'no-such-token', none: undefined }
  }

  close(): void {
    this.#agent.destroy()
  }

  substitute(text: string): string {
    return text.replace(/\$\{(\w+)(?:\+(\d+))?\}/g, (whole, name: string, add?: string) => {
      const value = this.variables[name]
      if (value === undefined) return whole
      return add ? String(Number(value) + Number(add)) : value
    })
  }

  send(step: Step): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.#request(step, incoming => {
        const parts: Buffer[] = []
        incoming.on('data', part => parts.push(part))
        incoming.on('end', () =>
          resolve({ code: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(parts).toString() }),
        )
        incoming.on('error', reject)
      }).on('error', reject)
    })
  }

  #request({ request: wanted }: Step, onAnswer: (incoming: IncomingMessage) => void): ClientRequest {
    const query = wanted.query ? `?${this.substitute(wanted.query)}` : ''
    const headers: OutgoingHttpHeaders = { ...wanted.headers }
    const token = this.#tokens[wanted.auth ?? 'admin']
    if (token) headers.authorization = `Bearer ${token}`
    if (wanted.accept) headers.accept = wanted.accept
    if (wanted.contentType) headers['content-type'] = wanted.contentType
    const body = this.#body(wanted)
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body)
    const { hostname: host, port } = this.#url
    const path = this.substitute(wanted.path) + query
    return request({ host, port, method: wanted.method, path, headers, agent: this.#agent }, onAnswer).end(body)
  }

  /** Opens the watch, runs what happens meanwhile, and compares the events. */
  async #checkStream(step: Step): Promise<string> {
    const watch = await this.#open(step)
    if (!String(watch.headers['transfer-encoding']).includes('chunked') || !step.response.frames) {
      const text = await watch.ended
      return this.#compare(
        step,
        { code: watch.code, headers: watch.headers, text },
        parse({ code: watch.code, headers: watch.headers, text }),
      )
    }
    for (const during of step.during ?? []) await this.check(during)
    await watch.frames(step.response.frames.length)
    const seconds = /timeoutSeconds=(\d+)/.exec(step.request.query ?? '')?.[1]
    if (seconds) await this.#cluster.clock.advance(Number(seconds) * 1000)
    const got = watch.close()
    for (const [name, pointer] of Object.entries(step.capture ?? {})) this.variables[name] = String(at(got, pointer))
    for (const { pointer, var: name, equal } of step.response.compare ?? [])
      if ((String(at(got, pointer)) === this.variables[name]) !== equal) return `${pointer} compares otherwise with ${name}`
    const [mine, theirs] = [sorted(got.map(frame => normalise(frame))), sorted(step.response.frames)]
    return deepEqual(mine, theirs) ? '' : firstDifference(theirs, mine, '')
  }

  #open(step: Step): Promise<OpenWatch> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#request(step, incoming => {
        let text = ''
        let onText = () => {}
        const parsed = () =>
          text
            .split('\n')
            .slice(0, -1)
            .map(line => JSON.parse(line) as unknown)
        const ended = new Promise<string>(done => {
          incoming.on('data', (chunk: Buffer) => {
            text += chunk.toString()
            onText()
          })
          incoming.on('close', () => done(text))
        })
        resolve({
          code: incoming.statusCode ?? 0,
          headers: incoming.headers,
          ended,
          frames: count =>
            new Promise(done => {
              const timer = setTimeout(done, 1000)
              onText = () => {
                if (parsed().length < count) return
                clearTimeout(timer)
                // One turn more, for an event too many.
                setTimeout(done, 20)
              }
              onText()
            }),
          close() {
            outgoing.destroy()
            return parsed()
          },
        })
      }).on('error', reject)
    })
  }

  #body({ body, rawBody, bodyRepeat }: Step['request']): string | undefined {
    if (rawBody !== undefined) return this.substitute(rawBody)
    if (bodyRepeat) return bodyRepeat.prefix + bodyRepeat.unit.repeat(bodyRepeat.count) + bodyRepeat.suffix
    return body === undefined ? undefined : this.substitute(spaced(body))
  }

  /** '' when the answer is as recorded, else what differs. Captures variables either way. */
  async check(step: Step): Promise<string> {
    if (step.action === 'compact') {
      await this.#cluster.simulator.compact()
      return ''
    }
    if (step.stream) return this.#checkStream(step)
    const answer = await this.#patiently(step)
    const parsed = parse(answer)
    for (const [name, pointer] of Object.entries(step.capture ?? {})) {
      const value = at(parsed, pointer)
      if (value !== undefined) this.variables[name] = String(value)
    }
    return this.#compare(step, answer, parsed)
  }

  async #patiently(step: Step): Promise<Answered> {
    let answer = await this.send(step)
    for (let tries = 0; step.until && tries < 20 && !met(step.until, answer); tries++) {
      await new Promise(resolve => setTimeout(resolve, 100))
      answer = await this.send(step)
    }
    return answer
  }

  #compare(step: Step, answer: Answered, parsed: unknown): string {
    const { response } = step
    if (answer.code !== response.code) return `code ${answer.code} instead of ${response.code}: ${answer.text.slice(0, 300)}`
    if (step.codeOnly) return ''
    for (const { pointer, var: name, equal } of response.compare ?? []) {
      const same = String(at(parsed, pointer)) === this.variables[name]
      if (same !== equal) return `${pointer} ${same ? 'equals' : 'differs from'} ${name}`
    }
    if (response.contentType !== undefined && String(answer.headers['content-type'] ?? '') !== response.contentType)
      return `content type ${answer.headers['content-type']}`
    const warnings = [answer.headers.warning ?? []].flat().flatMap(text => text.split(/, (?=299 )/))
    if (!deepEqual(warnings, response.warnings ?? [])) return `warnings ${JSON.stringify(warnings)}`
    if (response.body === undefined)
      return response.text === undefined || sameText(answer.text, response.text) ? '' : `text ${JSON.stringify(answer.text.slice(0, 300))}`
    const dropped = (step.drop ?? []).reduce(without, parsed)
    const [mine, theirs] = [servedOnly(sorted(normalise(dropped))), servedOnly(sorted(response.body))]
    return deepEqual(mine, theirs) ? '' : firstDifference(theirs, mine, '')
  }
}

/** Long texts were recorded by their beginning only. */
function sameText(text: string, recorded: string): boolean {
  const mine = normalise(text) as string
  return mine === normalise(recorded) || (recorded.length >= 24 && !recorded.endsWith('\n') && mine.startsWith(recorded))
}

/** JSON as the recordings sent it: messages quote the first bytes of a body. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`)
    .join(', ')}}`
}

function parse(answer: Answered): unknown {
  try {
    return String(answer.headers['content-type']).startsWith('application/yaml') ? parseYaml(answer.text).value : JSON.parse(answer.text)
  } catch {
    return undefined
  }
}

function met(until: NonNullable<Step['until']>, answer: Answered): boolean {
  if (until.code !== undefined && answer.code !== until.code) return false
  return until.pointer === undefined || deepEqual(at(parse(answer), until.pointer), until.value)
}

const parts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'))
const at = (value: unknown, pointer: string): unknown =>
  parts(pointer).reduce((v, part) => (v as Record<string, unknown> | undefined)?.[part], value)

function without(value: unknown, pointer: string): unknown {
  const path = parts(pointer)
  const last = path.pop()
  const copy = structuredClone(value)
  const parent = path.reduce((v, part) => (v as Record<string, unknown> | undefined)?.[part], copy)
  if (last !== undefined && typeof parent === 'object' && parent !== null) delete (parent as Record<string, unknown>)[last]
  return copy
}

/** managedFields compare as a set. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => {
      if (key !== 'managedFields' || !Array.isArray(v)) return [key, sorted(v)]
      const text = (entry: Record<string, unknown>) =>
        JSON.stringify([entry.operation, entry.manager, entry.subresource ?? '', entry.apiVersion, entry.fieldsV1])
      return [key, [...v].sort((a, b) => (text(a) < text(b) ? -1 : 1))]
    }),
  )
}

const served = /^(apps|events\.k8s\.io|storage\.k8s\.io|coordination\.k8s\.io|discovery\.k8s\.io)$/

/** A discovery document without the groups that are not served. */
function servedOnly(value: unknown): unknown {
  const { kind, groups, items, paths } = (value ?? {}) as Record<string, unknown[] | string>
  const keep = (name: string | undefined) => !name || served.test(name)
  if (kind === 'APIGroupList') return { ...(value as object), groups: (groups as { name: string }[]).filter(g => keep(g.name)) }
  if (kind === 'APIGroupDiscoveryList')
    return { ...(value as object), items: (items as { metadata: { name?: string } }[]).filter(i => keep(i.metadata.name)) }
  if (Array.isArray(paths)) return { paths: (paths as string[]).filter(path => keep(/^\/apis\/([^/]+)/.exec(path)?.[1])) }
  return value
}

export function firstDifference(want: unknown, got: unknown, path: string): string {
  if (typeof want !== 'object' || typeof got !== 'object' || want === null || got === null)
    return `${path}: want ${JSON.stringify(want)?.slice(0, 300)}, got ${JSON.stringify(got)?.slice(0, 300)}`
  const [a, b] = [want as Record<string, unknown>, got as Record<string, unknown>]
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (!deepEqual(a[key], b[key])) return firstDifference(a[key], b[key], `${path}/${key}`)
  return `${path}: lengths differ`
}
