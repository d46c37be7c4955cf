// What a pod spec gets besides the schema's defaults, in pods and in every template.

import type { PodSpec } from '../../../schemas/pod.ts'
import { canonicalQuantity } from '../../../values/quantity.ts'

type Spec = Pick<PodSpec, 'containers'> & Partial<PodSpec>
type Container = NonNullable<Spec['containers']>[number]

/** Mutates `spec`. */
export function podSpecDefaults(spec: Spec): void {
  if (spec.hostNetwork) hostPorts(spec)
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])])
    containerDefaults(container as Container)
  for (const volume of spec.volumes ?? [])
    if (Object.keys(volume).filter(key => volume[key as keyof typeof volume] !== undefined).length === 1) volume.emptyDir = {}
  for (const volume of spec.volumes ?? []) {
    const template = volume.ephemeral?.volumeClaimTemplate
    if (template) template.spec.volumeMode ??= 'Filesystem'
  }
  if (spec.serviceAccountName && !spec.serviceAccount) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount && !spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount
}

function hostPorts(spec: Spec): void {
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
    for (const port of container.ports ?? []) if (port.hostPort === undefined) port.hostPort = port.containerPort
}

function containerDefaults(container: Container): void {
  container.imagePullPolicy ??= pullPolicy(container.image ?? '')
  const { limits, requests } = container.resources ?? {}
  if (limits) container.resources = { ...container.resources, requests: { ...limits, ...requests } }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe])
    if (probe?.httpGet) probe.httpGet.path ||= '/'
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop])
    if (hook?.httpGet) {
      hook.httpGet.path ||= '/'
      hook.httpGet.scheme ??= 'HTTP'
    }
  if (container.securityContext?.procMount === undefined && container.securityContext) delete container.securityContext.procMount
}

/** No tag or :latest is pulled each time, any other tag or digest only when missing. */
function pullPolicy(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@')) return 'IfNotPresent'
  const tag = /:([^/:]+)$/.exec(image)?.[1]
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent'
}

/** Guaranteed: all limits set and equal to the requests; BestEffort: nothing asked; Burstable: between. */
export function qosClassOf(spec: Spec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let asked = false
  let guaranteed = true
  for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    for (const name of ['cpu', 'memory']) {
      const request = canonicalQuantity(resources?.requests?.[name] ?? '0')
      const limit = canonicalQuantity(resources?.limits?.[name] ?? '0')
      if (request !== '0' || limit !== '0') asked = true
      if (limit === '0' || (request !== '0' && request !== limit)) guaranteed = false
    }
  }
  if (!asked) return 'BestEffort'
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
