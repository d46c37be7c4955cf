// Objects of custom resources in another version, by the webhook of their definition: ConversionReview, and what may be made of its answer.
import { aggregate, StatusError } from '../../openapi/errors.ts'
import type { ConversionWebhook, KubeObject } from '../../openapi/kind.ts'
import { annotationErrors, labelErrors } from '../../openapi/rules/metadata.ts'
import type { Ids } from '../ids.ts'
import { CallError, callWebhook } from './call.ts'
import type { ServiceResolver } from './resolve.ts'

/** The same objects in this apiVersion, in the same order; those that are in it already are left alone. Throws StatusError. */
export type Convert = (webhook: ConversionWebhook, objects: readonly KubeObject[], desired: string) => Promise<KubeObject[]>

const timeoutSeconds = 30
const reviewVersions = ['v1', 'v1beta1']

export const createConvert =
  ({ resolver, ids }: { resolver: ServiceResolver; ids: Pick<Ids, 'uid'> }): Convert =>
  async (webhook, all, desired) => {
    const objects = all.filter(({ apiVersion }) => apiVersion !== desired)
    if (objects.length === 0) return [...all]
    const version = webhook.conversionReviewVersions.find(each => reviewVersions.includes(each))
    if (!version) throw failure('no supported conversion review versions')
    const question = { uid: ids.uid(), version, desired, objects }
    const answer = await ask(webhook, question, resolver)
    const converted = convertedIn(answer, question).map(object => webhook.read(object, false))
    return all.map(object => (object.apiVersion === desired ? object : (converted.shift() as KubeObject)))
  }

async function ask({ clientConfig }: ConversionWebhook, question: Question, resolver: ServiceResolver): Promise<unknown> {
  try {
    return await callWebhook(clientConfig ?? {}, reviewOf(question), { resolver, timeoutSeconds })
  } catch (error) {
    if (error instanceof CallError) throw failure(`${nameOf(question)} failed: ${error.message}`)
    throw error
  }
}

export interface Question {
  uid: string
  /** Of the ConversionReview. */
  version: string
  desired: string
  /** At least one. */
  objects: readonly KubeObject[]
}

const reviewOf = ({ uid, version, desired, objects }: Question): object => ({
  kind: 'ConversionReview',
  apiVersion: `apiextensions.k8s.io/${version}`,
  request: { uid, desiredAPIVersion: desired, objects },
})

/** As upstream's plain errors are told. */
const failure = (message: string): StatusError => new StatusError(500, '', message)

const nameOf = ({ objects: [first] }: Question): string => `conversion webhook for ${first?.apiVersion}, Kind=${first?.kind}`

interface Response {
  uid?: string
  convertedObjects?: readonly unknown[] | null
  result?: { status?: string; message?: string }
}

/** Throws StatusError. webhook_converter.go: v1 is checked strictly, v1beta1 is not. */
export function convertedIn(answer: unknown, question: Question): KubeObject[] {
  const { objects, version, uid } = question
  const { apiVersion = '', kind = '', response } = (answer ?? {}) as { apiVersion?: string; kind?: string; response?: Response }
  const name = nameOf(question)
  const failed = (why: string) => failure(`${name} failed: ${why}`)
  const quote = JSON.stringify
  if (version === 'v1' && (apiVersion !== 'apiextensions.k8s.io/v1' || kind !== 'ConversionReview'))
    throw failed(
      `expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got ${groupVersion(apiVersion)}, Kind=${kind}`,
    )
  if (!response) throw failed('no response provided')
  if (version === 'v1' && response.uid !== uid) throw failed(`expected response.uid=${quote(uid)}, got ${quote(response.uid ?? '')}`)
  const { status = '', message = '' } = response.result ?? {}
  if (status !== 'Success') throw failed(message || `response.result.status was '${status}', not 'Success'`)
  const converted = response.convertedObjects ?? []
  if (converted.length !== objects.length) throw failure(`${name} returned ${converted.length} objects, expected ${objects.length}`)
  return objects.map((original, index) => accepted(original, converted[index], question))
}

const groupVersion = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion : `/${apiVersion}`)

/** Of the metadata only labels and annotations are the webhook's. */
function accepted(original: KubeObject, answered: unknown, question: Question): KubeObject {
  const { apiVersion = '', kind = '', metadata } = (answered ?? {}) as Partial<KubeObject>
  if (kind === '') throw failure(`Object 'Kind' is missing in '${JSON.stringify(answered)}'`)
  const returned = (what: string) => failure(`${nameOf(question)} returned ${what}`)
  if (apiVersion !== question.desired)
    throw returned(`invalid object at index 0: invalid groupVersion (expected ${question.desired}, received ${apiVersion})`)
  if (kind !== original.kind) throw returned(`invalid object at index 0: invalid kind (expected ${original.kind}, received ${kind})`)
  for (const [field, label] of same) {
    const [before, after] = [original.metadata[field] ?? '', metadata?.[field] ?? '']
    if (before !== after) throw returned(`invalid object: must have the same ${label}: ${before} != ${after}`)
  }
  const problem = metadataProblem(original, metadata)
  if (problem) throw returned(`invalid metadata: ${problem}`)
  const { labels: _labels, annotations: _annotations, ...kept } = original.metadata
  const { labels, annotations } = metadata ?? {}
  const own = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }
  return { ...(answered as object), apiVersion, kind, metadata: { ...kept, ...own } } as KubeObject
}

const same = [
  ['name', 'name'],
  ['namespace', 'namespace'],
  ['uid', 'UID'],
] as const

/** As Go names what JSON has become. */
function goType(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'object') return 'map[string]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

function metadataProblem({ metadata: before }: KubeObject, metadata: KubeObject['metadata'] | undefined): string | undefined {
  if (metadata === undefined) return 'missing metadata in converted object'
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    return `invalid metadata of type ${goType(metadata)} in converted object`
  for (const field of ['labels', 'annotations'] as const) {
    const after: unknown = metadata[field]
    if (after === undefined || after === null || after === before[field]) continue
    if (typeof after !== 'object' || Array.isArray(after)) return `invalid metadata.${field} of type ${goType(after)} in converted object`
    for (const [key, value] of Object.entries(after))
      if (typeof value !== 'string') return `metadata.${field}[${key}] must be a string, but is ${goType(value)} in converted object`
    // Upstream's path is without the last letter.
    const texts = after as Record<string, string>
    const errors = field === 'labels' ? labelErrors(texts, 'metadata.labels') : annotationErrors(texts, 'metadata.annotation')
    if (errors.length > 0) return aggregate([...new Set(errors.map(error => `${error.field}: ${error.message}`))])
  }
  return undefined
}
