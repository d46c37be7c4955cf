// What is not a resource: discovery, OpenAPI documents, version, health, metrics, keys.
import { createHash } from 'node:crypto'
import {
  aggregatedDiscovery,
  aggregatedVersion,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
} from '../../openapi/documents/discovery.ts'
import { methodNotAllowed, notAcceptable } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import type { Aggregated, Aggregation } from '../aggregation/aggregation.ts'
import { groupsBeside } from '../aggregation/groups.ts'
import { type Answer, answerObject, type Exchange, representation } from './exchange.ts'
import { exposition } from './exposition.ts'
import { checks, health, healthFamily } from './health.ts'
import type { Metrics } from './metrics.ts'
import { type Offer, parseAccept } from './negotiate.ts'
import type { Pages } from './route.ts'
import { version } from './version.ts'
import { debug, flagz, statusz } from './zpages.ts'

export interface PageFacts {
  kinds(): readonly Kind[]
  aggregation(): Aggregation
  /** host:port as clients reach it. */
  address(): string
  ready(): boolean
  metrics: Metrics
  /** The public keys of service account tokens. */
  jwks(): object
  issuer: string
  started: Date
  now(): Date
  /** The flags of this process with their values. */
  flags: readonly (readonly [name: string, value: string])[]
  /** Pages others bring: OpenAPI, the control API. */
  more: readonly Pages[]
}

export const createPages = (facts: PageFacts): Pages => ({
  async answer(exchange) {
    const path = exchange.info.path.replace(/\/$/, '') || '/'
    const [, head = '', ...rest] = path.split('/')
    switch (head) {
      case 'api':
        return core(facts, exchange, rest)
      case 'apis':
        return groups(facts, exchange, rest)
      case 'version':
        return rest.length > 0
          ? undefined
          : onlyGet(exchange, () =>
              answerObject(200, version, { ...representation(exchange, { views: false, jsonOnly: true }), pretty: true }),
            )
      case 'healthz':
      case 'livez':
      case 'readyz':
        if (exchange.info.path.endsWith('/')) return undefined
        return health(head, rest, facts.ready(), exchange)
      case 'metrics':
        if (exchange.info.path === '/metrics/slis') return slis(facts)
        return rest.length > 0 ? undefined : metrics(facts)
      case 'flagz':
        return rest.length > 0 ? undefined : flagz(facts)
      case 'statusz':
        return rest.length > 0 ? undefined : statusz(facts)
      case 'debug':
        return debug(exchange)
      case '.well-known':
        return path === '/.well-known/openid-configuration' ? openid(facts) : undefined
      case 'openid':
        return path === '/openid/v1/jwks' ? keys(facts) : undefined
      case '':
      case 'index.html':
        return rest.length > 0 ? undefined : answerObject(200, { paths: rootPaths(facts) }, { encoding: 'json', pretty: true })
      default:
        for (const pages of facts.more) {
          const answer = await pages.answer(exchange)
          if (answer) return answer
        }
        return undefined
    }
  },
})

/** Every path that is served, sorted. */
function rootPaths({ kinds, aggregation }: PageFacts): string[] {
  const groups = [...kinds(), ...aggregation().all()].flatMap(({ group, version }) =>
    group === '' ? [] : [`/apis/${group}`, `/apis/${group}/${version}`],
  )
  const health = Object.entries(checks).flatMap(([page, names]) => [`/${page}`, ...names.map(name => `/${page}/${name}`)])
  const fixed =
    '/.well-known/openid-configuration /api /api/v1 /apis /apis/ /flagz /metrics /metrics/slis /openapi/v2 /openapi/v3 /openapi/v3/ /openid/v1/jwks /statusz /version'
  return [...new Set([...fixed.split(' '), ...groups, ...health])].sort()
}

/** As upstream's: eight bytes of SHA-256 over group, version and kind. */
const storageHash = ({ group, version, storageVersion = version, kind }: Kind): string =>
  createHash('sha256').update(`${group}/${storageVersion}/${kind}`).digest().subarray(0, 8).toString('base64')

function onlyGet(exchange: Exchange, answer: () => Answer): Answer {
  if (exchange.method !== 'GET') throw methodNotAllowed()
  return answer()
}

