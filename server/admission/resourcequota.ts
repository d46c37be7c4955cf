// ResourceQuota: what an object uses is added to the quotas of its namespace, or refused. Runs last: what is charged here is about to be written.
import { forbiddenRequest, notFound } from '../../openapi/errors.ts'
import { type Amounts, addAmounts } from '../../openapi/kinds/core/pod/amounts.ts'
import { type ResourceQuota, resourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import { concerns, countsTowards, isCounted, mayUseMore, unspecified, usageOf } from '../../openapi/kinds/core/resourcequota/usage.ts'
import { compareQuantities, subtractQuantities } from '../../openapi/values/quantity.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../registry/store.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import type { Lookup } from './lookup.ts'

/** `quotas`: where usage is written; the registry is made after its admission. */
export const resourceQuotaPlugin = (lookup: Lookup, clock: Clock, quotas: () => Store<ResourceQuota>): AdmissionPlugin => ({
  name: 'ResourceQuota',
  async validate(asked) {
    const { operation, kind, object, request } = asked
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || !isCounted(kind)) return
    if (!mayUseMore(kind, operation, request.subresource ?? '')) return
    const namespace = object.metadata.namespace ?? ''
    const concerned = (await lookup.list(resourceQuota, namespace)).filter(quota => concerns(quota, kind, object))
    for (const quota of concerned) checkSpecified(quota, asked)
    const more = concerned.length > 0 ? additionalUsage(asked, clock.now()) : {}
    if (Object.keys(more).length === 0) return
    for (const quota of concerned) charged(quota, more, asked)
    if (request.dryRun) return
    for (const { metadata } of concerned)
      await quotas().update({ ...request, ...writer, namespace }, metadata.name, current => {
        if (!current) throw notFound(resourceQuota, metadata.name)
        return { object: { ...current, status: { ...current.status, used: charged(current, more, asked) } } as ResourceQuota }
      })
  },
})

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
