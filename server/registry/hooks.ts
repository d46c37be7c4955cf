// What a few kinds do besides their declaration because it needs state: addresses and ports are allocated and given back.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { RequestContext } from './request.ts'

export interface Hook {
  /** The qualified resource this hook is for: 'services', 'statefulsets.apps'. */
  resource: string
  /** May mutate the draft; returns what gives everything back if the write fails. */
  beforeCreate?(draft: KubeObject, request: RequestContext): Promise<(() => void) | undefined> | (() => void) | undefined
  beforeUpdate?(draft: KubeObject, current: KubeObject, request: RequestContext): Promise<void> | void
  afterDelete?(last: KubeObject): void
}

export class Hooks {
  readonly #byResource: ReadonlyMap<string, Hook>

  constructor(hooks: readonly Hook[]) {
    this.#byResource = new Map(hooks.map(hook => [hook.resource, hook]))
  }

  beforeCreate(kind: Kind, draft: KubeObject, request: RequestContext): Promise<(() => void) | undefined> | (() => void) | undefined {
    return this.#of(kind)?.beforeCreate?.(draft, request)
  }

  beforeUpdate(kind: Kind, draft: KubeObject, current: KubeObject, request: RequestContext): Promise<void> | void {
    return this.#of(kind)?.beforeUpdate?.(draft, current, request)
  }

  afterDelete(kind: Kind, last: KubeObject): void {
    this.#of(kind)?.afterDelete?.(last)
  }

  #of(kind: Kind): Hook | undefined {
    return this.#byResource.get(kind.group === '' ? kind.names.plural : `${kind.names.plural}.${kind.group}`)
  }
}
