// What objects use of quotas: the resources a kind is counted under, how much of them one object takes, the scopes it is in. Pure.
import type { Kind, KubeObject } from '../../../kind.ts'
import { isExtendedResource } from '../../../rules/resources.ts'
import type { ScopedResourceSelectorRequirement } from '../../../schemas/core.ts'
import { addQuantities } from '../../../values/quantity.ts'
import type { PersistentVolumeClaim } from '../persistentvolumeclaim/index.ts'
import { type Amounts, addAmounts, podAmounts } from '../pod/amounts.ts'
import { qosClassOf } from '../pod/defaults.ts'
import type { Pod } from '../pod/index.ts'
import type { Service } from '../service/index.ts'
import type { ResourceQuota } from './index.ts'

/** How one kind is counted besides `count/PLURAL.GROUP`. */
interface Measure {
  counts(name: string): boolean
  usage(object: KubeObject, now: Date): Amounts
  /** What a scope says of an object: whether it is in, or the value that its selector looks at. */
  scope?(object: KubeObject, name: string): boolean | string | undefined
  /** An update may use more. */
  updates?: 'object' | 'resize'
}

const legacy = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas'])
const isHugePages = (name: string): boolean => name.startsWith('hugepages-')

const measures: Readonly<Record<string, Measure>> = {
  pods: {
    counts: name =>
      name === 'pods' || /^(requests\.|limits\.)?(cpu|memory|ephemeral-storage|hugepages-.*)$/.test(name) || isExtendedRequest(name),
    usage: (object, now) => podUsage(object as Pod, now),
    scope: (object, name) => podScope(object as Pod, name),
    updates: 'resize',
  },
  services: {
    counts: name => /^services(\.nodeports|\.loadbalancers)?$/.test(name),
    usage: object => serviceUsage(object as Service),
    updates: 'object',
  },
  persistentvolumeclaims: {
    counts: name => /(^|\.storageclass\.storage\.k8s\.io\/)(persistentvolumeclaims|requests\.storage)$/.test(name),
    usage: object => claimUsage(object as PersistentVolumeClaim),
    scope: (object, name) =>
      name === 'VolumeAttributesClass' ? ((object as PersistentVolumeClaim).spec.volumeAttributesClassName ?? '') : undefined,
    updates: 'object',
  },
  'resourceclaims.resource.k8s.io': {
    counts: name => name.endsWith(deviceClassSuffix),
    usage: object => deviceUsage(object as unknown as DeviceClaim),
  },
}

const resourceName = ({ group, names }: Pick<Kind, 'group' | 'names'>): string => (group === '' ? names.plural : `${names.plural}.${group}`)
const measureOf = (kind: Kind): Measure | undefined => measures[resourceName(kind)]

/** Events come and go uncounted. */
export const isCounted = (kind: Kind): boolean => kind.scope === 'Namespaced' && kind.kind !== 'Event'

export const countsTowards = (kind: Kind, name: string): boolean =>
  name === `count/${resourceName(kind)}` ||
  (legacy.has(resourceName(kind)) && name === kind.names.plural) ||
  !!measureOf(kind)?.counts(name)

/** Whether a write of `subresource` ('' is the object itself) may use more. */
export function mayUseMore(kind: Kind, operation: 'CREATE' | 'UPDATE', subresource: string): boolean {
  if (operation === 'CREATE') return subresource === ''
  const updates = measureOf(kind)?.updates
  return updates === 'object' ? subresource === '' : updates === 'resize' && subresource === 'resize'
}

/** By resource; zeros are there where the kind always tells them. */
export function usageOf(kind: Kind, object: KubeObject, now: Date): Amounts {
  const one: Record<string, string> = { [`count/${resourceName(kind)}`]: '1' }
  if (legacy.has(resourceName(kind))) one[kind.names.plural] = '1'
  return { ...one, ...measureOf(kind)?.usage(object, now) }
}

/** `cpu` and `requests.cpu` are one; of extended resources only requests are counted. */
function podUsage(pod: Pod, now: Date): Amounts {
  if (isOver(pod, now)) return {}
  const usage: Record<string, string> = { pods: '1' }
  for (const [name, amount] of Object.entries(podAmounts(pod.spec, 'requests'))) {
    usage[`requests.${name}`] = amount
    if (!isExtendedResource(name)) usage[name] = amount
  }
  for (const [name, amount] of Object.entries(podAmounts(pod.spec, 'limits')))
    if (!isExtendedResource(name) && !isHugePages(name)) usage[`limits.${name}`] = amount
  return usage
}

function isOver({ metadata, status }: Pod, now: Date): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return true
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds !== undefined && now.getTime() > Date.parse(deletionTimestamp)
}

const isExtendedRequest = (name: string): boolean => name.startsWith('requests.') && isExtendedResource(name.slice('requests.'.length))

function serviceUsage({ spec }: Service): Amounts {
  const ports = spec.ports ?? []
  const allocated = spec.allocateLoadBalancerNodePorts === false ? ports.filter(port => port.nodePort) : ports
  const nodePorts = spec.type === 'NodePort' ? ports.length : spec.type === 'LoadBalancer' ? allocated.length : 0
  return {
    services: '1',
    'services.nodeports': String(nodePorts),
    'services.loadbalancers': spec.type === 'LoadBalancer' ? '1' : '0',
  }
}

