// Flow control: a fresh cluster's schemas and levels, who belongs to which, schemas that dangle, and who must wait for a seat.
import { isDeepStrictEqual } from 'node:util'
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { mandatoryLevels, mandatorySchemas } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/bootstrap.ts'
import {
  byPrecedence,
  danglingCondition,
  type FlowSchema,
  flowSchema,
} from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import {
  type PriorityLevelConfiguration,
  priorityLevelConfiguration,
} from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import { Histogram } from '../http/exposition.ts'
import type { RequestInfo } from '../http/requestinfo.ts'
import { flowManagers } from '../registry/defaultflows.ts'
import { type Follower, follow } from '../registry/follow.ts'
import { prefixOf } from '../registry/keys.ts'
import type { User } from '../registry/request.ts'
import type { Storage } from '../storage/storage.ts'
import { Keeper } from './keeping.ts'
import { Lending, type Lent } from './lending.ts'
import { concerns, fits, type Rule } from './match.ts'
import { type Outcome, type Queuing, type Refusal, Seats } from './seats.ts'
import { type Bounds, boundsOf } from './shares.ts'
import { mostSeats } from './width.ts'

/** A schema that has its level, and what became of its requests. */
export interface Flow {
  /** Names. */
  schema: string
  level: string
  /** The two that an answer's headers tell. */
  schemaUid: string
  levelUid: string
  distinguisher: 'ByUser' | 'ByNamespace' | undefined
  seats: Seats
  /** Nobody is counted who waits, for nobody does. */
  exempt: boolean
  /** What a request takes at most. */
  mostSeats: number
  dispatched: number
  /** Requests, and the seats that they take. */
  executing: number
  executingSeats: number
  waiting: number
  waitingSeats: number
  /** How often requests took so many. */
  widths: Map<number, number>
  /** Seconds that requests waited, by whether they were served. */
  waits: { served: Histogram; refused: Histogram }
  refused: Map<Refusal, number>
}

interface Candidate {
  rule: Rule
  flow: Flow
}

export interface FlowControlParts {
  storage: Storage
  /** As whom it is written what was found out about schemas, and what is put back, shows in managedFields. */
  client(name: string): Client
  clock: Clock
  /** Of all levels together. */
  seats: number
  logError(error: unknown): void
}

/** What was found out is written a little later: several changes in a row are one. */
const tellAfterMs = 10

export class FlowControl {
  readonly #parts: FlowControlParts
  readonly #ending = new AbortController()
  /** By name. */
  readonly #schemas = new Map<string, FlowSchema>()
  readonly #levels = new Map<string, PriorityLevelConfiguration>()
  /** By name of the level, and of schema and level. They outlast changes, for requests are counted there. */
  readonly #seats = new Map<string, { queuing: Queuing | undefined; seats: Seats; mostSeats: number }>()
  readonly #flows = new Map<string, Flow>()
  /** The schemas in the order they are tried, and the rules about a user; forgotten when a schema or a level changes. */
  #inOrder: readonly FlowSchema[] | undefined
  #byUser = new WeakMap<User, readonly Candidate[]>()
  #cancelTelling = () => {}
  #keeper: Keeper | undefined
  readonly #lending: Lending

  constructor(parts: FlowControlParts) {
    this.#parts = parts
    this.#lending = new Lending(parts.clock)
  }

