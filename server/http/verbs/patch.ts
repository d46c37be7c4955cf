// PATCH: three patch types and server-side apply, all of them just a `change` of the store's update.
import { conflict, forbidden, notFound, required, StatusError, unsupportedMediaType } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { deepCopy } from '../../../openapi/values/copy.ts'
import { applyObject } from '../../registry/apply.ts'
import { patchObject, unknownOperationFields } from '../../registry/patch.ts'
import type { Change } from '../../registry/request.ts'
import type { Api } from '../api.ts'
import { mustBeAllowedToCreate } from '../attributes.ts'
import { decodeApplied, decodePatched, defaultApplied, parsePatch } from '../body.ts'
import { type Answer, type Exchange, representation, requestContext } from '../exchange.ts'
import { type FieldValidation, invalidOptions, type WriteOptions, writeOptions } from '../query.ts'
import { answerKubeObject } from './get.ts'
import { checkName } from './update.ts'

export const applyType = 'application/apply-patch+yaml'
const strategicType = 'application/strategic-merge-patch+json'
const patchTypes = new Set(['application/json-patch+json', 'application/merge-patch+json', strategicType, applyType])

export async function patch(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const contentType = patchType(exchange)
  const as = representation(exchange, { views: true })
  const options = writeOptions(exchange.query, 'PatchOptions', contentType === applyType ? '' : (exchange.headers['user-agent'] ?? ''))
  checkPatchOptions(contentType, options, exchange)
  const { name, subresource } = exchange.info
  const request = requestContext(exchange, { dryRun: options.dryRun, fieldManager: options.fieldManager, subresource })
  const change =
    contentType === applyType
      ? applyChange(api, kind, exchange, options)
      : patchChange(kind, exchange, contentType, options.fieldValidation)
  const { object, created } = await api.registry.store(kind).update(request, name, change)
  return answerKubeObject(api, kind, { code: created ? 201 : 200, object, as }, exchange)
}

/** Custom resources have no types that a strategic patch could go by. */
const acceptedForCustom =
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml'

export function patchType({ headers, kind }: Exchange): string {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (kind?.custom && (type === strategicType || !patchTypes.has(type))) throw unsupportedMediaType(acceptedForCustom)
  if (patchTypes.has(type)) return type
  throw unroutedType()
}

/** The router's own answer: no route consumes this. */
const unroutedType = (): StatusError => new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})

function checkPatchOptions(contentType: string, options: WriteOptions, exchange: Exchange): void {
  if (contentType === applyType && !exchange.query.get('fieldManager'))
    throw invalidOptions('PatchOptions', [required('fieldManager', 'is required for apply patch')])
  if (contentType !== applyType && options.force !== undefined)
    throw invalidOptions('PatchOptions', [forbidden('force', 'may not be specified for non-apply patch')])
}

function patchChange(kind: Kind, exchange: Exchange, contentType: string, validation: FieldValidation): Change<KubeObject> {
  const { value: patch, duplicates } = parsePatch(exchange.body, contentType)
  exchange.audit?.patched(patch)
  return current => {
    if (!current) throw notFound(kind, exchange.info.name)
    const patched = patchObject({ kind, contentType, current, patch })
    const object = decodePatched(kind, patched, {
      exchange,
      validation,
      strategic: contentType === 'application/strategic-merge-patch+json' ? (patch ?? {}) : undefined,
      unknownFields: contentType === 'application/json-patch+json' ? unknownOperationFields(patch) : duplicates,
    })
    checkName(object.metadata.name ?? '', exchange.info.name)
    return { object }
  }
}

function applyChange(api: Api, kind: Kind, exchange: Exchange, options: WriteOptions): Change<KubeObject> {
  const applied = decodeApplied(kind, exchange, options.fieldValidation)
  const { name, namespace, subresource } = exchange.info
  const meta = applied.metadata as { name?: string; namespace?: string; uid?: string }
  if (meta.name) checkName(meta.name, name)
  const configuration = deepCopy(applied)
  exchange.audit?.patched(configuration)
  if (kind.scope === 'Namespaced' && !meta.namespace) meta.namespace = namespace
  return async live => {
    if (!live && subresource !== '') throw notFound(kind, name)
    if (!live) checkName(meta.name ?? '', name)
    if (!live) await mustBeAllowedToCreate(api, exchange)
    if (!live && meta.uid)
      throw conflict(kind, name, `uid mismatch: the provided object specified uid ${meta.uid}, and no existing object was found`)
    const { object } = await applyObject({
      kind,
      live,
      applied,
      configuration,
      manager: options.fieldManager,
      force: options.force === true,
      subresource,
      now: api.time(),
      convert: api.registry.convert,
    })
    return { object: defaultApplied(kind, object), applied: true }
  }
}
