// DELETE of an object or a collection.
import { type FieldError, invalid, notSupported } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import type { DeleteRequest, RequestContext } from '../../registry/request.ts'
import type { Api } from '../api.ts'
import { decodeDeleteOptions } from '../body.ts'
import { type Answer, answerObject, type Exchange, representation, requestContext } from '../exchange.ts'
import { flag, integer, invalidOptions, listOptions } from '../query.ts'
import { answerKubeObject } from './get.ts'
import { answerPage, listSelection } from './list.ts'

export async function deleteObject(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true })
  const { options, dryRun } = deleteOptions(exchange)
  const { name } = exchange.info
  const request = requestContext(exchange, { dryRun })
  const { object, gone } = await api.registry.store(kind).delete(request, name, options)
  warnOfOrphans(kind, request, options)
  if (!gone || kind.returnsDeletedObject) {
    // Accepted: the client asked for dependents to go first and they are not gone yet.
    const code = !gone && options.orphanDependents === false ? 202 : 200
    return answerKubeObject(api, kind, { code, object, as }, exchange)
  }
  const details = { name, ...(kind.group ? { group: kind.group } : {}), kind: kind.names.plural, uid: object.metadata.uid }
  return answerObject(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }, as)
}

export async function deleteCollection(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true })
  const list = listOptions(exchange.query, false)
  const { options, dryRun } = deleteOptions(exchange)
  const selection = listSelection(api, kind, list)
  const request = requestContext(exchange, { dryRun })
  const page = await api.registry.store(kind).deleteCollection(request, selection, options)
  warnOfOrphans(kind, request, options)
  return answerPage(api, kind, page, { as, query: exchange.query })
}

function warnOfOrphans({ orphansWarning }: Kind, request: RequestContext, options: DeleteRequest): void {
  if (orphansWarning && options.propagationPolicy === undefined && options.orphanDependents === undefined) request.warn(orphansWarning)
}

/** From the body if there is one, else from the query. */
function deleteOptions(exchange: Exchange): { options: DeleteRequest; dryRun: boolean } {
  return checkedDeleteOptions(exchange.body.length > 0 ? decodeDeleteOptions(exchange) : queryOptions(exchange.query))
}

/** Throws 422 for what makes no sense. */
export function checkedDeleteOptions(given: GivenDeleteOptions): { options: DeleteRequest; dryRun: boolean } {
  const errors: FieldError[] = []
  const { propagationPolicy, orphanDependents, dryRun = [] } = given
  if (propagationPolicy !== undefined && orphanDependents !== undefined)
    errors.push(invalid('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'))
  else if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy))
    errors.push(notSupported('propagationPolicy', propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']))
  if (dryRun.some(v => v !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']))
  if (errors.length > 0) throw invalidOptions('DeleteOptions', errors)
  return { options: given as DeleteRequest, dryRun: dryRun.length > 0 }
}

export interface GivenDeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: string
  orphanDependents?: boolean
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: readonly string[]
}

function queryOptions(query: URLSearchParams): GivenDeleteOptions {
  const gracePeriodSeconds = integer(query, 'gracePeriodSeconds')
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(query.has('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') ?? '' } : {}),
    ...(query.has('orphanDependents') ? { orphanDependents: flag(query, 'orphanDependents') } : {}),
    dryRun: query.getAll('dryRun'),
  }
}
