// The schemas and levels that a fresh cluster has are kept: what was changed or deleted is put back, by the minute.
import { isReason } from '../../openapi/errors.ts'
import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import {
  bootstrapLevels,
  bootstrapSchemas,
  mandatoryLevels,
  mandatorySchemas,
} from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/bootstrap.ts'
import { flowSchema } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import { priorityLevelConfiguration } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import { goBoolean } from '../../openapi/values/boolean.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Client } from '../client.ts'
import type { Clock } from '../clock.ts'

/** Whether the spec follows that of the fresh cluster; Go's booleans. */
export const keptAnnotation = 'apf.kubernetes.io/autoupdate-spec'

export interface Kept extends KubeObject {
  spec: object
}
type Specs = Readonly<Record<string, object>>

/** What to do about one name. */
export type Step<T = Kept> =
  | { do: 'create'; object: KubeInput & { spec: object } }
  | { do: 'update'; object: T }
  | { do: 'delete'; name: string }

/** `mandatory`: those of `bootstrap` that nobody may change. Suggested ones go first, as upstream has it. */
export function stepsFor(current: ReadonlyMap<string, Kept>, bootstrap: Specs, mandatory: Specs): Step[] {
  const names = Object.keys(bootstrap).sort((a, b) => Number(a in mandatory) - Number(b in mandatory))
  const unwanted = [...current.values()].filter(({ metadata: { name } }) => !(name in bootstrap))
  return [
    ...names.flatMap(name => revised(current.get(name), { name, spec: bootstrap[name] as object, mandatory: name in mandatory }) ?? []),
    ...unwanted.flatMap(({ metadata }): Step[] => (isYes(metadata) ? [{ do: 'delete', name: metadata.name }] : [])),
  ]
}

interface Wanted {
  name: string
  spec: object
  mandatory: boolean
}

function revised(current: Kept | undefined, { name, spec, mandatory }: Wanted): Step | undefined {
  if (!current) return { do: 'create', object: { metadata: { name, annotations: { [keptAnnotation]: 'true' } }, spec } }
  const { metadata } = current
  // Without a word about it, a spec that nobody has touched may follow.
  const follows = mandatory || (isYes(metadata) ?? metadata.generation === 1)
  const same = !follows || isSameSpec(name, current.spec, spec)
  if (same && isYes(metadata) === follows) return undefined
  const annotations = { ...metadata.annotations, [keptAnnotation]: String(follows) }
  return { do: 'update', object: { ...current, metadata: { ...metadata, annotations }, spec: same ? current.spec : spec } }
}

/** undefined: it says nothing that can be understood. */
const isYes = ({ annotations }: KubeObject['metadata']): boolean | undefined => goBoolean(annotations?.[keptAnnotation] ?? '')

/** How much the exempt level lends is everybody's own. */
function isSameSpec(name: string, spec: object & { exempt?: object }, wanted: object): boolean {
  return deepEqual(name === 'exempt' && spec.exempt ? { ...spec, exempt: (wanted as typeof spec).exempt } : spec, wanted)
}

export interface KeeperParts {
  clock: Clock
  /** Writes what is put back; who it is shows in managedFields. */
  producer: Client
  /** As they are now, by name. */
  schemas: ReadonlyMap<string, Kept>
  levels: ReadonlyMap<string, Kept>
  logError(error: unknown): void
}

const everyMs = 60_000

export class Keeper {
  readonly #parts: KeeperParts
  readonly #startedMs: number
  #cancel: (() => void) | undefined

  constructor(parts: KeeperParts) {
    this.#parts = parts
    this.#startedMs = parts.clock.now().getTime()
  }

  /** Something is not as it was: it is looked at when the minute is over. While nothing changes no timer runs. */
  changed(): void {
    const { clock, logError } = this.#parts
    const intoMs = (clock.now().getTime() - this.#startedMs) % everyMs
    this.#cancel ??= clock.after(everyMs - intoMs, () => {
      this.#cancel = undefined
      void this.#restore().catch((error: unknown) => {
        logError(error)
        this.changed()
      })
    })
  }

  close(): void {
    this.#cancel?.()
    // Nothing is set any more.
    this.#cancel = () => {}
  }

  async #restore(): Promise<void> {
    const { schemas, levels } = this.#parts
    await this.#write(flowSchema as unknown as Kind<Kept>, stepsFor(schemas, bootstrapSchemas, mandatorySchemas))
    await this.#write(priorityLevelConfiguration as unknown as Kind<Kept>, stepsFor(levels, bootstrapLevels, mandatoryLevels))
  }

  async #write(kind: Kind<Kept>, steps: readonly Step[]): Promise<void> {
    const { producer } = this.#parts
    for (const step of steps)
      try {
        if (step.do === 'create') await producer.create(kind, step.object)
        else if (step.do === 'update') await producer.update(kind, step.object)
        else await producer.delete(kind, { name: step.name })
      } catch (error) {
        // Somebody was faster, and his change is looked at in its turn.
        if (!['AlreadyExists', 'Conflict', 'NotFound'].some(reason => isReason(error, reason))) throw error
      }
  }
}
