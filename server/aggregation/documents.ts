// What an extension server tells of a version: its discovery, aggregated or not, and its OpenAPI documents.
import type { Kind } from '../../openapi/kind.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { User } from '../registry/request.ts'
import { type Dialled, type Documents, documentOf, unknown } from './aggregation.ts'
import { ask as askServer, type Question, type Told } from './ask.ts'
import { partOf } from './swagger.ts'

export interface Version {
  group: string
  version: string
}

const discoverer: User = { name: 'system:kube-aggregator', groups: ['system:masters'] }
/** Upstream asks for the documents as somebody else. */
const reader: User = { name: 'system:aggregator', groups: [] }
const discoveryMs = 5_000
const documentMs = 10_000

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Never throws: what cannot be had is not there, or as it was. Parts that are the same as before are the same objects. */
export async function documentsOf(dialled: Dialled, version: Version, before: Documents): Promise<Documents> {
  const ask = async (question: Question): Promise<Told | undefined> => {
    try {
      return await askServer(dialled, question)
    } catch {
      // Its condition says why.
      return undefined
    }
  }
  const [discovery, openApiV3, openApiV2] = await Promise.all([
    discoveryOf(version, ask),
    openApiV3Of(version, before, ask),
    openApiV2Of(version, before, ask),
  ])
  const discovered = discovery ?? unknown(version.version).discovery
  const same = deepEqual(discovered, before.discovery)
  const now = same ? before : { discovery: discovered, kinds: kindsOf(version, discovered) }
  const all = { discovery: now.discovery, kinds: now.kinds, openApiV3, openApiV2 }
  return deepEqual(all, before) ? before : all
}

type Ask = (question: Question) => Promise<Told | undefined>

/** undefined: nothing that can be read. */
async function discoveryOf({ group, version }: Version, ask: Ask): Promise<Documents['discovery'] | undefined> {
  const all = await ask({ path: '/apis', user: discoverer, headers: { accept: aggregatedType }, timeoutMs: discoveryMs })
  if (!all || all.code === 503) return undefined
  if (all.code === 200 && isAggregated(all.headers['content-type'] ?? '')) {
    const groups = parsed<{ items?: DiscoveryGroup[] }>(all.text)?.items
    const found = groups?.find(each => each.metadata?.name === group)?.versions?.find(each => each.version === version)
    // A server that does not know the version has no resources of it.
    return groups && { ...found, version, freshness: 'Current' }
  }
  const path = `/apis/${group}/${version}`
  const one = await ask({ path, user: discoverer, headers: { accept: 'application/json' }, timeoutMs: discoveryMs })
  const resources = one?.code === 200 ? parsed<{ resources?: LegacyResource[] }>(one.text)?.resources : undefined
  return resources && { version, resources: aggregatedResources(resources), freshness: 'Current' }
}

interface DiscoveryGroup {
  metadata?: { name?: string }
  versions?: { version?: string }[]
}

const isAggregated = (type: string): boolean =>
  /^application\/json\b/.test(type) && /\bas=APIGroupDiscoveryList\b/.test(type) && /\bv=v2(;|$)/.test(type.replaceAll(' ', ''))

export interface LegacyResource {
  name: string
  singularName?: string
  namespaced?: boolean
  group?: string
  version?: string
  kind?: string
  verbs?: readonly string[]
  shortNames?: readonly string[]
  categories?: readonly string[]
}

interface DiscoveredResource {
  resource: string
  responseKind?: { kind?: string }
  scope: string
  singularResource?: string
  verbs?: readonly string[]
}

const kindsOf = ({ group, version }: Version, { resources = [] }: Documents['discovery']): Kind[] =>
  (resources as DiscoveredResource[]).map(({ resource, responseKind, scope, singularResource = '', verbs = [] }) => ({
    group,
    version,
    kind: responseKind?.kind ?? '',
    scope: scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
    names: { plural: resource, singular: singularResource },
    verbs,
    schema: { type: 'object' },
    example: { metadata: { name: 'example' } },
    columns: [],
    elsewhere: true,
  }))

/** The resources of an APIResourceList in the aggregated form: each with what is below it. */
export function aggregatedResources(all: readonly LegacyResource[]): object[] {
  const responseKind = ({ group = '', version = '', kind = '' }: LegacyResource) => ({ group, version, kind })
  return all
    .filter(({ name }) => !name.includes('/'))
    .map(resource => {
      const { name, namespaced, singularName = '', verbs = [], shortNames, categories } = resource
      const below = all.filter(each => each.name.startsWith(`${name}/`))
      return {
        resource: name,
        responseKind: responseKind(resource),
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singularName,
        verbs,
        ...(shortNames ? { shortNames } : {}),
        ...(categories ? { categories } : {}),
        ...(below.length > 0
          ? {
              subresources: below.map(each => ({
                subresource: each.name.slice(name.length + 1),
                responseKind: responseKind(each),
                verbs: each.verbs ?? [],
              })),
            }
          : {}),
      }
    })
}

async function openApiV3Of(version: Version, before: Documents, ask: Ask): Promise<Documents['openApiV3']> {
  const index = await ask({ path: '/openapi/v3', user: reader, headers: { accept: 'application/json' }, timeoutMs: documentMs })
  if (!index || (index.code !== 200 && index.code !== 404)) return before.openApiV3
  return parsed<{ paths?: Record<string, { serverRelativeURL: string }> }>(index.text)?.paths?.[documentOf(version)]?.serverRelativeURL
}

async function openApiV2Of(version: Version, before: Documents, ask: Ask): Promise<Documents['openApiV2']> {
  const whole = await ask({ path: '/openapi/v2', user: reader, headers: { accept: 'application/json' }, timeoutMs: documentMs })
  if (!whole || (whole.code !== 200 && whole.code !== 404)) return before.openApiV2
  const document = whole.code === 200 ? parsed(whole.text) : undefined
  return document && partOf(document, `/${documentOf(version)}/`)
}

function parsed<T = Record<string, never>>(text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    // Not JSON: as good as nothing.
    return undefined
  }
}
