// The subresources that are not just a view of their object: who answers them, by resource. A new one adds one line.
import type { Kind } from '../../../openapi/kind.ts'
import type { RequestContext } from '../request.ts'

export interface SubresourceCall {
  kind: Kind
  name: string
  /** The decoded body: its kind is the subresource's own. */
  body: Record<string, unknown>
  request: RequestContext
}

/** POST to a subresource: answers an object of its own kind. */
export interface Subresource {
  /** 'pods/binding', 'serviceaccounts/token'. */
  path: string
  /** What the body must be. */
  apiVersion: string
  bodyKind: string
  create(call: SubresourceCall): Promise<object>
}

export class Subresources {
  readonly #byPath: ReadonlyMap<string, Subresource>

  constructor(subresources: readonly Subresource[]) {
    this.#byPath = new Map(subresources.map(s => [s.path, s]))
  }

  find(kind: Kind, subresource: string): Subresource | undefined {
    return this.#byPath.get(`${kind.group === '' ? '' : `${kind.group}/`}${kind.names.plural}/${subresource}`)
  }
}

