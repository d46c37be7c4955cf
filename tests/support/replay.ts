// Replays recorded steps against a cluster over HTTP and says what differs. The rules are those of the recordings' README.
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import { type Duplex, PassThrough } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { deepEqual } from '../../openapi/values/equal.ts'
import { parseYaml } from '../../server/codec/yaml.ts'
import type { Cluster } from '../../server/index.ts'
import { at, firstDifference, servedOnly, sorted, without, withoutDescriptions } from './compare.ts'
import { complete, exchange, handshake, head, sameForm, shown, webSocketFrames } from './handshake.ts'
import { normalise, normaliseText } from './normalise.ts'
import { envelope } from './protobuf.ts'
import { inScope, type Step } from './reference.ts'

interface Answered {
  code: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
  /** Not compressed. */
  bytes: Buffer
}

/** Longer waits of the recording were for a compaction. */
const compactionWaitMs = 60_000
/** A watch that shows nothing new for so long has nothing more to show. */
const quietMs = 500

/** Whom the recordings' tokens stood for. */
export const replayTokens = 'admintoken,admin,admin,system:masters\ndevtoken,dev,dev,devs'

export class Replay {
  readonly #cluster: Cluster
  readonly #tokens: Readonly<Record<string, string | undefined>>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false })
  readonly variables: Record<string, string> = {}
  readonly #etags = new Map<string, string>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#tokens = { admin: 'admintoken', dev: 'devtoken', bad: 'no-such-token', none: undefined }
  }

  close(): void {
    this.#agent.destroy()
  }

  /** '' when the answer is as recorded, else what differs. Captures variables either way. */
  async check(step: Step): Promise<string> {
    if (step.action === 'compact') return ''
    if ((step.waitMs ?? 0) >= compactionWaitMs) await this.#cluster.simulator.compact()
    if (step.stream) return this.#checkWatch(step)
    if (!step.request.method) return this.#checkWebSocket(step)
    let answer: Answered
    try {
      // The recording gave another hash here, and noted the same.
      if (step.request.path.includes('<current hash>') && !this.#etags.has(pathOf(step)))
        this.#etags.set(pathOf(step), String((await this.#send(renamed(step, '?hash=<current hash>', ''))).headers.etag))
      answer = await this.#patiently(step.name.endsWith('wrong hash') ? renamed(step, '<current hash>', '0') : step)
    } catch (error) {
      return String(error)
    }
    if (answer.headers.etag) this.#etags.set(pathOf(step), String(answer.headers.etag))
    const parsed = parse(answer)
    this.#capture(step, parsed)
    return this.#compare(step, answer, parsed)
  }

  async #patiently(step: Step): Promise<Answered> {
    let answer = await this.#send(step)
    for (let tries = 0; step.until && inScope(step) && tries < 20 && !met(step.until, answer); tries++) {
      await new Promise(resolve => setTimeout(resolve, 100))
      answer = await this.#send(step)
    }
    return answer
  }

  async #send(step: Step): Promise<Answered> {
    return read(await this.#open(step))
  }

  /** Opens the watch, lets happen what happened meanwhile, and compares the events. */
  async #checkWatch(step: Step): Promise<string> {
    const incoming = await this.#open(step)
    if (incoming.statusCode !== step.response.code) {
      incoming.destroy()
      return `code ${incoming.statusCode} instead of ${step.response.code}`
    }
    if (!step.response.frames) {
      const answer = await read(incoming)
      return this.#compare(step, answer, parse(answer))
    }
    const watched = new Watched(incoming)
    for (const during of step.during ?? []) await this.check(during)
    await this.#cluster.settle()
    const seconds = /timeoutSeconds=(\d+)/.exec(step.request.query ?? '')?.[1]
    if (seconds && step.response.end === 'server closed') await this.#cluster.clock.advance(Number(seconds) * 1000)
    const got = await watched.until(step.response.end === 'server closed' ? Number.POSITIVE_INFINITY : step.response.frames.length)
    incoming.destroy()
    this.#capture(step, got)
    return (
      this.#compareVersions(step, got) ||
      difference(sorted(got.map(frame => this.#normalise(frame))), sorted(step.response.frames.map(frame => this.#normalise(frame))))
    )
  }

  /** The handshake, and the frames up to the last one recorded. */
  async #checkWebSocket({ request: { path, protocols }, response }: Step): Promise<string> {
    const wanted = response.frames ?? []
    const got = await exchange(this.#cluster, head('GET', path, this.#cluster, handshake(protocols), ''), (so, ended) =>
      response.code === 101 ? ended || webSocketFrames(so.body).length >= wanted.length : complete(so),
    )
    if (got.code !== response.code) return `code ${got.code} instead of ${response.code}: ${got.body.toString().slice(0, 300)}`
    const answer = { code: got.code, headers: got.headers, text: got.body.toString(), bytes: got.body }
    return (
      this.#compareHeaders(response, answer) ||
      difference(
        webSocketFrames(got.code === 101 ? got.body : Buffer.alloc(0)).map(shown),
        wanted.map(frame => sameForm(frame as never)),
      ) ||
      (response.body === undefined ? '' : difference(this.#normalise(parse(answer)), response.body))
    )
  }

  #open(step: Step): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      this.#request(step, resolve)
        .on('connect', (answer, socket, head) => resolve(withBody(answer, socket, head)))
        .on('error', reject)
    })
  }

  #request({ request: wanted }: Step, onAnswer: (incoming: IncomingMessage) => void): ClientRequest {
    const headers: OutgoingHttpHeaders = {}
    const token = this.#tokens[wanted.auth ?? 'admin']
    if (token) headers.authorization = `Bearer ${token}`
    if (wanted.accept) headers.accept = wanted.accept
    if (wanted.contentType ?? (wanted.bodyRepeat && 'application/json')) headers['content-type'] = wanted.contentType ?? 'application/json'
    for (const [name, value] of Object.entries(wanted.headers ?? {})) {
      if (value === null) delete headers[name.toLowerCase()]
      else if (typeof value === 'string') headers[name.toLowerCase()] = this.#fill(wanted.path, value)
      else headers[name.toLowerCase()] = [...value]
    }
    const body = this.#body(wanted)
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body)
    const { hostname: host, port } = new URL(this.#cluster.url)
    const query = wanted.query ? `?${this.#substitute(repeated(wanted.query))}` : ''
    const path = this.#fill(wanted.path, this.#substitute(wanted.path) + query)
    return request({ host, port, method: wanted.method, path, headers, agent: this.#agent }, onAnswer).end(body)
  }

  /** What only this server knows: its token, the hash of a document as its last answer gave it. */
  #fill(path: string, text: string): string {
    const etag = this.#etags.get(path.split('?')[0] ?? '') ?? ''
    return text
      .replace('<admin token>', 'admintoken')
      .replace(/"?<(?:sha512-hex-upper|etag)>"?/, etag)
      .replace('<current hash>', etag.replaceAll('"', ''))
  }

  #body({ body, rawBody, bodyBase64, bodyRepeat }: Step['request']): string | Buffer | undefined {
    if (rawBody !== undefined) return this.#substitute(rawBody)
    if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64')
    if (bodyRepeat) return bodyRepeat.prefix + bodyRepeat.unit.repeat(bodyRepeat.count) + bodyRepeat.suffix
    return body === undefined ? undefined : this.#substitute(spaced(body))
  }

  #substitute(text: string): string {
    return text.replace(/\$\{(\w+)(?:\+(\d+))?\}/g, (whole, name: string, add?: string) => {
      const value = this.variables[name]
      if (value === undefined) return whole
      return add ? String(Number(value) + Number(add)) : value
    })
  }

  #capture({ capture = {} }: Step, answer: unknown): void {
    for (const [name, pointer] of Object.entries(capture)) {
      const value = at(answer, pointer)
      if (value !== undefined) this.variables[name] = String(value)
    }
  }

  #compare(step: Step, answer: Answered, parsed: unknown): string {
    const { response } = step
    if (answer.code !== response.code) return `code ${answer.code} instead of ${response.code}: ${answer.text.slice(0, 300)}`
    if (step.codeOnly) return ''
    return this.#compareVersions(step, parsed) || this.#compareHeaders(response, answer) || this.#compareBody(step, answer, parsed)
  }

  #compareVersions({ response }: Step, answer: unknown): string {
    for (const { pointer, var: name, equal } of response.compare ?? []) {
      const same = String(at(answer, pointer)) === this.variables[name]
      if (same !== equal) return `${pointer} ${same ? 'equals' : 'differs from'} ${name}`
    }
    return ''
  }

  #compareHeaders({ headers, contentType, warnings }: Step['response'], answer: Answered): string {
    if (contentType !== undefined && String(answer.headers['content-type'] ?? '') !== contentType)
      return `content type ${answer.headers['content-type']}`
    for (const [name, recorded] of Object.entries(headers ?? {})) {
      // How a body is framed is the transport's affair.
      if (/^(transfer-encoding|content-length)$/i.test(name)) continue
      const value = answer.headers[name.toLowerCase()]
      if (this.#text([value].flat().join(', '), name) !== this.#text([recorded].flat().join(', '), name))
        return `header ${name}: ${value} instead of ${recorded}`
    }
    if (headers) return 'audit-id' in headers ? unrecorded(headers, answer) : ''
    // What kubemock warns of itself no other server would.
    const own = /^299 - "kubemock /
    const got = [answer.headers.warning ?? []]
      .flat()
      .flatMap(text => this.#text(text).split(/, (?=299 )/))
      .filter(text => !own.test(text))
    return deepEqual(
      got,
      (warnings ?? []).map(text => this.#text(text)),
    )
      ? ''
      : `warnings ${JSON.stringify(got)}`
  }

  #compareBody({ request, response, drop = [] }: Step, answer: Answered, parsed: unknown): string {
    if (response.body !== undefined) {
      // Descriptions of the documents are our own words.
      const told = request.path.startsWith('/openapi/') ? withoutDescriptions : (value: unknown) => value
      const side = (value: unknown) => servedOnly(sorted(this.#normalise(told(value), generateNameOf(request))))
      return difference(side(drop.reduce(without, parsed)), side(response.body)) || laidOut(response, answer.text)
    }
    if (response.envelope) return difference(onlyServed(envelope(answer.bytes)), onlyServed(response.envelope))
    if (response.bodyKind) {
      const { kind } = (parsed ?? {}) as { kind?: unknown }
      return kind === response.bodyKind ? '' : `kind ${kind} instead of ${response.bodyKind}`
    }
    if (response.text === undefined || this.#sameText(answer.text, response.text)) return ''
    return `text ${JSON.stringify(answer.text.slice(0, 300))}`
  }

  /** Long texts were recorded by their beginning only. */
  #sameText(text: string, recorded: string): boolean {
    const base = /generateName: (\S+)/.exec(recorded)?.[1]
    const named = base ? text.replace(new RegExp(`: ${base}[a-z0-9]{5}$`, 'm'), `: ${base}<rand>`) : text
    const [mine, theirs] = [this.#text(named), this.#text(recorded)]
    return mine === theirs || (recorded.length >= 24 && !recorded.endsWith('\n') && mine.startsWith(theirs))
  }

  /** This server's own address stands for that of the recording. */
  #text(text: string, header = ''): string {
    const { host, port } = new URL(this.#cluster.url)
    const own = text.replaceAll(host, '<server>').replaceAll(`:${port}`, ':6443')
    if (/^etag$/i.test(header)) return own.replace(/"[0-9A-F]{64,}"/, '"<sha512-hex-upper>"')
    if (/^location$/i.test(header)) return own.replace(/[0-9A-F]{64,}/, '<sha512-hex-upper>')
    if (/^vary$/i.test(header)) return own.replace(/Accept-Encoding, ?(?=Accept)/, '')
    // Any value will do: the recording masked the one that was sent.
    if (/^process-start-time-unix$/i.test(header)) return own.replace(/^\d{10}$/, '<unix seconds>')
    if (/^audit-id$/i.test(header)) return '<uid>'
    if (/^(last-modified|expires)$/i.test(header)) return own.replace(/^\w{3}, \d\d \w{3} .*GMT$/, '<http-date>')
    return normaliseText(own)
  }

  #normalise(value: unknown, generateName = ''): unknown {
    const { host, port } = new URL(this.#cluster.url)
    return normalise(value, { host, port: Number(port), generateName })
  }
}

/** Of a list of groups it does not count how many there are: not all may be served. */
function onlyServed(value: unknown): unknown {
  const envelope = value as { fields: [{ fields: { value: string }[] }, { fieldIds: number[] }] }
  const [type, raw] = envelope.fields
  return type.fields[1]?.value === 'APIGroupList' ? { ...envelope, fields: [type, [...new Set(raw.fieldIds)]] } : value
}

/** Headers of the connection, and one of another concern. */
const notCompared = /^(date|content-length|connection|keep-alive|transfer-encoding|x-kubernetes-pf-.*)$/

/** Recordings of whole answers hold every header. */
function unrecorded(headers: object, answer: Answered): string {
  const name = Object.keys(answer.headers).find(n => !notCompared.test(n) && !(n in headers))
  return name ? `header ${name}: ${answer.headers[name]} instead of none` : ''
}

/** Indented or in one line; said of whole answers only. */
function laidOut({ endsWithNewline = false, indented }: Step['response'], text: string): string {
  if (!endsWithNewline && indented === undefined) return ''
  if (text.endsWith('\n') !== endsWithNewline) return `${endsWithNewline ? 'no' : 'a'} newline at the end`
  return text.startsWith(`{\n${indented}"`) === (indented !== undefined) ? '' : `${indented === undefined ? '' : 'not '}indented`
}

const generateNameOf = ({ body }: Step['request']): string =>
  (body as { metadata?: { generateName?: string } } | undefined)?.metadata?.generateName ?? ''

const pathOf = ({ request: { path } }: Step): string => path.split('?')[0] ?? ''

const renamed = (step: Step, from: string, to: string): Step => ({
  ...step,
  request: { ...step.request, path: step.request.path.replace(from, to) },
})

const difference = (mine: unknown, theirs: unknown): string => (deepEqual(mine, theirs) ? '' : firstDifference(theirs, mine, ''))

/** A watch that is read as it comes. */
class Watched {
  #text = ''
  #ended = false
  #onChange = () => {}

  constructor(incoming: IncomingMessage) {
    incoming.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString()
      this.#onChange()
    })
    incoming.on('error', () => {})
    incoming.on('close', () => {
      this.#ended = true
      this.#onChange()
    })
  }

  /** All events, as soon as there are so many, it ended, or it is quiet; one turn more, for an event too many. */
  async until(count: number): Promise<unknown[]> {
    while (!this.#ended && this.#frames().length < count) {
      const before = this.#text.length
      await this.#change(quietMs)
      if (this.#text.length === before) break
    }
    if (!this.#ended) await this.#change(10)
    return this.#frames()
  }

  #change(waitMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, waitMs)
      this.#onChange = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** One event after the other, however they are laid out. */
  #frames(): unknown[] {
    return this.#text
      .split(/\n(?=\{|$)/)
      .filter(Boolean)
      .map(frame)
  }
}

function frame(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The answer to a CONNECT has no body of its own. */
function withBody(answer: IncomingMessage, socket: Duplex, head: Buffer): IncomingMessage {
  const body = new PassThrough()
  body.write(head)
  socket.pipe(body)
  return Object.assign(body, { statusCode: answer.statusCode, headers: answer.headers }) as unknown as IncomingMessage
}

async function read(incoming: IncomingMessage): Promise<Answered> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const bytes = Buffer.concat(parts)
  const plain = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
  return { code: incoming.statusCode ?? 0, headers: incoming.headers, text: plain.toString(), bytes: plain }
}

/** `… + "text" x 3` as some recordings write a long query. */
const repeated = (query: string): string =>
  query.replace(/ \+ "([^"]*)" x (\d+)$/, (_whole, text: string, count: string) => text.repeat(Number(count)))

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
  return until.pointer === undefined || deepEqual(at(parse(answer), until.pointer), until.equals ?? until.value)
}
