// /metrics: what the apiserver's own metrics say, under their names and labels, as far as there is something real behind them. While a request is
// served little is done but counting; what can be worked out is worked out when somebody asks.
import type { Kind } from '../../openapi/kind.ts'
import type { Aggregation } from '../aggregation/aggregation.ts'
import type { FlowControl } from '../flowcontrol/flowcontrol.ts'
import { aggregationFamilies } from './aggregationmetrics.ts'
import { verbOf } from './attributes.ts'
import type { Exchange } from './exchange.ts'
import { exposition, type Family, family, Histogram, type Labels, type Samples } from './exposition.ts'
import { flowFamilies } from './flowmetrics.ts'
import { version } from './version.ts'

export interface Metrics {
  /** Returns what is to be handed to end(). */
  begin(exchange: Exchange): Begun
  end(exchange: Exchange, begun: Begun, answer: { code: number; bytes?: number }): void
  /** Who asked: whether that could be told, and whether they may. */
  authenticated(user: string | undefined): void
  authorized(result: 'allowed' | 'denied'): void
  /** The count of one watch's events. */
  watch(kind: Kind): { event(bytes: number): void }
  handshakeFailed(): void
  /** Aggregated discovery was put together anew. */
  discoveryBuilt(): void
  text(): Promise<string>
}

/** Of one request, as it came: until it ends its kind may be gone. */
export interface Begun {
  sort: Sort
  long: boolean
  started: number
}

export interface MetricsFacts {
  /** What is not served has no counts of its own: whoever asks at random must not fill the books. */
  find(group: string, version: string, resource: string): Kind | undefined
  /** Of every stored kind. */
  storedObjects(): Promise<readonly { group: string; resource: string; count: number }[]>
  /** Events of the audit log, and requests that it kept from going on. */
  audited(): { events: number; rejected: number } | undefined
  queues(): readonly { name: string; adds: number; retries: number; depth: number }[]
  flows: FlowControl['counts']
  availability: Aggregation['availability']
  started: Date
}

const durationBounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60]
const responseBounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
const bodyBounds = Array.from({ length: 31 }, (_, index) => 50_000 + 100_000 * index)
const eventBounds = Array.from({ length: 8 }, (_, index) => 1024 * 2 ** index)

/** Requests of one sort. */
interface Sort {
  /** In the order of the names. */
  place: Labels
  dryRun: string
  byCode: Map<number, number>
  seconds: Histogram
  answers: Histogram
  bodies: Histogram
  open: number
}

interface Watched {
  labels: Labels
  sizes: Histogram
  count: number
}

export function createMetrics(facts: MetricsFacts): Metrics {
  const books = new Books(facts.find)
  return {
    begin(exchange) {
      const [sort, long] = [books.sort(exchange), isLong(exchange)]
      if (long) sort.open++
      else books.inflight[kindOf(exchange)]++
      return { sort, long, started: performance.now() }
    },
    end(exchange, { sort, long, started }, { code, bytes }) {
      sort.byCode.set(code, (sort.byCode.get(code) ?? 0) + 1)
      if (exchange.deprecated) books.deprecated.add(sort)
      if (long) {
        sort.open--
        return
      }
      books.inflight[kindOf(exchange)]--
      sort.seconds.observe((performance.now() - started) / 1000)
      if (bytes !== undefined) sort.answers.observe(bytes)
      if (exchange.body.length > 0) sort.bodies.observe(exchange.body.length)
    },
    authenticated(user) {
      count(books.authentication, user === undefined ? 'failure' : 'success')
      if (user !== undefined) count(books.users, known.has(user) ? user : user.includes('@') ? 'email_id' : 'other')
    },
    authorized: result => count(books.authorization, result),
    watch: kind => books.watch(kind),
    handshakeFailed: () => void books.handshakeErrors++,
    discoveryBuilt: () => void books.discoveryBuilt++,
    text: async () =>
      exposition([
        ...requestFamilies(books),
        ...watchFamilies(books),
        ...accessFamilies(books),
        ...flowFamilies(facts.flows()),
        ...aggregationFamilies(facts.availability(), books.discoveryBuilt),
        ...(await stateFamilies(facts)),
      ]),
  }
}

