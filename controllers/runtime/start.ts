// Starts controllers: shared informers, one queue each, workers, read-your-writes, and the question whether all is settled.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Client } from '../../server/client.ts'
import type { Clock } from '../../server/clock.ts'
import type { Caches, Context, Controller, Informer, ObjectKey } from './controller.ts'
import { Recorder } from './events.ts'
import { CachedInformer } from './informer.ts'
import { Told } from './told.ts'
import { keyText, WorkQueue } from './workqueue.ts'

export interface ControllerEnvironment {
  /** A client that acts as the named controller. */
  client(name: string): Client
  clock: Clock
  random: Context['random']
  /** A broken invariant, or a failure that is tried again. */
  logError(controller: string, key: ObjectKey, error: unknown): void
}

export interface Running {
  /** No key waits or is in work, no Event is unwritten. Timers may be set. */
  idle(): boolean
  queues(): readonly QueueCounts[]
  close(): void
}

/** What went through a controller's queue so far, and what waits in it. */
export interface QueueCounts {
  name: string
  adds: number
  retries: number
  depth: number
}

/** Keys of one controller worked on at the same time. */
const parallelism = 16

export async function startControllers(controllers: readonly Controller[], environment: ControllerEnvironment): Promise<Running> {
  const informers = new Informers(environment.client('informers'))
  for (const { watches } of controllers) for (const { kind } of watches) informers.of(kind)
  await informers.start()
  let events = 0
  const serial = () => events++
  const runners = controllers.map(controller => new Runner(controller, informers, { ...environment, serial }))
  for (const runner of runners) runner.start()
  return {
    idle: () => runners.every(runner => runner.idle()),
    queues: () => summed(runners.map(runner => runner.counts())),
    close() {
      for (const runner of runners) runner.close()
      informers.close()
    },
  }
}

/** Controllers that act as one, and are called so, count as one. */
function summed(queues: readonly QueueCounts[]): readonly QueueCounts[] {
  const byName = new Map<string, QueueCounts>()
  for (const queue of queues) {
    const { name, adds, retries, depth } = byName.get(queue.name) ?? { name: queue.name, adds: 0, retries: 0, depth: 0 }
    byName.set(name, { name, adds: adds + queue.adds, retries: retries + queue.retries, depth: depth + queue.depth })
  }
  return [...byName.values()]
}

/** Somebody was faster: the next try sees what they did. In a namespace that is going, nothing is to be done any more. */
function isLostRace(error: unknown): boolean {
  const { reason, status } = error as { reason?: string; status?: { details?: { causes?: readonly { reason?: string }[] } } }
  return (
    ['Conflict', 'AlreadyExists', 'NotFound'].includes(reason ?? '') ||
    status?.details?.causes?.some(cause => cause.reason === 'NamespaceTerminating') === true
  )
}

class Informers implements Caches {
  readonly #client: Client
  readonly #byKind = new Map<Kind, CachedInformer>()

  constructor(client: Client) {
    this.#client = client
  }

