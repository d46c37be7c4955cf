// What a pod or template gets a Warning header for: allowed, but hardly meant.
import type { Container, ContainerPort } from '../../../schemas/container.ts'
import type { PodSpec, PodTemplateSpec } from '../../../schemas/pod.ts'
import { isDns1123Label } from '../../../values/names.ts'
import { parseQuantity } from '../../../values/quantity.ts'
import type { Pod } from './pod.ts'

type Annotations = Readonly<Record<string, string>> | undefined

const useTopology = (since: string, label: string) => `deprecated since ${since}; use "${label}" instead`
const deprecatedLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': useTopology('v1.14', 'kubernetes.io/arch'),
  'beta.kubernetes.io/os': useTopology('v1.14', 'kubernetes.io/os'),
  'failure-domain.beta.kubernetes.io/region': useTopology('v1.17', 'topology.kubernetes.io/region'),
  'failure-domain.beta.kubernetes.io/zone': useTopology('v1.17', 'topology.kubernetes.io/zone'),
  'beta.kubernetes.io/instance-type': useTopology('v1.17', 'node.kubernetes.io/instance-type'),
}

/** For a label's key at `path`, when there is a newer one. */
export const labelWarning = (label: string, path: string): string[] =>
  deprecatedLabels[label] ? [`${path}: ${deprecatedLabels[label]}`] : []

export const deprecatedVolumes = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
} as const

const seccompText = 'non-functional in v1.27+; use the "seccompProfile" field instead'
const appArmorText = 'deprecated since v1.30; use the "appArmorProfile" field instead'
const byteResources = ['memory', 'ephemeral-storage']

export const podWarnings = ({ metadata, spec }: Pod): string[] => [
  ...nameWarnings(metadata.name, "the Pod's hostname"),
  ...specWarnings(spec, metadata.annotations, { spec: 'spec', annotations: 'metadata.annotations' }),
]

