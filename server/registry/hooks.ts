// What a few kinds do besides their declaration because it needs state: addresses and ports are allocated and given back.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { RequestContext } from './request.ts'

/** What a request took for an object: exactly one of the two is called when it is decided. */
export interface Reservation {
  /** Writes what must be there before the object is; not for a dry run. Throws StatusError. */
  prepare?(): Promise<void>
  /** The object was written. */
  commit(): void | Promise<void>
  /** It was not: refused, lost a race, only tried out. */
  undo(): void | Promise<void>
}

export interface Hook {
  /** The qualified resource this hook is for: 'services', 'statefulsets.apps'. */
  resource: string
  /** After the strategy, before validation. May mutate the draft; `current` is the stored object on an update. Throws StatusError. */
  reserve(draft: KubeObject, current: KubeObject | undefined, request: RequestContext): Reservation | Promise<Reservation>
  afterDelete(last: KubeObject): void | Promise<void>
}

/** Where nothing was taken. */
export const nothing: Reservation = { commit: () => {}, undo: () => {} }

export class Hooks {
  readonly #byResource: ReadonlyMap<string, Hook>

  constructor(hooks: readonly Hook[]) {
    this.#byResource = new Map(hooks.map(hook => [hook.resource, hook]))
  }

  reserve(kind: Kind, draft: KubeObject, current: KubeObject | undefined, request: RequestContext): Reservation | Promise<Reservation> {
    return this.#of(kind)?.reserve(draft, current, request) ?? nothing
  }

  async afterDelete(kind: Kind, last: KubeObject): Promise<void> {
    await this.#of(kind)?.afterDelete(last)
  }

  #of(kind: Kind): Hook | undefined {
    return this.#byResource.get(kind.group === '' ? kind.names.plural : `${kind.names.plural}.${kind.group}`)
  }
}
