// The admission chain: plugins change a request's object, then others may refuse it. Each plugin is one file and one line in the list.
import { forbiddenRequest, type StatusError } from '../../openapi/errors.ts'
import type { JsonSchema, Kind, KubeObject } from '../../openapi/kind.ts'
import type { RequestContext } from '../registry/request.ts'

/** What is sent to a subresource when that is not the object itself: a Scale, an Eviction, PodExecOptions. */
export interface Body {
  group: string
  version: string
  kind: string
  schema: JsonSchema
}

export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  /** Of the resource that is asked. */
  kind: Kind
  /** Mutable in admit(); on DELETE the object as it is. */
  object: KubeObject
  old?: KubeObject
  /** What `object` is, when it is not of `kind`; its metadata may be missing. */
  body?: Body
  /** Of the object whose subresource takes a body. */
  name?: string
  request: RequestContext
}

/** Of one request: plugins run once more when a webhook changed its object. */
export interface Reinvocation {
  round: number
  /** Set when they have to. */
  again: boolean
  /** What the webhooks, and the policies, remember of the first round. */
  webhooks?: InvocationMemory
  policies?: InvocationMemory
}

export interface InvocationMemory {
  /** Called with IfNeeded, and nothing has changed the object since. */
  invoked: Set<string>
  /** To be called again. */
  again: Set<string>
  /** The object as they left it. */
  output?: KubeObject
}

/** The object changed: who was called with IfNeeded is called again. */
export function recalled({ invoked, again }: InvocationMemory): void {
  for (const key of invoked) again.add(key)
  invoked.clear()
}

export interface AdmissionPlugin {
  /** Upstream's plugin name, as --enable-admission-plugins takes it. */
  name: string
  /** Kinds it is asked about, as KIND or KIND.GROUP; all without. */
  kinds?: readonly string[]
  /** admit() sees writes of subresources too. */
  subresources?: true
  /** It is asked about bodies of another kind, too. */
  bodies?: true
  admit?(request: AdmissionRequest, reinvocation: Reinvocation): Promise<void> | void
  validate?(request: AdmissionRequest): Promise<void> | void
}

/** As plugins name kinds. */
export const kindName = ({ kind, group }: Kind): string => (group === '' ? kind : `${kind}.${group}`)

/** A 403 that names the object, which may not have its name yet. */
export function refused({ kind, object, name: asked }: Pick<AdmissionRequest, 'kind' | 'object' | 'name'>, why: string): StatusError {
  const { name, generateName }: { name?: string; generateName?: string } = object.metadata ?? {}
  return forbiddenRequest(kind, asked || name || generateName || 'Unknown', why)
}

export class Admission {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly #byKind = new WeakMap<Kind, readonly AdmissionPlugin[]>()

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins
  }

  async admit(request: AdmissionRequest): Promise<void> {
    const reinvocation: Reinvocation = { round: 0, again: false }
    await this.#admit(request, reinvocation)
    if (!reinvocation.again) return
    reinvocation.round = 1
    await this.#admit(request, reinvocation)
  }

  async #admit(request: AdmissionRequest, reinvocation: Reinvocation): Promise<void> {
    const below = Boolean(request.request.subresource)
    for (const plugin of this.#of(request.kind))
      if (request.body ? plugin.bodies : !below || plugin.subresources) await plugin.admit?.(request, reinvocation)
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#of(request.kind)) if (!request.body || plugin.bodies) await plugin.validate?.(request)
  }

  #of(kind: Kind): readonly AdmissionPlugin[] {
    const known = this.#byKind.get(kind)
    if (known) return known
    const name = kindName(kind)
    const found = this.#plugins.filter(({ kinds }) => !kinds || kinds.includes(name))
    this.#byKind.set(kind, found)
    return found
  }
}