class Books {
  readonly inflight = { readOnly: 0, mutating: 0 }
  readonly authentication = new Map<string, number>()
  readonly authorization = new Map<string, number>()
  readonly users = new Map<string, number>()
  readonly deprecated = new Set<Sort>()
  readonly sorts = new Map<string, Sort>()
  readonly watches = new Map<string, Watched>()
  handshakeErrors = 0
  discoveryBuilt = 0
  readonly #find: MetricsFacts['find']

  constructor(find: MetricsFacts['find']) {
    this.#find = find
  }

  sort(exchange: Exchange): Sort {
    const kind = this.#find(exchange.info.group, exchange.info.version, exchange.info.resource)
    const { group, version: v, resource } = kind ? exchange.info : nowhere
    const subresource = kind && hasSubresource(kind, exchange.info.subresource) ? exchange.info.subresource : ''
    const [scope, verb, dryRun] = [scopeOf(exchange), reportedVerb(exchange), dryRunOf(exchange)]
    const key = `${verb} ${group} ${v} ${resource} ${subresource} ${scope} ${dryRun}`
    const found = this.sorts.get(key)
    if (found) return found
    const place = { component: 'apiserver', group, resource, scope, subresource, verb, version: v }
    const histograms = { seconds: new Histogram(durationBounds), answers: new Histogram(responseBounds), bodies: new Histogram(bodyBounds) }
    const sort = { place, dryRun, byCode: new Map<number, number>(), ...histograms, open: 0 }
    this.sorts.set(key, sort)
    return sort
  }

  watch(kind: Kind): { event(bytes: number): void } {
    const labels = { group: kind.group, resource: kind.names.plural, version: kind.version }
    // Not by kind: a custom one is another after each change of its definition.
    const key = `${kind.group}/${kind.version}/${kind.names.plural}`
    const watched = this.watches.get(key) ?? { labels, sizes: new Histogram(eventBounds), count: 0 }
    this.watches.set(key, watched)
    return {
      event(bytes) {
        watched.count++
        watched.sizes.observe(bytes)
      },
    }
  }
}

const nowhere = { group: '', version: '', resource: '' }
const hasSubresource = ({ subresources }: Kind, name: string): boolean =>
  name === 'status' || name === 'scale' || subresources?.connect?.includes(name) === true

function dryRunOf({ query }: Exchange): string {
  const asked = query.get('dryRun')
  return asked === null || asked === 'All' ? (asked ?? '') : 'invalid'
}

const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

/** Users that have a name of their own in the counts. */
const known = new Set(['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default'])

const isStream = ({ info }: Exchange): boolean =>
  info.resource === 'pods' || info.subresource === 'proxy' ? /^(attach|exec|portforward|proxy)$/.test(info.subresource) : false
const isLong = (exchange: Exchange): boolean =>
  verbOf(exchange) === 'watch' || isStream(exchange) || (exchange.info.resource === 'pods' && exchange.info.subresource === 'log')
const kindOf = ({ method }: Exchange): 'readOnly' | 'mutating' => (method === 'GET' || method === 'HEAD' ? 'readOnly' : 'mutating')

function scopeOf({ info }: Exchange): string {
  if (!info.resourceRequest) return ''
  return info.name !== '' ? 'resource' : info.namespace !== '' ? 'namespace' : 'cluster'
}

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** The method, but for what it means to a collection, a stream or an apply; unknown ones are one. */
function reportedVerb(exchange: Exchange): string {
  const { method, info, headers } = exchange
  if (isStream(exchange)) return 'CONNECT'
  const verb = verbOf(exchange)
  if (verb === 'watch' || verb === 'deletecollection' || (verb === 'list' && info.resourceRequest)) return verb.toUpperCase()
  if (method === 'PATCH' && headers['content-type']?.startsWith('application/apply-patch')) return 'APPLY'
  if (method === 'HEAD') return 'GET'
  return methods.has(method) ? method : 'other'
}