  /** When a fresh cluster's objects are there; resolves when they are known. */
  async start(): Promise<void> {
    await this.#follow(flowSchema as unknown as Kind, this.#schemas)
    await this.#follow(priorityLevelConfiguration as unknown as Kind, this.#levels)
    // They are written with what is to be told of them.
    this.#cancelTelling()
    this.#keeper = new Keeper({
      ...this.#parts,
      producer: this.#parts.client(flowManagers.producer),
      schemas: this.#schemas,
      levels: this.#levels,
    })
  }

  close(): void {
    this.#cancelTelling()
    this.#keeper?.close()
    this.#lending.close()
    this.#ending.abort()
    for (const { seats } of this.#seats.values()) seats.close()
  }

  /** undefined before anything is known. */
  classify(user: User, verb: string, info: RequestInfo): Flow | undefined {
    if (!this.#keeper) return undefined
    let candidates = this.#byUser.get(user)
    if (!candidates) {
      candidates = this.#candidates(user)
      this.#byUser.set(user, candidates)
    }
    for (const { rule, flow } of candidates) if (fits(rule, verb, info)) return flow
    const last = withMandatory(this.#schemas, mandatorySchemas).get('catch-all')
    return last && this.#flowOf(last)
  }

  /** Takes seats, if need be after a while; how to give them back, or undefined when there are none. */
  enter(flow: Flow, user: User, { namespace, width }: { namespace: string; width: number }): Entered | Promise<Entered> {
    const { schema, distinguisher } = flow
    flow.widths.set(width, (flow.widths.get(width) ?? 0) + 1)
    const nameOf = () => JSON.stringify([schema, distinguisher && (distinguisher === 'ByUser' ? user.name : namespace)])
    this.#lending.catchUp()
    const outcome = flow.seats.enter(nameOf, width)
    if (!(outcome instanceof Promise)) return this.#entered(flow, outcome, { width, seconds: 0 })
    const beganMs = this.#parts.clock.now().getTime()
    flow.waiting++
    flow.waitingSeats += width
    this.#lending.waits()
    return outcome.then(later => {
      flow.waiting--
      flow.waitingSeats -= width
      const seconds = (this.#parts.clock.now().getTime() - beganMs) / 1000
      return this.#entered(flow, later, { width, seconds })
    })
  }

  #entered(flow: Flow, outcome: Outcome, { width, seconds }: { width: number; seconds: number }): Entered {
    if (!flow.exempt) flow.waits[outcome === 'seated' ? 'served' : 'refused'].observe(seconds)
    if (outcome !== 'seated') {
      flow.refused.set(outcome, (flow.refused.get(outcome) ?? 0) + 1)
      return undefined
    }
    flow.dispatched++
    flow.executing++
    flow.executingSeats += width
    let seated = true
    return () => {
      if (!seated) return
      seated = false
      flow.executing--
      flow.executingSeats -= width
      this.#lending.catchUp()
      flow.seats.leave(width)
    }
  }

  /** For metrics: what became of the requests of each flow, and the seats of each level. */
  counts(): { flows: readonly Flow[]; levels: readonly Lent[]; fairFraction: number } {
    return { flows: [...this.#flows.values()], ...this.#lending.state() }
  }

  #candidates(user: User): Candidate[] {
    this.#inOrder ??= [...withMandatory(this.#schemas, mandatorySchemas).values()].sort(byPrecedence)
    return this.#inOrder.flatMap(schema => {
      const flow = this.#flowOf(schema)
      const rules = flow ? (schema.spec.rules ?? []).filter(rule => concerns(user, rule)) : []
      return rules.map(rule => ({ rule, flow: flow as Flow }))
    })
  }

  /** undefined: its level does not exist. */
  #flowOf({ metadata, spec }: FlowSchema): Flow | undefined {
    const level = withMandatory(this.#levels, mandatoryLevels).get(spec.priorityLevelConfiguration.name)
    if (!level) return undefined
    const [schema, name] = [metadata.name, level.metadata.name]
    const key = `${schema} ${name}`
    const flow = this.#flows.get(key) ?? newFlow()
    const { seats, mostSeats } = this.#seats.get(name) as { seats: Seats; mostSeats: number }
    const distinguisher = spec.distinguisherMethod?.type as Flow['distinguisher']
    const now = Object.assign(flow, {
      schema,
      level: name,
      schemaUid: metadata.uid,
      levelUid: level.metadata.uid,
      exempt: level.spec.type === 'Exempt',
      distinguisher,
      seats,
      mostSeats,
    })
    this.#flows.set(key, now)
    return now
  }

  #share(): void {
    const all = [...withMandatory(this.#levels, mandatoryLevels).values()]
    const bounds = boundsOf(
      all.map(({ spec }) => spec),
      this.#parts.seats,
    )
    const levels = all.map(({ metadata: { name }, spec }, index) => {
      const queuing = queuingOf(spec)
      const known = this.#seats.get(name) ?? { queuing: undefined, seats: new Seats(this.#parts.clock) }
      const own = bounds[index] as Bounds
      if (!isDeepStrictEqual(known.queuing, queuing)) known.seats.configure(queuing)
      this.#seats.set(name, { queuing, seats: known.seats, mostSeats: mostSeats(own.nominal, queuing) })
      return { ...own, name, seats: known.seats }
    })
    this.#lending.configure(levels)
  }

  #follow<T extends KubeObject>(kind: Kind, known: Map<string, T>): Promise<void> {
    const changed = () => {
      this.#inOrder = undefined
      this.#byUser = new WeakMap()
      this.#tellLater()
      this.#keeper?.changed()
    }
    const follower: Follower = {
      reset() {
        known.clear()
        changed()
      },
      change: (key, _before, now) => {
        if (now) known.set(now.metadata.name, now as T)
        else known.delete(key.slice(key.lastIndexOf('/') + 1))
        changed()
        this.#share()
      },
    }
    return follow(this.#parts.storage, prefixOf(kind, ''), follower, this.#ending.signal)
  }

  #tellLater(): void {
    this.#cancelTelling()
    const tell = () => void this.#tellDangling().catch(error => this.#parts.logError(error))
    this.#cancelTelling = this.#parts.clock.after(tellAfterMs, tell)
  }

  async #tellDangling(): Promise<void> {
    for (const schema of this.#schemas.values()) await this.#tell(schema)
  }

  async #tell({ metadata: { name }, spec, status }: FlowSchema): Promise<void> {
    const level = spec.priorityLevelConfiguration.name
    const condition = danglingCondition(level, this.#levels.has(level), printTime(this.#parts.clock.now()))
    if (status.conditions?.find(c => c.type === 'Dangling')?.message === condition.message) return
    try {
      await this.#parts
        .client(flowManagers.consumer)
        .apply(flowSchema, { metadata: { name }, status: { conditions: [condition] } }, 'status')
    } catch (error) {
      // Deleted meanwhile: there is nobody to tell it of.
      if (!isReason(error, 'NotFound')) throw error
    }
  }
}

/** There is always one to fall into: what is mandatory is there before it is put back. */
const withMandatory = <T extends KubeObject & { spec: unknown }>(
  known: ReadonlyMap<string, T>,
  mandatory: Readonly<Record<string, T['spec']>>,
): ReadonlyMap<string, T> =>
  new Map([
    ...Object.entries(mandatory).map(([name, spec]) => [name, { metadata: { name, uid: '' }, spec } as unknown as T] as const),
    ...known,
  ])

type Entered = (() => void) | undefined

/** Seconds; upstream's. */
const waitBounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]

const newFlow = () => ({
  ...{ dispatched: 0, executing: 0, executingSeats: 0, waiting: 0, waitingSeats: 0 },
  widths: new Map<number, number>(),
  waits: { served: new Histogram(waitBounds), refused: new Histogram(waitBounds) },
  refused: new Map<Refusal, number>(),
})

/** undefined: whoever finds no seat is refused. */
function queuingOf({ limited }: PriorityLevelConfiguration['spec']): Queuing | undefined {
  const { type, queuing } = limited?.limitResponse ?? {}
  return type === 'Queue' ? (queuing as Queuing) : undefined
}
