// ImagePolicyWebhook: another server is asked whether the images of a pod may run.
import type { StatusError } from '../../openapi/errors.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { ImagePolicyWebhookConfiguration } from '../../openapi/schemas/admissionconfiguration.ts'
import type { Clock } from '../clock.ts'
import { ExpiringCache } from '../expiringcache.ts'
import { askReview } from '../extension/backend.ts'
import { CallError } from '../extension/call.ts'
import { targetOf } from '../extension/kubeconfig.ts'
import { type AdmissionPlugin, type AdmissionRequest, refused } from './chain.ts'
import { type Configurations, type ConfigurationType, refusedConfiguration } from './configuration.ts'

const name = 'ImagePolicyWebhook'

const type: ConfigurationType = { schema: ImagePolicyWebhookConfiguration }

const auditPrefix = 'imagepolicywebhook.image-policy.k8s.io/'
const failedOpen = 'alpha.image-policy.k8s.io/failed-open'
const apiVersion = 'imagepolicy.k8s.io/v1alpha1'
const cacheSize = 1024

interface Verdict {
  allowed?: boolean
  reason?: string
  auditAnnotations?: Readonly<Record<string, string>>
}

export function imagePolicyWebhook(clock: Clock, configurations: Configurations): AdmissionPlugin {
  const configuration = configurations<ImagePolicyWebhookConfiguration>(name, type)
  if (!configuration) throw refusedConfiguration(name, 'no config specified')
  const { kubeConfigFile = '', allowTTL = 0, denyTTL = 0, retryBackoff = 0, defaultAllow = false } = configuration.imagePolicy ?? {}
  const firstWaitMs = duration(retryBackoff, { unit: 'ms', least: '1ns', standardMs: 500, mostMs: 300_000 })
  const allowMs = duration(allowTTL, { unit: 's', least: '1s', standardMs: 300_000, mostMs: 1_800_000 })
  const denyMs = duration(denyTTL, { unit: 's', least: '1s', standardMs: 30_000, mostMs: 1_800_000 })
  const target = targetOf(kubeConfigFile, why => refusedConfiguration(name, why))
  const known = new ExpiringCache<Verdict>(clock, cacheSize)

  const verdictOn = async (spec: object): Promise<Verdict> => {
    const key = JSON.stringify(spec)
    const before = known.get(key)
    if (before) return before
    const review = { kind: 'ImageReview', apiVersion, spec, status: { allowed: false } }
    const verdict = await askReview<Verdict>(target, review, { clock, firstWaitMs })
    known.set(key, verdict, verdict.allowed ? allowMs : denyMs)
    return verdict
  }
  /** Nobody answers: what was configured for that counts. */
  const withoutAnswer = (asked: AdmissionRequest, error: CallError): StatusError | undefined => {
    if (!defaultAllow) return refused(asked, error.message)
    asked.request.annotate?.(`${auditPrefix}failed-open`, 'true')
    const { metadata } = asked.object
    metadata.annotations = { ...metadata.annotations, [failedOpen]: 'true' }
    return undefined
  }
  return {
    name,
    kinds: ['Pod'],
    async validate(asked) {
      const { operation, request, object } = asked
      const spec = (operation === 'CREATE' || operation === 'UPDATE') && reviewed(object as Pod, request)
      if (!spec) return
      try {
        const { allowed, reason, auditAnnotations = {} } = await verdictOn(spec)
        for (const [key, value] of Object.entries(auditAnnotations)) request.annotate?.(auditPrefix + key, value)
        if (allowed) return
        throw refused(
          asked,
          reason ? `image policy webhook backend denied one or more images: ${reason}` : 'one or more images rejected by webhook backend',
        )
      } catch (error) {
        const refusal = error instanceof CallError ? withoutAnswer(asked, error) : error
        if (refusal) throw refusal
      }
    },
  }
}

/** What is asked; undefined: nothing. */
function reviewed({ spec, metadata }: Pod, { subresource, namespace }: AdmissionRequest['request']): object | undefined {
  if (subresource && subresource !== 'ephemeralcontainers') return undefined
  const { containers, initContainers = [], ephemeralContainers = [] } = spec
  const images = (subresource ? ephemeralContainers : [...containers, ...initContainers]).map(({ image }) => (image ? { image } : {}))
  const annotations = Object.entries(metadata.annotations ?? {})
    .filter(([key]) => key.includes('.image-policy.k8s.io/'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...(images.length > 0 ? { containers: images } : {}),
    ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    namespace,
  }
}

interface Range {
  unit: 'ms' | 's'
  /** Not allowed itself. */
  least: '1ns' | '1s'
  standardMs: number
  mostMs: number
}

/** In milliseconds: 0 stands for what is usual, -1 for none. Throws ConfigError. */
function duration(value: number, { unit, least, standardMs, mostMs }: Range): number {
  if (value === -1) return 0
  if (value === 0) return standardMs
  const ms = unit === 's' ? value * 1000 : value
  if (ms > (least === '1s' ? 1000 : 0) && ms <= mostMs) return ms
  throw refusedConfiguration(name, `valid value is between ${least} and ${mostMs / 60_000}m0s, got ${value}${unit}`)
}