/** `use` says where the name shows up again. */
export function nameWarnings(name: string | undefined, use = 'Pod names and hostnames'): string[] {
  const problems = name ? isDns1123Label(name) : []
  if (problems.length === 0) return []
  return [
    `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ]
}

/** Warnings of what makes pods from a template: on create, and when an update changed something. */
export function workloadWarnings(
  next: { metadata: Pod['metadata']; spec: { template?: PodTemplateSpec } },
  old: { metadata: Pod['metadata'] } | undefined,
): string[] {
  if (old && old.metadata.generation === next.metadata.generation) return []
  const { template } = next.spec
  return [...(old ? [] : nameWarnings(next.metadata.name)), ...(template ? templateWarnings(template, 'spec.template') : [])]
}

export const templateWarnings = ({ metadata, spec }: { metadata: { annotations?: Annotations }; spec: PodSpec }, path: string): string[] =>
  specWarnings(spec, metadata.annotations, { spec: `${path}.spec`, annotations: `${path}.metadata.annotations` })

interface Paths {
  spec: string
  annotations: string
}

const specWarnings = (spec: PodSpec, annotations: Annotations, path: Paths): string[] => [
  ...labelWarnings(spec, path.spec),
  ...annotationWarnings(annotations, path.annotations),
  ...volumeWarnings(spec, path.spec),
  ...(spec.hostAliases ?? []).flatMap(({ ip }, index) => repeatedAlias(spec, ip, index, path.spec)),
  ...(['initContainers', 'containers'] as const).flatMap(list =>
    (spec[list] ?? []).flatMap((container, index) => containerWarnings(container, `${path.spec}.${list}[${index}]`)),
  ),
  ...(spec.imagePullSecrets ?? []).flatMap(({ name }, index) =>
    name ? [] : [`${path.spec}.imagePullSecrets[${index}].name: invalid empty name ""`],
  ),
  ...selectorWarnings(spec, path.spec),
]

function repeatedAlias({ hostAliases = [] }: PodSpec, ip: string, index: number, path: string): string[] {
  const first = hostAliases.findIndex(alias => alias.ip === ip)
  return first === index ? [] : [`${path}.hostAliases[${index}].ip: duplicates previous entry for ip ${JSON.stringify(ip)}`]
}

function labelWarnings(spec: PodSpec, path: string): string[] {
  const texts: string[] = []
  const warn = (label: string, at: string) => {
    if (deprecatedLabels[label]) texts.push(`${at}: ${deprecatedLabels[label]}`)
  }
  for (const label of Object.keys(spec.nodeSelector ?? {})) warn(label, `${path}.nodeSelector[${label}]`)
  const node = spec.affinity?.nodeAffinity
  const required = 'requiredDuringSchedulingIgnoredDuringExecution'
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
  for (const [i, term] of (node?.[required]?.nodeSelectorTerms ?? []).entries())
    for (const [j, { key }] of (term.matchExpressions ?? []).entries())
      warn(key, `${path}.affinity.nodeAffinity.${required}.nodeSelectorTerms[${i}].matchExpressions[${j}].key`)
  for (const [i, { preference }] of (node?.[preferred] ?? []).entries())
    for (const [j, { key }] of (preference.matchExpressions ?? []).entries())
      warn(key, `${path}.affinity.nodeAffinity.${preferred}[${i}].preference.matchExpressions[${j}].key`)
  for (const [i, { topologyKey }] of (spec.topologySpreadConstraints ?? []).entries())
    warn(topologyKey, `${path}.topologySpreadConstraints[${i}].topologyKey`)
  return texts
}

function annotationWarnings(annotations: Annotations, path: string): string[] {
  return Object.keys(annotations ?? {}).flatMap(key => {
    if (key === 'seccomp.security.alpha.kubernetes.io/pod' || key.startsWith('container.seccomp.security.alpha.kubernetes.io/'))
      return [`${path}[${key}]: ${seccompText}`]
    return key.startsWith('container.apparmor.security.beta.kubernetes.io/') ? [`${path}[${key}]: ${appArmorText}`] : []
  })
}

const volumeWarnings = ({ volumes = [] }: PodSpec, path: string): string[] =>
  volumes.flatMap((volume, index) =>
    (Object.keys(deprecatedVolumes) as (keyof typeof deprecatedVolumes)[])
      .filter(source => volume[source] !== undefined)
      .map(source => `${path}.volumes[${index}].${source}: ${deprecatedVolumes[source]}`),
  )

function containerWarnings({ env = [], ports = [], resources }: Container, path: string): string[] {
  const texts: string[] = []
  for (const [index, { name }] of env.entries()) {
    const earlier = env.slice(0, index).filter(e => e.name === name)
    // A value that refers to the earlier one extends it and does not hide it.
    if (earlier.length > 0 && !env[index]?.value?.includes(`$(${name})`))
      texts.push(`${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`)
  }
  for (const field of ['limits', 'requests'] as const)
    for (const name of byteResources) {
      const amount = resources?.[field]?.[name]
      if (amount !== undefined && (parseQuantity(amount)?.nano ?? 0n) % 1_000_000_000n !== 0n)
        texts.push(`${path}.resources.${field}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`)
    }
  return [...texts, ...portWarnings(ports, path)]
}

function portWarnings(ports: readonly ContainerPort[], path: string): string[] {
  const key = ({ containerPort, protocol, hostPort = 0, hostIP = '' }: ContainerPort) => [containerPort, protocol, hostPort, hostIP].join()
  return ports.flatMap((port, index) => {
    const at = `${path}.ports[${index}]`
    const { name = '', hostPort = 0, containerPort, protocol, hostIP = '' } = port
    const texts: string[] = []
    const first = ports.findIndex(p => key(p) === key(port))
    if (first < index) texts.push(`${at}: duplicate port definition with ${path}.ports[${first}]`)
    if (hostIP !== '' && hostPort === 0)
      texts.push(
        `${at}: hostIP set without hostPort: {Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`,
      )
    return texts
  })
}

function selectorWarnings(spec: PodSpec, path: string): string[] {
  const texts: string[] = []
  const nothing = 'a null labelSelector results in matching no pod'
  for (const [index, { labelSelector }] of (spec.topologySpreadConstraints ?? []).entries())
    if (!labelSelector) texts.push(`${path}.topologySpreadConstraints[${index}].labelSelector: ${nothing}`)
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const affinity = spec.affinity?.[kind]
    const at = `${path}.affinity.${kind}`
    for (const [index, { labelSelector }] of (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      if (!labelSelector) texts.push(`${at}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector: ${nothing}`)
    for (const [index, { podAffinityTerm }] of (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      if (!podAffinityTerm.labelSelector)
        texts.push(`${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector: ${nothing}`)
  }
  return texts
}
