// PUT of an object or of its status.
import { badRequest, notFound } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import { deepCopy } from '../../../openapi/values/copy.ts'
import type { Api } from '../api.ts'
import { mustBeAllowedToCreate } from '../attributes.ts'
import { decodeBody } from '../body.ts'
import { type Answer, type Exchange, representation, requestContext } from '../exchange.ts'
import { writeOptions } from '../query.ts'
import { answerKubeObject } from './get.ts'

export async function update(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true })
  const options = writeOptions(exchange.query, 'UpdateOptions', exchange.headers['user-agent'] ?? '')
  const { name, subresource } = exchange.info
  const given = decodeBody(kind, exchange, options.fieldValidation)
  checkName(given.metadata.name ?? '', name)
  const request = requestContext(exchange, { dryRun: options.dryRun, fieldManager: options.fieldManager, subresource, replaces: true })
  const { object, created } = await api.registry.store(kind).update(request, name, async current => {
    if (!current) {
      if (!kind.createOnUpdate || subresource !== '') throw notFound(kind, name)
      await mustBeAllowedToCreate(api, exchange)
    }
    // The body is taken over by the store, and a lost race comes here again.
    return { object: deepCopy(given) }
  })
  return answerKubeObject(api, kind, { code: created ? 201 : 200, object, as }, exchange)
}

export function checkNamespace(given: string | undefined, namespace: string): void {
  if (given && given !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
}

/** The body must speak of the object the URL names. */
export function checkName(given: string, name: string): void {
  if (given === '') throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  if (given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`)
}
