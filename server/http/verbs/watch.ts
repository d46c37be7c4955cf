// A watch: events as they happen until the client goes, the time is over, or its history is gone.
import { StatusError } from '../../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../../openapi/kind.ts'
import type { EventType } from '../../codec/encode.ts'
import { columnDefinitions, partialMetadata, tableRow } from '../../codec/table.ts'
import { emptyObject } from '../../registry/managedfields.ts'
import type { WatchEvent } from '../../registry/request.ts'
import type { Api } from '../api.ts'
import { type Exchange, representation, requestContext } from '../exchange.ts'
import type { Representation } from '../negotiate.ts'
import { type ListOptions, listOptions, parseVersion } from '../query.ts'
import { type EventSink, responseSink } from '../streams/sink.ts'
import { includeObject } from './get.ts'
import { selectionOf } from './selection.ts'

type Schema = { readonly [keyword: string]: unknown }

const defaultTimeoutSeconds = 1800
const bookmarkEveryMs = 60_000
/** Upstream sends a last bookmark shortly before the time is over. */
const bookmarkBeforeEndMs = 2_000
/** No bookmark sooner than this. */
const firstBookmarkMs = 2_000

/** Answers on the exchange's sink; errors before the first byte are thrown. `only`: watch this one name (the old path form). */
export async function watch(api: Api, kind: Kind, exchange: Exchange, only?: string): Promise<void> {
  const as = representation(exchange, { views: true, watch: true })
  const options = listOptions(exchange.query, true)
  const version = parseVersion(options.resourceVersion, message => new StatusError(500, '', message))
  const selection = selectionOf(kind, options)
  if (only !== undefined) selection.name = only
  const ending = new AbortController()
  const timeoutSeconds = options.timeoutSeconds || defaultTimeoutSeconds
  const closers = [
    api.clock.after(timeoutSeconds * 1000, () => ending.abort()),
    api.onClose(() => ending.abort()),
    api.registry.onRemove(kind, () => ending.abort()),
  ]
  const sink = exchange.sink ?? responseSink(exchange.response)
  sink.onClose(() => ending.abort())
  const stream = new EventStream(api, kind, as, { sink, query: exchange.query })
  if (options.allowWatchBookmarks) closers.push(bookmarks(api, stream, { lifetimeMs: timeoutSeconds * 1000, first: version === undefined }))
  try {
    await exchange.audit?.started(200)
    stream.begin()
    exchange.leave?.()
    // Upstream finds out when the watch is already open: it ends as it began.
    if (timeoutSeconds < 0 || as.view === 'PartialObjectMetadataList') return
    const events = api.registry
      .store(kind)
      .watch(
        requestContext(exchange),
        { ...selection, after: startOf(api, options, version), initialEventsEnd: wantsEnd(options), onTooSlow: () => sink.cut() },
        ending.signal,
      )
    for await (const batch of events) if (!(await stream.send(batch, ending.signal))) break
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    stream.error(error)
  } finally {
    ending.abort()
    for (const close of closers) close()
    sink.end()
  }
}

/** Changes after this revision; undefined: what is there comes first. */
function startOf(api: Api, options: ListOptions, version: number | undefined): number | undefined {
  if (options.sendInitialEvents ?? (version === undefined || version === 0)) return undefined
  return Math.min(version ?? api.storage.revision(), Number.MAX_SAFE_INTEGER)
}

const wantsEnd = (options: ListOptions): boolean => options.sendInitialEvents === true && options.allowWatchBookmarks

/** `first`: the first bookmark says that the initial objects are over, as upstream's does for watches without a version. */
function bookmarks(api: Api, stream: EventStream, { lifetimeMs, first }: { lifetimeMs: number; first: boolean }): () => void {
  let cancel = () => {}
  const next = (elapsedMs: number) => {
    const beforeEnd = lifetimeMs - bookmarkBeforeEndMs - elapsedMs
    const delay = Math.min(bookmarkEveryMs, beforeEnd >= firstBookmarkMs ? beforeEnd : bookmarkEveryMs)
    cancel = api.clock.after(delay, () => {
      stream.bookmark(api.storage.revision(), first && elapsedMs === 0)
      next(elapsedMs + delay)
    })
  }
  next(0)
  return () => cancel()
}