function claimUsage({ spec, metadata }: PersistentVolumeClaim): Amounts {
  const storage = spec.resources?.requests?.storage
  const own = { persistentvolumeclaims: '1', ...(storage === undefined ? {} : { 'requests.storage': storage }) }
  const name = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName
  if (!name) return own
  const ofClass = Object.entries(own).map(([resource, amount]) => [`${name}.storageclass.storage.k8s.io/${resource}`, amount])
  return { ...own, ...Object.fromEntries(ofClass) }
}

const deviceClassSuffix = '.deviceclass.resource.k8s.io/devices'
/** So many devices a claim can get at most. */
const mostDevices = 32

interface DeviceRequest {
  deviceClassName?: string
  allocationMode?: string
  count?: number
}
interface DeviceClaim {
  spec?: { devices?: { requests?: readonly { exactly?: DeviceRequest; firstAvailable?: readonly DeviceRequest[] }[] } }
}

function deviceUsage({ spec }: DeviceClaim): Amounts {
  let usage: Amounts = {}
  for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    const most = new Map<string, number>()
    for (const { deviceClassName = '', allocationMode, count = 1 } of exactly ? [exactly] : firstAvailable)
      most.set(deviceClassName, Math.max(most.get(deviceClassName) ?? 0, allocationMode === 'All' ? mostDevices : count))
    usage = addAmounts(usage, Object.fromEntries([...most].map(([name, count]) => [`${name}${deviceClassSuffix}`, String(count)])))
  }
  return usage
}

function podScope({ spec }: Pod, name: string): boolean | string | undefined {
  const ends = spec.activeDeadlineSeconds !== undefined
  const bestEffort = qosClassOf(spec) === 'BestEffort'
  if (name === 'Terminating' || name === 'NotTerminating') return ends === (name === 'Terminating')
  if (name === 'BestEffort' || name === 'NotBestEffort') return bestEffort === (name === 'BestEffort')
  if (name === 'PriorityClass') return spec.priorityClassName ?? ''
  return name === 'CrossNamespacePodAffinity' ? crossesNamespaces(spec) : undefined
}

function crossesNamespaces({ affinity }: Pod['spec']): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap(rules => [
    ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weighted => weighted.podAffinityTerm),
  ])
  return terms.some(term => (term.namespaces ?? []).length > 0 || term.namespaceSelector !== undefined)
}

/** Whether a quota is about the object: it limits something of its kind, and the object is in all of its scopes. */
export function concerns({ spec, status }: ResourceQuota, kind: Kind, object: KubeObject, hard = status.hard): boolean {
  if (!Object.keys(hard ?? {}).some(name => countsTowards(kind, name))) return false
  return scopesOf({ spec }).every(scope => isInScope(kind, object, scope))
}

export type Scope = Pick<ScopedResourceSelectorRequirement, 'scopeName' | 'operator' | 'values'>

export const scopesOf = ({ spec }: Pick<ResourceQuota, 'spec'>): readonly Scope[] => [
  ...(spec?.scopes ?? []).map(scopeName => ({ scopeName, operator: 'Exists' as const, values: [] })),
  ...(spec?.scopeSelector?.matchExpressions ?? []),
]

export function isInScope(kind: Kind, object: KubeObject, { scopeName, operator, values = [] }: Scope): boolean {
  const found = measureOf(kind)?.scope?.(object, scopeName)
  if (typeof found !== 'string') return found === true
  if (operator === 'In') return (values as readonly string[]).includes(found)
  if (operator === 'NotIn') return !(values as readonly string[]).includes(found)
  return (found !== '') === (operator === 'Exists')
}

const mustBeSpecified = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'])

/** What limited resources a pod leaves open, in upstream's words; '' when nothing. */
export function unspecified(kind: Kind, object: KubeObject, names: readonly string[]): string {
  if (resourceName(kind) !== 'pods') return ''
  const { spec } = object as Pod
  const missing = names
    .filter(name => mustBeSpecified.has(name))
    .sort()
    .flatMap(name => {
      const [of, resource = name] = name.split('.') as ['requests' | 'limits', string?]
      const field = name.includes('.') ? of : 'requests'
      if (spec.resources?.[field]?.[resource] !== undefined) return []
      const open = [...spec.containers, ...(spec.initContainers ?? [])].filter(c => c.resources?.[field]?.[resource] === undefined)
      const containers = open.map(container => container.name).sort()
      return containers.length > 0 ? [`${name} for: ${containers.join(',')}`] : []
    })
  return missing.length > 0 ? `must specify ${missing.join('; ')}` : ''
}

/** `used` of the named resources by these objects. */
export function totalUsage(names: readonly string[], usages: Iterable<Amounts>): Record<string, string> {
  const total: Record<string, string> = Object.fromEntries(names.map(name => [name, '0']))
  for (const usage of usages)
    for (const name of names) if (usage[name] !== undefined) total[name] = addQuantities(total[name] ?? '0', usage[name])
  return total
}
