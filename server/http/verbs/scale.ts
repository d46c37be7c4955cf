// GET, PUT and PATCH of a scale subresource.
import { ageColumn, nameColumn } from '../../../openapi/columns.ts'
import { internalError, invalid, invalidObject, notFound } from '../../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../../openapi/kind.ts'
import { decode } from '../../../openapi/rules/decode.ts'
import { Scale as scaleSchema } from '../../../openapi/schemas/autoscaling.ts'
import { deepCopy } from '../../../openapi/values/copy.ts'
import { patchObject } from '../../registry/patch.ts'
import { hasReplicas, type Scale, scaleOf, scalePaths, withReplicas } from '../../registry/subresources/scale.ts'
import { applyScale } from '../../registry/subresources/scaleapply.ts'
import type { Api } from '../api.ts'
import { decodeApplied, decodeAs, parsePatch } from '../body.ts'
import { type Answer, answerObject, type Exchange, representation, requestContext } from '../exchange.ts'
import { type WriteOptions, writeOptions } from '../query.ts'
import { answerKubeObject } from './get.ts'
import { applyType, patchType } from './patch.ts'
import { checkName, checkNamespace } from './update.ts'

/** Only to show a scale as a Table. */
const scaleKind = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  columns: [
    { ...nameColumn, format: '' },
    { name: 'Desired', type: 'integer', description: 'Replicas wanted.', value: ({ spec }: Scale) => spec.replicas ?? 0 },
    { name: 'Available', type: 'integer', description: 'Replicas there are.', value: ({ status }: Scale) => status.replicas },
    ageColumn,
  ],
} as unknown as Kind

const scaleType = { apiVersion: 'autoscaling/v1', kind: 'Scale', schema: scaleSchema }

export async function readScale(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const as = representation(exchange, { views: true })
  const object = await api.registry.store(kind).get(requestContext(exchange), exchange.info.name)
  if (kind.custom && !hasReplicas(kind, object))
    throw internalError(`the spec replicas field ${JSON.stringify(scalePaths(kind).spec)} does not exist`)
  return answerKubeObject(api, scaleKind, { code: 200, object: scaleOf(kind, object) as never, as }, exchange)
}

interface WantedScale {
  metadata?: { name?: string; namespace?: string; resourceVersion?: string; uid?: string }
  spec?: { replicas?: number }
}

export async function writeScale(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const options = writeOptions(exchange.query, 'UpdateOptions', exchange.headers['user-agent'] ?? '')
  const given = decodeAs(scaleType, exchange, options.fieldValidation) as WantedScale
  checkName(given.metadata?.name ?? '', exchange.info.name)
  checkNamespace(given.metadata?.namespace, exchange.info.namespace)
  return change(api, kind, exchange, { ...options, replaces: true, next: () => given })
}

export async function patchScale(api: Api, kind: Kind, exchange: Exchange): Promise<Answer> {
  const contentType = patchType(exchange)
  const options = writeOptions(exchange.query, 'PatchOptions', exchange.headers['user-agent'] ?? '')
  if (contentType === applyType) return applyToScale(api, kind, exchange, options)
  const { value: patch } = parsePatch(exchange.body, contentType)
  const scaleKind = {
    ...kind,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    schema: scaleSchema,
    decode: undefined,
    custom: kind.custom,
  } as Kind
  const next = (current: KubeObject) =>
    decode(scaleSchema, patchObject({ kind: scaleKind, contentType, current: scaleOf(kind, current), patch })).object as WantedScale
  return change(api, kind, exchange, { ...options, next })
}

async function applyToScale(api: Api, kind: Kind, exchange: Exchange, options: WriteOptions): Promise<Answer> {
  const as = representation(exchange, { views: false })
  const { name } = exchange.info
  const scaleKind = { ...kind, ...scaleType, decode: undefined, custom: undefined, group: 'autoscaling', version: 'v1' } as unknown as Kind
  const applied = decodeApplied(scaleKind, exchange, options.fieldValidation) as WantedScale
  checkName(applied.metadata?.name ?? '', name)
  const { dryRun, fieldManager: manager } = options
  const request = requestContext(exchange, { dryRun, fieldManager: manager, subresource: 'scale' })
  const { object } = await api.registry.store(kind).update(request, name, current => {
    if (!current) throw notFound(kind, name)
    const replicas = applied.spec?.replicas
    return { object: applyScale({ kind, current, replicas, manager, force: options.force === true }), applied: true }
  })
  return answerObject(200, scaleOf(kind, object), as)
}

async function change(
  api: Api,
  kind: Kind,
  exchange: Exchange,
  {
    dryRun,
    fieldManager,
    replaces,
    next,
  }: Pick<WriteOptions, 'dryRun' | 'fieldManager'> & {
    replaces?: true
    next(current: KubeObject): WantedScale
  },
): Promise<Answer> {
  const as = representation(exchange, { views: false })
  const { name } = exchange.info
  const request = requestContext(exchange, { dryRun, fieldManager, subresource: 'scale', ...(replaces ? { replaces } : {}) })
  const { object } = await api.registry.store(kind).update(request, name, current => {
    if (!current) throw notFound(kind, name)
    const wanted = next(current)
    const replicas = wanted.spec?.replicas ?? 0
    // A custom resource says itself how many it takes.
    if (replicas < 0 && !kind.custom)
      throw invalidObject({ group: 'autoscaling', kind: 'Scale' }, name, [
        invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
      ])
    const changed = withReplicas(kind, deepCopy(current), replicas)
    changed.metadata.resourceVersion = wanted.metadata?.resourceVersion || (kind.custom ? current.metadata.resourceVersion : '')
    if (wanted.metadata?.uid) changed.metadata.uid = wanted.metadata.uid
    changed.apiVersion = apiVersionOf(kind)
    return { object: changed }
  })
  return answerObject(200, scaleOf(kind, object), as)
}
