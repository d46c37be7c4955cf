// What a pod spec gets besides the schema's defaults, in pods and in every template.
import type { PodSpec } from '../../../schemas/pod.ts'
import { compareQuantities, parseQuantity, printQuantity } from '../../../values/quantity.ts'
import { aggregate } from './amounts.ts'
import { isPodLevelResource } from './validation/resources.ts'

type Spec = Pick<PodSpec, 'containers'> & Partial<PodSpec>
type Container = NonNullable<Spec['containers']>[number]

/** A pod's own: a template is left as it was given. Mutates `spec`. */
export function requestsFromLimits(spec: Spec): void {
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const { limits, requests } = container.resources ?? {}
    if (limits) container.resources = { ...container.resources, requests: { ...limits, ...requests } }
  }
}

/** Mutates `spec`. */
export function podSpecDefaults(spec: Spec): void {
  // Go prints a missing required list as null; from here on it is one.
  spec.containers ??= []
  if (spec.hostNetwork) hostPorts(spec)
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])])
    containerDefaults(container as Container)
  for (const volume of spec.volumes ?? [])
    if (Object.keys(volume).filter(key => volume[key as keyof typeof volume] !== undefined).length === 1) volume.emptyDir = {}
  for (const volume of spec.volumes ?? []) {
    if (volume.image) volume.image.pullPolicy ??= pullPolicy(volume.image.reference ?? '')
    const template = volume.ephemeral?.volumeClaimTemplate
    if (template) template.spec.volumeMode ??= 'Filesystem'
  }
  podResourceDefaults(spec)
  if (spec.serviceAccountName && !spec.serviceAccount) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount && !spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount
}

function hostPorts(spec: Spec): void {
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
    for (const port of container.ports ?? []) if (port.hostPort === undefined) port.hostPort = port.containerPort
}

function containerDefaults(container: Container): void {
  container.imagePullPolicy ??= pullPolicy(container.image ?? '')
  roundResources(container.resources)
  dropStopSignal(container)
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe])
    if (probe?.httpGet) probe.httpGet.path ||= '/'
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop])
    if (hook?.httpGet) {
      hook.httpGet.path ||= '/'
      hook.httpGet.scheme ??= 'HTTP'
    }
}

/** No tag or :latest is pulled each time, any other tag or digest only when missing. */
function pullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const [name = '', digest] = image.split('@')
  const tag = /:([^/:]+)$/.exec(name)?.[1]
  if (tag === undefined) return digest === undefined ? 'Always' : 'IfNotPresent'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

const milli = 1_000_000n

/** Nothing finer than a thousandth is kept. */
function roundResources(resources: Spec['resources']): void {
  for (const amounts of [resources?.limits, resources?.requests])
    for (const [name, amount] of Object.entries(amounts ?? {})) {
      const quantity = parseQuantity(amount)
      if (amounts && quantity && quantity.nano % milli !== 0n)
        amounts[name] = printQuantity({ ...quantity, nano: (quantity.nano / milli + (quantity.nano > 0n ? 1n : 0n)) * milli })
    }
}

/** Behind a feature gate that a default cluster has off. */
function dropStopSignal(container: Container): void {
  if (container.lifecycle?.stopSignal === undefined) return
  delete container.lifecycle.stopSignal
  if (Object.keys(container.lifecycle).length === 0) delete container.lifecycle
}

/** A pod-level request that is missing is what the containers ask for, or else the limit. */
function podResourceDefaults(spec: Spec): void {
  const { resources } = spec
  if (!resources) return
  roundResources(resources)
  const requests = { ...resources.limits, ...aggregate(spec, 'requests'), ...resources.requests }
  const supported = Object.entries(requests).filter(([name]) => isPodLevelResource(name) || resources.requests?.[name] !== undefined)
  if (supported.length > 0) resources.requests = Object.fromEntries(supported)
}

type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

/** Guaranteed: all limits set and equal to the requests; BestEffort: nothing asked; Burstable: between. */
export function qosClassOf(spec: Spec): QosClass {
  // Resources of the pod as a whole stand for those of its containers.
  const all = spec.resources ? [spec.resources] : [...spec.containers, ...(spec.initContainers ?? [])].map(c => c.resources ?? {})
  const computed = ['cpu', 'memory']
  const given = (amount: string | undefined): boolean => amount !== undefined && compareQuantities(amount, '0') > 0
  const asked = all.some(({ requests, limits }) => computed.some(name => given(requests?.[name]) || given(limits?.[name])))
  if (!asked) return 'BestEffort'
  const guaranteed = all.every(({ requests, limits }) =>
    computed.every(name => given(limits?.[name]) && compareQuantities(requests?.[name] ?? '0', limits?.[name] ?? '0') === 0),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
