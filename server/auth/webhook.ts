// A server of others is asked who may do what: --authorization-mode Webhook, and a kubeconfig that leads there.
import { parseDuration } from '../../openapi/values/time.ts'
import type { Clock } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import { ExpiringCache } from '../expiringcache.ts'
import { askReview } from '../extension/backend.ts'
import { CallError } from '../extension/call.ts'
import { targetOf } from '../extension/kubeconfig.ts'
import type { Attributes, Decision, Mode } from './attributes.ts'

const cacheSize = 8192
const firstWaitMs = 500
/** Of longer questions the answers are not kept: somebody could fill the memory with them. */
const longestKept = 10_000

interface Status {
  allowed?: boolean
  denied?: boolean
  reason?: string
}

type Options = Pick<
  Config,
  | 'authorizationWebhookConfigFile'
  | 'authorizationWebhookVersion'
  | 'authorizationWebhookCacheAuthorizedTtl'
  | 'authorizationWebhookCacheUnauthorizedTtl'
>

/** Throws ConfigError. */
export function webhookAuthorizer(options: Options, clock: Clock): Mode {
  const { authorizationWebhookConfigFile: file, authorizationWebhookVersion: version } = options
  if (file === '') throw new ConfigError("authorization-mode Webhook's authorization config file not passed")
  const target = targetOf(file, why => new ConfigError(`webhook authorization: ${why}`))
  const [allowedMs, otherMs] = [options.authorizationWebhookCacheAuthorizedTtl, options.authorizationWebhookCacheUnauthorizedTtl].map(
    ttl => parseDuration(ttl) ?? 0,
  ) as [number, number]
  const apiVersion = `authorization.k8s.io/${version}`
  const known = new ExpiringCache<Decision>(clock, cacheSize)
  const asking = async (spec: object, key: string): Promise<Decision> => {
    try {
      const review = { kind: 'SubjectAccessReview', apiVersion, spec, status: { allowed: false } }
      const status = await askReview<Status>(target, review, { clock, firstWaitMs })
      if (key.length < longestKept) known.set(key, decisionOf(status), status.allowed ? allowedMs : otherMs)
      return decisionOf(status)
    } catch (error) {
      if (error instanceof CallError) return { decision: 'no opinion', reason: '', error: error.message }
      throw error
    }
  }
  return {
    remote: true,
    authorize(asked) {
      const spec = specOf(asked, version)
      const key = JSON.stringify(spec)
      return known.get(key) ?? asking(spec, key)
    },
    rulesFor: () => ({
      resourceRules: [],
      nonResourceRules: [],
      errors: ['webhook authorizer does not support user rule resolution'],
      incomplete: true,
    }),
  }
}

/** Without what is empty, as Go prints it. */
const given = (fields: Record<string, string | undefined>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value))

function specOf({ user, verb, resourceRequest, path, version, ...asked }: Attributes, api: string): object {
  const { group, resource, subresource, namespace, name, fields = {} } = asked
  const requirements = Object.entries(fields).map(([key, value]) => ({ key, operator: 'In', values: [value] }))
  const what = resourceRequest
    ? {
        resourceAttributes: {
          ...given({ namespace, verb, group, version, resource, subresource, name }),
          ...(requirements.length > 0 ? { fieldSelector: { requirements } } : {}),
        },
      }
    : { nonResourceAttributes: given({ path, verb }) }
  return {
    ...what,
    ...given({ user: user.name }),
    ...(user.groups.length > 0 ? { [api === 'v1' ? 'groups' : 'group']: user.groups } : {}),
    ...(user.extra ? { extra: user.extra } : {}),
    ...given({ uid: user.uid }),
  }
}

function decisionOf({ allowed, denied, reason = '' }: Status): Decision {
  if (allowed && denied) return { decision: 'deny', reason, error: 'webhook subject access review returned both allow and deny response' }
  if (denied) return { decision: 'deny', reason }
  return { decision: allowed ? 'allow' : 'no opinion', reason }
}
