// Flow control as clients see it: a fresh cluster's schemas and levels, who belongs to which, schemas that dangle. Nothing is held back.
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
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
import { type Follower, follow } from '../registry/follow.ts'
import { prefixOf } from '../registry/keys.ts'
import type { User } from '../registry/request.ts'
import type { Storage } from '../storage/storage.ts'
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
  storage: Storage
  /** Writes what was found out about schemas; who it is shows in their managedFields. */
  consumer: Client
  clock: Clock
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
  /** The schemas in the order they are tried, and the rules about a user; forgotten when a schema or a level changes. */
  #inOrder: readonly FlowSchema[] | undefined
  #byUser = new WeakMap<User, readonly Candidate[]>()
  #cancelTelling = () => {}

  constructor(parts: FlowControlParts) {
    this.#parts = parts
  }

  /** When a fresh cluster's objects are there; resolves when they are known. */
  async start(): Promise<void> {
    await this.#follow(flowSchema as unknown as Kind, this.#schemas)
    await this.#follow(priorityLevelConfiguration as unknown as Kind, this.#levels)
    // They are written with what is to be told of them.
    this.#cancelTelling()
  }

  close(): void {
    this.#cancelTelling()
    this.#ending.abort()
  }

  /** undefined before anything is known. */
  classify(user: User, verb: string, info: RequestInfo): Flow | undefined {
    let candidates = this.#byUser.get(user)
    if (!candidates) {
      candidates = this.#candidates(user)
      this.#byUser.set(user, candidates)
    }
    for (const { rule, flow } of candidates) if (fits(rule, verb, info)) return flow
    const last = this.#schemas.get('catch-all')
    return last && this.#flowOf(last)
  }

  #candidates(user: User): Candidate[] {
    this.#inOrder ??= [...this.#schemas.values()].sort(byPrecedence)
    return this.#inOrder.flatMap(schema => {
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

  #follow<T extends KubeObject>(kind: Kind, known: Map<string, T>): Promise<void> {
    const changed = () => {
      this.#inOrder = undefined
      this.#byUser = new WeakMap()
      this.#tellLater()
    }
    const follower: Follower = {
      reset() {
        known.clear()
        changed()
      },
      change(key, _before, now) {
        if (now) known.set(now.metadata.name, now as T)
        else known.delete(key.slice(key.lastIndexOf('/') + 1))
        changed()
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
      await this.#parts.consumer.apply(flowSchema, { metadata: { name }, status: { conditions: [condition] } }, 'status')
    } catch (error) {
      // Deleted meanwhile: there is nobody to tell it of.
      if (!isReason(error, 'NotFound')) throw error
    }
  }
}
