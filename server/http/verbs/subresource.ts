// POST (or PUT) to a subresource that takes a body of its own kind: binding, eviction, token, finalize.
import { badRequest } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import type { Subresource } from '../../registry/subresources/index.ts'
import { decodeAs } from '../body.ts'
import { type Answer, answerObject, type Exchange, representation, requestContext } from '../exchange.ts'
import { writeOptions } from '../query.ts'
import { checkNamespace } from './update.ts'

export async function callSubresource(kind: Kind, subresource: Subresource, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: false })
  const options = writeOptions(exchange.query, 'CreateOptions', exchange.headers['user-agent'] ?? '')
  const body = decodeAs({ ...subresource, kind: subresource.bodyKind }, exchange, options.fieldValidation)
  const metadata = (body.metadata ?? {}) as { name?: string; namespace?: string }
  const name = exchange.info.name || metadata.name || ''
  if (subresource.checkName !== false && metadata.name !== name) {
    if (subresource.method === 'PUT')
      throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`)
    throw badRequest(`name in URL does not match name in ${subresource.bodyKind} object`)
  }
  if (exchange.info.namespaced) checkNamespace(metadata.namespace, exchange.info.namespace)
  const request = requestContext(exchange, { dryRun: options.dryRun, fieldManager: options.fieldManager })
  const answer = await subresource.create({ kind, name, body, request })
  return answerObject(subresource.method === 'PUT' ? 200 : 201, answer, as)
}
