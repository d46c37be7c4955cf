// The subresources that are not just a view of their object: who answers them, by resource. A new one is one file and one line in cluster.ts.
import type { Kind } from '../../../openapi/kind.ts'
import type { Admission, AdmissionRequest } from '../../admission/chain.ts'
import type { RequestContext } from '../request.ts'

export interface SubresourceCall {
  kind: Kind
  name: string
  /** The decoded body: its kind is the subresource's own. */
  body: Record<string, unknown>
  request: RequestContext
}

export interface Subresource {
  /** 'pods/binding', 'serviceaccounts/token'; 'bindings/' answers a POST to the collection itself. */
  path: string
  method?: 'POST' | 'PUT'
  /** What the body must be. */
  apiVersion: string
  /** Taken as well, and read the same. */
  olderVersions?: readonly string[]
  bodyKind: string
  schema: { readonly [keyword: string]: unknown }
  /** false: the body need not repeat the name. */
  checkName?: boolean
  /** Answers an object of the subresource's own kind, or a Status. */
  create(call: SubresourceCall): Promise<object>
}

export class Subresources {
  readonly #byPath: ReadonlyMap<string, Subresource>

  constructor(subresources: readonly Subresource[], admission: Admission) {
    this.#byPath = new Map(subresources.map(each => [each.path, each.method === 'PUT' ? each : admitted(each, admission)]))
  }

  find(kind: Kind, subresource: string): Subresource | undefined {
    return this.#byPath.get(`${kind.group === '' ? '' : `${kind.group}/`}${kind.names.plural}/${subresource}`)
  }
}

/** Webhooks and policies are asked about the body first. A PUT changes the object itself: its store asks. */
function admitted(subresource: Subresource, admission: Admission): Subresource {
  const { path, apiVersion, bodyKind, schema } = subresource
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const body = { group, version, kind: bodyKind, schema }
  return {
    ...subresource,
    async create(call) {
      const { namespace } = call.request
      const metadata = { ...(call.body.metadata as object | undefined), ...(namespace ? { namespace } : {}) }
      const asked: AdmissionRequest = {
        operation: 'CREATE',
        kind: call.kind,
        body,
        ...(call.name ? { name: call.name } : {}),
        object: { ...call.body, apiVersion, kind: bodyKind, metadata } as never,
        request: { ...call.request, subresource: path.split('/').at(-1) ?? '' },
      }
      await admission.admit(asked)
      await admission.validate(asked)
      return subresource.create({ ...call, body: asked.object as never })
    },
  }
}
