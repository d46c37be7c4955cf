// Flow control as clients see it: a fresh cluster's schemas and levels, who belongs to which, schemas that dangle. Nothing is held back.
import { isReason } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
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
import type { RequestInfo } from '../http/requestinfo.ts'
import type { User } from '../registry/request.ts'
import { concerns, fits, type Rule } from './match.ts'

/** What of an answer's headers tells the flow. */
export interface Flow {
  schemaUid: string
  levelUid: string
}

interface Candidate {
  rule: Rule
  flow: Flow
}

export interface FlowControlParts {
  /** Writes what it found out about schemas; who it is shows in their managedFields. */
  consumer: Client
  clock: Clock
  logError(error: unknown): void
}

/** What was found out is written a little later: several changes in a row are one. */
const tellAfterMs = 10

export class FlowControl {
  readonly #parts: FlowControlParts
  readonly #ending = new AbortController()
  #schemas: readonly FlowSchema[] = []
  #levels: ReadonlyMap<string, PriorityLevelConfiguration> = new Map()
  /** The rules about a user, in the order they are tried; forgotten when a schema or a level changes. */
  #byUser = new WeakMap<User, readonly Candidate[]>()
  #cancelTelling = () => {}

  constructor(parts: FlowControlParts) {
    this.#parts = parts
  }

  /** When a fresh cluster's objects are there. */
  async start(): Promise<void> {
    for (const kind of [flowSchema, priorityLevelConfiguration] as unknown as readonly Kind[]) {
      const { revision } = await this.#parts.consumer.list(kind)
      void this.#follow(kind, revision)
    }
  }

  close(): void {
    this.#cancelTelling()
    this.#ending.abort()
  }

  /** Resolves when the objects are known. */
  async refresh(): Promise<void> {
    const { items: schemas } = await this.#parts.consumer.list(flowSchema)
    const { items: levels } = await this.#parts.consumer.list(priorityLevelConfiguration)
    this.#schemas = [...schemas].sort(byPrecedence)
    this.#levels = new Map(levels.map(level => [level.metadata.name, level]))
    this.#byUser = new WeakMap()
  }

  /** undefined before anything is known. */
  classify(user: User, verb: string, info: RequestInfo): Flow | undefined {
    let candidates = this.#byUser.get(user)
    if (!candidates) {
      candidates = this.#candidates(user)
      this.#byUser.set(user, candidates)
    }
    for (const { rule, flow } of candidates) if (fits(rule, verb, info)) return flow
    const last = this.#schemas.find(s => s.metadata.name === 'catch-all')
    return last && this.#flowOf(last)
  }

  #candidates(user: User): Candidate[] {
    return this.#schemas.flatMap(schema => {
      const flow = this.#flowOf(schema)
      const rules = flow ? (schema.spec.rules ?? []).filter(rule => concerns(user, rule)) : []
      return rules.map(rule => ({ rule, flow: flow as Flow }))
    })
  }

  /** undefined: its level does not exist. */
  #flowOf({ metadata, spec }: FlowSchema): Flow | undefined {
    const level = this.#levels.get(spec.priorityLevelConfiguration.name)
    return level && { schemaUid: metadata.uid, levelUid: level.metadata.uid }
  }

  async #follow(kind: Kind, from: number): Promise<void> {
    const { signal } = this.#ending
    for (let after = from; !signal.aborted; after = (await this.#parts.consumer.list(kind)).revision) {
      if (after !== from) await this.refresh()
      for await (const _changes of this.#parts.consumer.watch(kind, after, signal)) {
        await this.refresh()
        this.#tellLater()
      }
    }
  }

  #tellLater(): void {
    this.#cancelTelling()
    const tell = () => void this.#tellDangling().catch(error => this.#parts.logError(error))
    this.#cancelTelling = this.#parts.clock.after(tellAfterMs, tell)
  }

  async #tellDangling(): Promise<void> {
    for (const schema of this.#schemas) await this.#tell(schema)
  }

  async #tell({ metadata: { name }, spec, status }: FlowSchema): Promise<void> {
    const level = spec.priorityLevelConfiguration.name
    const condition = danglingCondition(level, this.#levels.has(level), printTime(this.#parts.clock.now()))
    if (status.conditions?.find(c => c.type === 'Dangling')?.message === condition.message) return
    try {
      await this.#parts.consumer.apply(flowSchema, { metadata: { name }, status: { conditions: [condition] } }, 'status')
    } catch (error) {
      // Deleted meanwhile: there is nobody to tell it of.
      if (!isReason(error, 'NotFound')) throw error
    }
  }
}
