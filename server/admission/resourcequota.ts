// ResourceQuota: what an object uses is added to the quotas of its namespace, or refused. Runs last: what is charged here is about to be written.
import { forbiddenRequest, notFound, required, unknownError } from '../../openapi/errors.ts'
import { type Amounts, addAmounts } from '../../openapi/kinds/core/pod/amounts.ts'
import { type ResourceQuota, resourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import {
  concerns,
  countsTowards,
  isCounted,
  isInScope,
  mayUseMore,
  type Scope,
  scopesOf,
  unspecified,
  usageOf,
} from '../../openapi/kinds/core/resourcequota/usage.ts'
import { type LimitedResource, ResourceQuotaConfiguration } from '../../openapi/schemas/admissionconfiguration.ts'
import { compareQuantities, subtractQuantities } from '../../openapi/values/quantity.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../registry/store.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import { type Configurations, type ConfigurationType, checkConfiguration } from './configuration.ts'
import type { Lookup } from './lookup.ts'

const name = 'ResourceQuota'

const type: ConfigurationType = {
  schema: ResourceQuotaConfiguration,
  versions: [
    'apiserver.config.k8s.io/v1 ResourceQuotaConfiguration',
    'resourcequota.admission.k8s.io/v1beta1 Configuration',
    'resourcequota.admission.k8s.io/v1alpha1 Configuration',
  ],
}

export interface QuotaParts {
  lookup: Lookup
  clock: Clock
  configurations: Configurations
  /** Where usage is written; the registry is made after its admission. */
  quotas(): Store<ResourceQuota>
}

export function resourceQuotaPlugin({ lookup, clock, configurations, quotas }: QuotaParts): AdmissionPlugin {
  const { limitedResources: limits = [] } = configurations<ResourceQuotaConfiguration>(name, type) ?? {}
  checkConfiguration(
    name,
    limits.flatMap(({ resource }, index) => (resource ? [] : [required(`limitedResources[${index}].resource`)])),
  )
  return {
    name,
    async validate(asked) {
      const { operation, kind, object, request } = asked
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || !isCounted(kind)) return
      if (!mayUseMore(kind, operation, request.subresource ?? '')) return
      const namespace = object.metadata.namespace ?? ''
      const all = await lookup.list(resourceQuota, namespace)
      const concerned = all.filter(quota => concerns(quota, kind, object))
      for (const quota of concerned) checkSpecified(quota, asked)
      const more = concerned.length > 0 || limits.length > 0 ? additionalUsage(asked, clock.now()) : {}
      if (Object.keys(more).length === 0) return
      checkCovered(asked, { limits, all, concerned, now: clock.now() })
      for (const quota of concerned) charged(quota, more, asked)
      if (request.dryRun) return
      for (const { metadata } of concerned)
        await quotas().update({ ...request, ...writer, namespace }, metadata.name, current => {
          if (!current) throw notFound(resourceQuota, metadata.name)
          return { object: { ...current, status: { ...current.status, used: charged(current, more, asked) } } as ResourceQuota }
        })
    },
  }
}

interface Covering {
  limits: readonly LimitedResource[]
  all: readonly ResourceQuota[]
  concerned: readonly ResourceQuota[]
  now: Date
}

/** What is limited by default needs a quota, whatever it allows. */
function checkCovered(asked: AdmissionRequest, { limits, all, concerned, now }: Covering): void {
  const { kind, object } = asked
  const parts = limits
    .filter(({ apiGroup = '', resource }) => apiGroup === kind.group && resource === kind.names.plural)
    .flatMap(({ matchContains = [] }) => matchContains)
  const used = Object.entries(usageOf(kind, object, now)).filter(([, amount]) => compareQuantities(amount, '0') > 0)
  const covered = new Set(concerned.flatMap(quota => limitedBy(quota, asked)))
  const open = used.map(([resource]) => resource).filter(resource => parts.some(part => resource.includes(part)) && !covered.has(resource))
  if (open.length > 0) throw refused(asked, `insufficient quota to consume: ${open.sort().join(',')}`)
  const inScope = (scopes: readonly Scope[]) => scopes.filter(scope => isInScope(kind, object, scope))
  const scopes = new Set(all.flatMap(quota => inScope(scopesOf(quota)).map(({ scopeName }) => scopeName)))
  const openScopes = limits.flatMap(({ matchScopes = [] }) => inScope(matchScopes)).filter(({ scopeName }) => !scopes.has(scopeName))
  if (openScopes.length === 0) return
  const told = openScopes.map(({ scopeName, operator, values = [] }) => `{${scopeName} ${operator} [${values.join(' ')}]}`)
  throw unknownError(`insufficient quota to match these scopes: [${told.join(' ')}]`)
}

const writer = {
  subresource: 'status',
  fieldManager: 'kube-apiserver',
  user: { name: 'system:apiserver', groups: ['system:masters'] },
  warn: () => {},
  annotate: () => {},
}

const limitedBy = ({ status }: ResourceQuota, { kind }: AdmissionRequest): string[] =>
  Object.keys(status.hard ?? {}).filter(name => countsTowards(kind, name))

const refused = ({ kind, object }: AdmissionRequest, why: string) => forbiddenRequest(kind, object.metadata.name, why)

function checkSpecified(quota: ResourceQuota, asked: AdmissionRequest): void {
  const { name } = quota.metadata
  const names = limitedBy(quota, asked)
  const open = unspecified(asked.kind, asked.object, names)
  if (open) throw refused(asked, `failed quota: ${name}: ${open}`)
  const unknown = names.filter(resource => quota.status.used?.[resource] === undefined).sort()
  if (unknown.length > 0) throw refused(asked, `status unknown for quota: ${name}, resources: ${unknown.join(',')}`)
}

/** On an update, the difference. Without what is zero. */
function additionalUsage({ kind, object, old }: AdmissionRequest, now: Date): Amounts {
  const usage = usageOf(kind, object, now)
  const before = old ? usageOf(kind, old, now) : {}
  const names = [...new Set([...Object.keys(usage), ...Object.keys(before)])]
  const more = names.map(name => [name, subtractQuantities(usage[name] ?? '0', before[name] ?? '0')] as const)
  return Object.fromEntries(more.filter(([, amount]) => amount !== '0'))
}

/** What is used with `more`; a 403 when that is above what is allowed. */
function charged({ metadata, status }: ResourceQuota, more: Amounts, asked: AdmissionRequest): Amounts {
  const { hard = {}, used = {} } = status
  const requested = Object.fromEntries(Object.entries(more).filter(([name]) => name in hard))
  const next = addAmounts(used, requested)
  const exceeded = Object.keys(requested)
    .filter(name => compareQuantities(next[name] ?? '0', hard[name] ?? '0') > 0 && compareQuantities(requested[name] ?? '0', '0') > 0)
    .sort()
  if (exceeded.length === 0) return next
  const told = (amounts: Amounts) => exceeded.map(name => `${name}=${amounts[name]}`).join(',')
  throw refused(asked, `exceeded quota: ${metadata.name}, requested: ${told(requested)}, used: ${told(used)}, limited: ${told(hard)}`)
}
