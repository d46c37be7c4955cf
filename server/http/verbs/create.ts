// POST to a collection.
import { badRequest } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import type { Api } from '../api.ts'
import { decodeBody } from '../body.ts'
import { type Answer, type Exchange, representation, requestContext } from '../exchange.ts'
import { writeOptions } from '../query.ts'
import { answerKubeObject } from './get.ts'

export async function create(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true })
  const options = writeOptions(exchange.query, 'CreateOptions', exchange.headers['user-agent'] ?? '')
  const object = decodeBody(kind, exchange, options.fieldValidation)
  if (exchange.info.name !== '' && object.metadata.name !== exchange.info.name)
    throw badRequest(`the name of the object (${object.metadata.name ?? ''}) does not match the name on the URL (${exchange.info.name})`)
  const request = requestContext(exchange, { dryRun: options.dryRun, fieldManager: options.fieldManager })
  const created = await api.registry.store(kind).create(request, object)
  return answerKubeObject(api, kind, { code: 201, object: created, as }, exchange)
}
