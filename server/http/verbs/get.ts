// GET of one object, and how one object is shown in any verb's answer.
import { groupName } from '../../../openapi/documents/operations.ts'
import { badRequest, notAcceptable, StatusError } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { type IncludeObject, partialMetadata, table } from '../../codec/table.ts'
import { tooLarge } from '../../registry/list.ts'
import type { Api } from '../api.ts'
import { type Answer, answerObject, type Exchange, representation, requestContext } from '../exchange.ts'
import type { Representation } from '../negotiate.ts'
import { parseVersion } from '../query.ts'

export async function get(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true })
  const version = parseVersion(exchange.query.get('resourceVersion') ?? '', message => new StatusError(500, '', message))
  const current = api.storage.revision()
  if (version !== undefined && version > current) throw tooLarge(version, current)
  const object = await api.registry.store(kind).get(requestContext(exchange), exchange.info.name)
  return answerKubeObject(api, kind, { code: 200, object, as }, exchange)
}

export function answerKubeObject(
  api: Api,
  kind: Kind,
  { code, object, as }: { code: number; object: KubeObject; as: Representation },
  exchange: Exchange,
): Answer {
  if (as.view === 'Table') {
    const metadata = { resourceVersion: object.metadata.resourceVersion }
    const view = { include: includeObject(exchange.query), now: api.clock.now(), version: as.metaVersion }
    return answerObject(code, table(kind, [object], metadata, view), as)
  }
  if (as.view === 'PartialObjectMetadataList')
    throw notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*${groupName(kind.group)}.${kind.kind})`,
    )
  if (as.view === 'PartialObjectMetadata') return answerObject(code, partialMetadata(object), as)
  return answerObject(code, object, as, api.encodings)
}

export function includeObject(query: URLSearchParams): IncludeObject {
  const text = query.get('includeObject') ?? ''
  if (text === '') return 'Metadata'
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`,
  )
}
