// What is served by API servers behind Services, as everybody else here sees it.
import type { RequestOptions } from 'node:https'
import type { Kind } from '../../openapi/kind.ts'
import type { APIService } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import type { ServiceReference } from '../extension/resolve.ts'

/** What an extension server tells of one version of a group. */
export interface Documents {
  /** An entry of aggregated discovery. */
  discovery: Readonly<Record<string, unknown>>
  /** The same as kinds. */
  kinds: readonly Kind[]
  /** Where its OpenAPI v3 document of the version is, as its index says: with the hash. */
  openApiV3?: string | undefined
  /** What its OpenAPI v2 document says of the version. */
  openApiV2?: SwaggerPart | undefined
}

export interface SwaggerPart {
  paths: Readonly<Record<string, object>>
  definitions: Readonly<Record<string, object>>
}

export interface Aggregated {
  group: string
  version: string
  object: APIService
  documents: Documents
}

/** One who is asked: options of an HTTPS request. */
export interface Dialled {
  /** HOST:PORT, for addresses and messages. */
  host: string
  options: RequestOptions
  /** Aborted when the cluster closes. */
  signal: AbortSignal
}

export interface Aggregation {
  /** The same array as long as nothing of it changes. */
  all(): readonly Aggregated[]
  find(group: string, version: string): Aggregated | undefined
  /** Of any version that an APIService stands for: groupPriorityMinimum and versionPriority. */
  priorities(group: string, version: string): readonly [group: number, version: number]
  /** Throws Unreachable. */
  dial(service: APIService): Promise<Dialled>
  availability(): Availability
}

export interface Availability {
  /** All APIServices there are. */
  services: readonly { name: string; available: boolean }[]
  /** How often each became unavailable. */
  losses: readonly { name: string; reason: string; count: number }[]
}

export const noAggregation: Aggregation = {
  all: () => none,
  find: () => undefined,
  priorities: () => [0, 0],
  dial: () => Promise.reject(new Error('bug: there is nobody to dial')),
  availability: () => ({ services: [], losses: [] }),
}
const none: readonly Aggregated[] = []

/** 'v1.apps', 'v1.' */
export const nameOf = (group: string, version: string): string => `${version}.${group}`

export const referenceOf = ({ spec }: APIService): ServiceReference => {
  const { namespace = '', name = '', port = 443 } = spec.service ?? {}
  return { namespace, name, port }
}

/** Not known yet, or not any more: the version is there, without resources. */
export const unknown = (version: string): Documents => ({ discovery: { version, freshness: 'Stale' }, kinds: [] })

/** 'apis/apps/v1': what indexes of OpenAPI v3 call the document of a version. */
export const documentOf = ({ group, version }: Pick<Aggregated, 'group' | 'version'>): string => `apis/${group}/${version}`

interface Asked {
  group: string
  version: string
  path: string
}

/** Who answers a path: of a version's resources, or of the document about them. */
export function answering(aggregation: Aggregation, { group, version, path }: Asked): Aggregated | undefined {
  const all = aggregation.all()
  if (all.length === 0) return undefined
  if (version !== '') return aggregation.find(group, version)
  return all.find(each => each.documents.openApiV3 !== undefined && path === `/openapi/v3/${documentOf(each)}`)
}