function core(facts: PageFacts, exchange: Exchange, rest: readonly string[]): Answer | undefined {
  if (rest.length === 0)
    return onlyGet(exchange, () => aggregated(facts, exchange, true) ?? discovery(exchange, apiVersions(facts.address())))
  if (rest.length > 1 || rest[0] !== 'v1') return undefined
  return onlyGet(exchange, () => discovery(exchange, apiResourceList(facts.kinds(), { group: '', version: 'v1' }, storageHash)))
}

function groups(facts: PageFacts, exchange: Exchange, [group, groupVersion, ...rest]: readonly string[]): Answer | undefined {
  if (group === undefined) return aggregated(facts, exchange, false) ?? discovery(exchange, apiGroupList(groupsOf(facts)), unrouted)
  if (rest.length > 0) return undefined
  if (groupVersion === undefined) {
    const found = apiGroup(groupsOf(facts), group)
    return found && discovery(exchange, found, unrouted)
  }
  if (!facts.kinds().some(kind => kind.group === group && kind.version === groupVersion)) return undefined
  return onlyGet(exchange, () => discovery(exchange, apiResourceList(facts.kinds(), { group, version: groupVersion }, storageHash)))
}

const groupsOf = ({ kinds, aggregation }: PageFacts) => groupsBeside(kinds(), aggregation())

const discovery = (exchange: Exchange, document: object, offer: Offer = { views: false }): Answer =>
  answerObject(200, document, representation(exchange, offer))
const unrouted: Offer = { views: false, unrouted: true }

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

interface Whole {
  body: Buffer
  etag: string
}

/** By the lists of kinds and of what is aggregated, which are the same while nothing comes or goes: of /api, and of /apis. */
const known = new WeakMap<readonly Kind[], { all: readonly Aggregated[]; core?: Whole; groups?: Whole }>()

function aggregatedBody(facts: PageFacts, legacy: boolean): Whole {
  const [kinds, all] = [facts.kinds(), facts.aggregation().all()]
  const before = known.get(kinds)
  const of = before?.all === all ? before : { all }
  known.set(kinds, of)
  const part = legacy ? 'core' : 'groups'
  const versionOf = (group: string, version: string) =>
    facts.aggregation().find(group, version)?.documents.discovery ?? aggregatedVersion(kinds, group, version)
  const found = of[part] ?? made(JSON.stringify(aggregatedDiscovery(groupsOf(facts), legacy, versionOf)))
  if (!of[part]) facts.metrics.discoveryBuilt()
  of[part] = found
  return found
}

const made = (text: string): Whole => ({
  body: Buffer.from(`${text}\n`),
  etag: `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"`,
})

/** undefined: the client does not ask for it, or something else comes first. */
function aggregated(facts: PageFacts, exchange: Exchange, legacy: boolean): Answer | undefined {
  for (const { type, parameters } of parseAccept(exchange.headers.accept ?? '')) {
    const asks = parameters.as === 'APIGroupDiscoveryList' && parameters.g === 'apidiscovery.k8s.io'
    if (!asks && (type === 'application/json' || type === '*/*') && parameters.as === undefined) return undefined
    if (!asks || type !== 'application/json' || parameters.v !== 'v2') continue
    const { body, etag } = aggregatedBody(facts, legacy)
    const headers = { 'content-type': aggregatedType, 'cache-control': 'public', etag, vary: 'Accept' }
    if (exchange.headers['if-none-match'] !== etag) return { code: 200, headers, body }
    const { 'content-type': _type, ...kept } = headers
    return { code: 304, headers: kept, body: '' }
  }
  const asked = (exchange.headers.accept ?? '').includes('APIGroupDiscoveryList')
  if (asked)
    throw notAcceptable(
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  return undefined
}

const expositionType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'

const metrics = async ({ metrics, started }: PageFacts): Promise<Answer> => ({
  code: 200,
  headers: { 'content-type': expositionType, 'process-start-time-unix': String(Math.floor(started.getTime() / 1000)) },
  body: await metrics.text(),
  compress: 'always',
})

const slis = (facts: PageFacts): Answer => ({
  code: 200,
  headers: { 'content-type': expositionType },
  body: exposition([healthFamily(facts.ready())]),
  compress: 'always',
})

function openid({ issuer, address }: PageFacts): Answer {
  const document = {
    issuer,
    jwks_uri: `https://${address()}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
  return {
    code: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' },
    body: JSON.stringify(document),
  }
}

const keys = (facts: PageFacts): Answer => ({
  code: 200,
  headers: { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=3600' },
  body: JSON.stringify(facts.jwks()),
})