const counted = (counts: ReadonlyMap<string, number>, label: string): Samples =>
  [...counts].map(([name, value]) => [{ [label]: name }, value])

function requestFamilies({ sorts, inflight }: Books): Family[] {
  const all = [...sorts.values()]
  const withDryRun = ({ place, dryRun }: Sort): Labels => ordered({ ...place, dry_run: dryRun })
  const asked = all.filter(({ place, byCode }) => byCode.size > 0 && place.verb !== 'WATCH' && place.verb !== 'CONNECT')
  return [
    family('apiserver_request_total', 'counter', 'STABLE', 'Requests answered, by verb, resource and code.', [
      ...all.flatMap(sort => [...sort.byCode].map(([code, value]) => [{ code: String(code), ...withDryRun(sort) }, value] as const)),
    ]),
    family('apiserver_request_duration_seconds', 'histogram', 'STABLE', 'How long requests took, in seconds.', [
      ...asked.map(sort => [withDryRun(sort), sort.seconds] as const),
    ]),
    family(
      'apiserver_request_sli_duration_seconds',
      'histogram',
      'ALPHA',
      'The same without what others had to answer for, of which there is nothing.',
      merged(asked, ({ place }) => place, 'seconds'),
    ),
    family(
      'apiserver_response_sizes',
      'histogram',
      'STABLE',
      'Sizes of the answers to reads, in bytes.',
      merged(
        asked.filter(({ place }) => place.verb === 'GET' || place.verb === 'LIST'),
        ({ place }) => place,
        'answers',
      ),
    ),
    family(
      'apiserver_request_body_size_bytes',
      'histogram',
      'ALPHA',
      'Sizes of the bodies that were sent, in bytes.',
      merged(
        asked.filter(({ place }) => place.resource !== '' && place.verb !== 'GET' && place.verb !== 'LIST'),
        ({ place }) => ({ group: place.group ?? '', resource: place.resource ?? '', verb: (place.verb ?? '').toLowerCase() }),
        'bodies',
      ),
    ),
    family('apiserver_current_inflight_requests', 'gauge', 'STABLE', 'Requests being answered now.', [
      ...Object.entries(inflight).map(([request_kind, value]) => [{ request_kind }, value] as const),
    ]),
    family('apiserver_longrunning_requests', 'gauge', 'STABLE', 'Watches and streams that are open now.', [
      ...all.filter(sort => isLongVerb(sort)).map(({ place, open }) => [place, open] as const),
    ]),
  ]
}

const isLongVerb = ({ place }: Sort): boolean => place.verb === 'WATCH' || place.verb === 'CONNECT' || place.subresource === 'log'

const ordered = (labels: Labels): Labels => Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

/** One histogram for all sorts that share the labels. */
function merged(sorts: readonly Sort[], labelsOf: (sort: Sort) => Labels, which: 'seconds' | 'answers' | 'bodies'): Samples {
  const found = new Map<string, [Labels, Histogram]>()
  for (const sort of sorts) {
    const labels = labelsOf(sort)
    const key = JSON.stringify(labels)
    const [, sum] = found.get(key) ?? [labels, new Histogram(sort[which].bounds)]
    sum.add(sort[which])
    found.set(key, [labels, sum])
  }
  return found.values()
}

function watchFamilies({ watches }: Books): Family[] {
  const all = [...watches.values()]
  return [
    family(
      'apiserver_watch_events_total',
      'counter',
      'ALPHA',
      'Events sent to watches.',
      all.map(({ labels, count: value }) => [labels, value]),
    ),
    family(
      'apiserver_watch_events_sizes',
      'histogram',
      'ALPHA',
      'Sizes of these events, in bytes.',
      all.map(({ labels, sizes }) => [labels, sizes]),
    ),
  ]
}

