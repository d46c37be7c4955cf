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

export interface AdmissionPlugin {
  /** Upstream's plugin name, as --enable-admission-plugins takes it. */
  name: string
  admit?(request: AdmissionRequest): Promise<void> | void
  validate?(request: AdmissionRequest): Promise<void> | void
}

export class Admission {
  readonly #plugins: readonly AdmissionPlugin[]

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins
  }

  async admit(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) if (plugin.admit) await plugin.admit(request)
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) if (plugin.validate) await plugin.validate(request)
  }
}
