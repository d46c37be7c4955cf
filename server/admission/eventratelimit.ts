// EventRateLimit: so many Events are written in a time, altogether, of a namespace, by a user, or of one sort.
import { aggregate, invalid, notSupported, StatusError } from '../../openapi/errors.ts'
import type { Event } from '../../openapi/kinds/core/event/index.ts'
import { EventRateLimitConfiguration } from '../../openapi/schemas/admissionconfiguration.ts'
import type { Clock } from '../clock.ts'
import { ExpiringCache } from '../expiringcache.ts'
import { TokenBucket } from '../tokenbucket.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import { type Configurations, type ConfigurationType, checkConfiguration } from './configuration.ts'

const name = 'EventRateLimit'

const type: ConfigurationType = {
  schema: EventRateLimitConfiguration,
  versions: ['eventratelimit.admission.k8s.io/v1alpha1 Configuration'],
}

type Limit = NonNullable<EventRateLimitConfiguration['limits']>[number]

/** What is counted together, by the type of a limit. */
const keys: Readonly<Record<string, (asked: AdmissionRequest) => string>> = {
  Server: () => '',
  Namespace: ({ request }) => request.namespace,
  User: ({ request }) => request.user.name,
  SourceAndObject: ({ object }) => sourceAndObject(object as Event),
}

const defaultCacheSize = 4096

/** Only of the core group, as upstream has it. */
export function eventRateLimit(clock: Clock, configurations: Configurations): AdmissionPlugin {
  const { limits = [] } = configurations<EventRateLimitConfiguration>(name, type) ?? {}
  checkConfiguration(name, errorsOf(limits))
  const counted = limits.map(limit => ({ type: limit.type ?? '', take: buckets(limit, clock) }))
  return {
    name,
    kinds: ['Event'],
    validate(asked) {
      if ((asked.operation !== 'CREATE' && asked.operation !== 'UPDATE') || asked.request.dryRun) return
      const reached = counted.flatMap(limit => {
        const key = keys[limit.type]?.(asked) ?? ''
        return limit.take(key) ? [] : [`limit reached on type ${limit.type} for key ${key}`]
      })
      if (reached.length > 0) throw new StatusError(429, 'TooManyRequests', `Too many requests: ${aggregate([...new Set(reached)])}`)
    },
  }
}

function errorsOf(limits: readonly Limit[]) {
  if (limits.length === 0) return [invalid('limits', null, 'must not be empty')]
  return limits.flatMap(({ type: of = '', burst = 0, qps = 0, cacheSize = 0 }, index) => [
    ...(of in keys ? [] : [notSupported(`limits[${index}].type`, of, Object.keys(keys).sort())]),
    ...(burst > 0 ? [] : [invalid(`limits[${index}].burst`, burst, 'must be positive')]),
    ...(qps > 0 ? [] : [invalid(`limits[${index}].qps`, qps, 'must be positive')]),
    ...(of === 'Server' || cacheSize >= 0 ? [] : [invalid(`limits[${index}].cacheSize`, cacheSize, 'must not be negative')]),
  ])
}

/** Takes one event of a key, if there is one left. Keys that were not asked about for the longest time are forgotten. */
function buckets({ burst = 0, qps = 0, cacheSize }: Limit, clock: Clock): (key: string) => boolean {
  const known = new ExpiringCache<TokenBucket>(clock, cacheSize || defaultCacheSize)
  return key => {
    const nowMs = clock.now().getTime()
    const bucket = known.get(key) ?? new TokenBucket({ qps, burst }, nowMs)
    known.set(key, bucket, Number.POSITIVE_INFINITY)
    return bucket.take(nowMs)
  }
}

const sourceAndObject = ({ source = {}, involvedObject: of }: Event): string =>
  [source.component, source.host, of.kind, of.namespace, of.name, of.uid, of.apiVersion].map(part => part ?? '').join('')