/** What the cells of a bookmark are made of: Go's empty object, in which a list that is not there has no items. */
const emptyOf = (kind: Kind): KubeObject =>
  ({ ...(countable(kind.schema, emptyObject(kind)) as object), metadata: { name: '' } }) as KubeObject

function countable(schema: Schema | undefined, value: unknown): unknown {
  if (schema?.type === 'array') return value ?? []
  if (typeof value !== 'object' || value === null) return value
  const below = Object.entries((schema?.properties ?? {}) as Record<string, Schema>)
  return Object.fromEntries(below.map(([name, s]) => [name, countable(s, (value as Record<string, unknown>)[name])]))
}

class EventStream {
  readonly #api: Api
  readonly #kind: Kind
  readonly #sink: EventSink
  readonly #as: Representation
  readonly #query: URLSearchParams
  readonly #count: { event(bytes: number): void }
  #columnsSent = false

  constructor(api: Api, kind: Kind, as: Representation, { sink, query }: { sink: EventSink; query: URLSearchParams }) {
    this.#api = api
    this.#kind = kind
    this.#sink = sink
    this.#as = as
    this.#query = query
    this.#count = api.metrics.watch(kind)
  }

  begin(): void {
    const type = this.#as.encoding === 'protobuf' ? 'application/vnd.kubernetes.protobuf;stream=watch' : 'application/json'
    this.#sink.begin(type)
  }

  /** False when the client is gone. Waits while the client does not read. */
  async send(events: readonly WatchEvent<KubeObject>[], signal: AbortSignal): Promise<boolean> {
    for (const event of events) {
      if (signal.aborted) return false
      if (event.type === 'BOOKMARK') this.bookmark(event.revision, event.initialEventsEnd)
      else if (!this.#sink.write(this.#frame(event.type, event.object))) await this.#sink.drained(signal)
    }
    return !signal.aborted
  }

  bookmark(revision: number, initialEventsEnd: boolean): void {
    const object = {
      kind: this.#kind.kind,
      apiVersion: apiVersionOf(this.#kind),
      metadata: {
        resourceVersion: String(revision),
        ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      },
    }
    this.#sink.write(this.#frame('BOOKMARK', object as unknown as KubeObject))
  }

  error(error: StatusError): void {
    this.#sink.write(this.#api.encodings.frame('ERROR', error.status as unknown as KubeObject, this.#encoding()))
  }

  #encoding(): 'json' | 'protobuf' {
    return this.#as.encoding === 'protobuf' ? 'protobuf' : 'json'
  }

  #frame(type: EventType, object: KubeObject): Buffer {
    const frame = this.#encoded(type, object)
    this.#count.event(frame.length)
    return frame
  }

  #encoded(type: EventType, object: KubeObject): Buffer {
    if (this.#as.view === 'object') return this.#api.encodings.frame(type, object, this.#encoding())
    if (this.#as.view === 'PartialObjectMetadata')
      return this.#api.encodings.frame(type, this.#api.encodings.partial(object), this.#encoding())
    return Buffer.from(`${JSON.stringify({ type, object: this.#table(type, object) })}\n`)
  }

  /** Only the first table of a watch names its columns. */
  #table(type: EventType, object: KubeObject): object {
    const definitions = this.#columnsSent ? null : columnDefinitions(this.#kind)
    this.#columnsSent = true
    const now = this.#api.clock.now()
    const row =
      type === 'BOOKMARK'
        ? { ...tableRow(this.#kind, emptyOf(this.#kind), 'None', now), object: partialMetadata(object) }
        : tableRow(this.#kind, object, includeObject(this.#query), now)
    return {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: object.metadata.resourceVersion },
      columnDefinitions: definitions,
      rows: [row],
    }
  }
}
