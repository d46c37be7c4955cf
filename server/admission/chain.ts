// The admission chain: plugins change a request's object, then others may refuse it. Each plugin is one file and one line in the list.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { RequestContext } from '../registry/request.ts'

export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  kind: Kind
  /** Mutable in admit(); on DELETE the object as it is. */
  object: KubeObject
  old?: KubeObject
  request: RequestContext
}

/** Of one request: plugins run once more when a webhook changed its object. */
export interface Reinvocation {
  round: number
  /** Set when they have to. */
  again: boolean
  /** What a plugin wants to remember, by its name. */
  notes: Map<string, unknown>
}

export interface AdmissionPlugin {
  /** Upstream's plugin name, as --enable-admission-plugins takes it. */
  name: string
  /** admit() sees writes of subresources too. */
  subresources?: true
  admit?(request: AdmissionRequest, reinvocation: Reinvocation): Promise<void> | void
  validate?(request: AdmissionRequest): Promise<void> | void
}

export class Admission {
  readonly #plugins: readonly AdmissionPlugin[]

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins
  }

  async admit(request: AdmissionRequest): Promise<void> {
    const reinvocation: Reinvocation = { round: 0, again: false, notes: new Map() }
    await this.#admit(request, reinvocation)
    if (!reinvocation.again) return
    reinvocation.round = 1
    await this.#admit(request, reinvocation)
  }

  async #admit(request: AdmissionRequest, reinvocation: Reinvocation): Promise<void> {
    const below = Boolean(request.request.subresource)
    for (const plugin of this.#plugins) if (plugin.admit && (!below || plugin.subresources)) await plugin.admit(request, reinvocation)
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) if (plugin.validate) await plugin.validate(request)
  }
}