  of(kind: Kind): CachedInformer {
    const known = this.#byKind.get(kind)
    if (known) return known
    const informer = new CachedInformer(kind, this.#client)
    this.#byKind.set(kind, informer)
    return informer
  }

  informer<T extends KubeObject>(kind: Kind<T>): Informer<T> {
    const informer = this.#byKind.get(kind as unknown as Kind)
    if (!informer) throw new Error(`bug: no controller watches ${kind.kind}`)
    return informer as unknown as Informer<T>
  }

  find(kind: Kind): CachedInformer | undefined {
    return this.#byKind.get(kind)
  }

  async start(): Promise<void> {
    await Promise.all([...this.#byKind.values()].map(informer => informer.start()))
  }

  close(): void {
    for (const informer of this.#byKind.values()) informer.close()
  }
}

interface RunnerEnvironment extends ControllerEnvironment {
  /** Counts the Events of all controllers. */
  serial(): number
}

class Runner {
  readonly #controller: Controller
  readonly #informers: Informers
  readonly #environment: RunnerEnvironment
  readonly #queue: WorkQueue
  readonly #recorder: Recorder
  readonly #client: Client
  /** What each key wrote last, by kind: it is not worked on before the caches show it. */
  readonly #written = new Map<string, Map<CachedInformer, number>>()
  #working = 0
  #closeController: (() => void) | undefined
  #closed = false

  constructor(controller: Controller, informers: Informers, environment: RunnerEnvironment) {
    this.#controller = controller
    this.#informers = informers
    this.#environment = environment
    this.#client = environment.client(controller.name)
    this.#recorder = new Recorder(this.#client, environment.clock, { component: controller.name, serial: environment.serial })
    this.#queue = new WorkQueue(environment.clock, () => this.#pump())
  }

  start(): void {
    for (const { kind, keys } of this.#controller.watches)
      this.#informers.of(kind).onChange((object, old) => {
        for (const key of keys(object, this.#informers)) this.#queue.add(key)
        // What the object belonged to before may have to act as well.
        if (old) for (const key of keys(old, this.#informers)) this.#queue.add(key)
      })
    this.#closeController = this.#controller.start?.(this.#context(this.#client), key => this.#queue.add(key)) ?? undefined
  }

  counts(): QueueCounts {
    return { name: this.#controller.name, ...this.#queue.counts() }
  }

  idle(): boolean {
    return this.#queue.idle() && this.#recorder.idle()
  }

  close(): void {
    this.#closed = true
    this.#queue.close()
    this.#closeController?.()
  }

  #pump(): void {
    while (this.#working < parallelism && !this.#closed) {
      const key = this.#queue.take()
      if (!key) return
      this.#working++
      void this.#work(key).finally(() => {
        this.#working--
        this.#queue.done(key)
        this.#pump()
      })
    }
  }

  async #work(key: ObjectKey): Promise<void> {
    const text = keyText(key)
    try {
      for (const [informer, revision] of this.#written.get(text) ?? []) await informer.reached(revision)
      this.#written.delete(text)
      if (this.#closed) return
      const result = await this.#controller.reconcile(key, this.#context(this.#tracking(text)))
      this.#queue.forget(key)
      if (result?.requeueAfterMs !== undefined) this.#queue.addAfter(key, result.requeueAfterMs)
    } catch (error) {
      if (this.#closed) return
      if (!(error instanceof Told) && !isLostRace(error)) this.#environment.logError(this.#controller.name, key, error)
      this.#queue.addRateLimited(key)
    }
  }

  #context(client: Client): Context {
    return {
      client,
      clock: this.#environment.clock,
      random: this.#environment.random,
      informer: kind => this.#informers.informer(kind),
      event: (about, text, from) => this.#recorder.record(about, text, from),
    }
  }

  /** The client, with a note of every write. */
  #tracking(key: string): Client {
    const note = (kind: Kind, revision: number) => {
      const informer = this.#informers.find(kind)
      if (!informer) return
      const written = this.#written.get(key) ?? new Map<CachedInformer, number>()
      this.#written.set(key, written.set(informer, Math.max(revision, written.get(informer) ?? 0)))
    }
    const noted = async <T extends KubeObject>(kind: Kind<T>, write: Promise<T>): Promise<T> => {
      const object = await write
      note(kind as unknown as Kind, Number(object.metadata.resourceVersion))
      return object
    }
    const client = this.#client
    return {
      ...client,
      create: (kind, object) => noted(kind as never, client.create(kind, object)) as never,
      update: (kind, object) => noted(kind, client.update(kind, object)),
      updateStatus: (kind, object) => noted(kind, client.updateStatus(kind, object)),
      patch: (kind, at, patch, subresource) => noted(kind, client.patch(kind, at, patch, subresource)),
      async delete(kind, at, options) {
        const result = await client.delete(kind, at, options)
        note(kind as unknown as Kind, result.revision)
        return result
      },
    }
  }
}