function accessFamilies({ authentication, authorization, users, handshakeErrors, deprecated }: Books): Family[] {
  const gone = [...deprecated].map(({ place }): [Labels, number] => {
    const { group = '', resource = '', subresource = '', version: v = '' } = place
    return [{ group, removed_release: '', resource, subresource, version: v }, 1]
  })
  return [
    family(
      'authentication_attempts',
      'counter',
      'ALPHA',
      'Requests by whether it could be told who asks.',
      counted(authentication, 'result'),
    ),
    family(
      'authenticated_user_requests',
      'counter',
      'ALPHA',
      'Requests by user; few have a name of their own.',
      counted(users, 'username'),
    ),
    family('authorization_attempts_total', 'counter', 'ALPHA', 'Requests by whether they were allowed.', counted(authorization, 'result')),
    family('apiserver_tls_handshake_errors_total', 'counter', 'ALPHA', 'Connections that ended before they were secure.', [
      [{}, handshakeErrors],
    ]),
    family('apiserver_requested_deprecated_apis', 'gauge', 'STABLE', 'Deprecated kinds that somebody asked for.', gone),
  ]
}

async function stateFamilies({ storedObjects, queues, audited, started }: MetricsFacts): Promise<Family[]> {
  const { events = 0, rejected = 0 } = audited() ?? {}
  const stored = await storedObjects()
  const { user, system } = process.cpuUsage()
  const of = (pick: (queue: ReturnType<MetricsFacts['queues']>[number]) => number): Samples =>
    queues().map(queue => [{ name: queue.name }, pick(queue)])
  const named = ({ group, resource }: { group: string; resource: string }) => (group === '' ? resource : `${resource}.${group}`)
  return [
    family(
      'apiserver_storage_objects',
      'gauge',
      'STABLE',
      'Objects stored, by resource.',
      stored.map(s => [{ resource: named(s) }, s.count]),
    ),
    family('apiserver_resource_objects', 'gauge', 'ALPHA', 'Objects stored, by group and resource.', [
      ...stored.map(({ group, resource, count: value }) => [{ group, resource }, value] as const),
    ]),
    family('apiserver_audit_event_total', 'counter', 'ALPHA', 'Events of the audit log.', [[{}, events]]),
    family('apiserver_audit_requests_rejected_total', 'counter', 'ALPHA', 'Requests that could not go on for want of the audit log.', [
      [{}, rejected],
    ]),
    family(
      'workqueue_adds_total',
      'counter',
      'BETA',
      'Keys added to the queues of controllers.',
      of(q => q.adds),
    ),
    family(
      'workqueue_retries_total',
      'counter',
      'BETA',
      'Keys added again after a failure.',
      of(q => q.retries),
    ),
    family(
      'workqueue_depth',
      'gauge',
      'BETA',
      'Keys that wait.',
      of(q => q.depth),
    ),
    family('kubernetes_build_info', 'gauge', 'BETA', 'The version that is simulated.', [[buildInfo, 1]]),
    family('version_info', 'gauge', 'ALPHA', 'The versions that are simulated.', [[versionInfo, 1]]),
    family('process_cpu_seconds_total', 'counter', undefined, 'Processor time of all threads, in seconds.', [[{}, (user + system) / 1e6]]),
    family('process_resident_memory_bytes', 'gauge', undefined, 'Resident memory, in bytes.', [[{}, process.memoryUsage.rss()]]),
    family('process_start_time_seconds', 'gauge', undefined, 'When the process began, in seconds since 1970.', [
      [{}, started.getTime() / 1000],
    ]),
  ]
}

const buildInfo: Labels = {
  build_date: version.buildDate,
  compiler: version.compiler,
  git_commit: version.gitCommit,
  git_tree_state: version.gitTreeState,
  git_version: version.gitVersion,
  go_version: version.goVersion,
  major: version.major,
  minor: version.minor,
  platform: version.platform,
}
const versionInfo: Labels = {
  binary: `${version.major}.${version.minor}`,
  component: 'kube',
  emulation: `${version.emulationMajor}.${version.emulationMinor}`,
  min_compat: `${version.minCompatibilityMajor}.${version.minCompatibilityMinor}`,
}
