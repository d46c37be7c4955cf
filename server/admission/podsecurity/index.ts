// PodSecurity: a namespace's labels say which level its pods must keep to, and of which level to warn.
import { forbiddenRequest, invalid, invalidObject } from '../../../openapi/errors.ts'
import { type Namespace, namespace as namespaceKind } from '../../../openapi/kinds/core/namespace.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import type { PodSpec } from '../../../openapi/schemas/pod.ts'
import type { AdmissionPlugin, AdmissionRequest } from '../chain.ts'
import type { Lookup } from '../lookup.ts'
import { type Level, type Looked, type Violation, violations } from './checks.ts'

interface Standard {
  level: Level
  /** 'latest' or 'v1.N'. */
  version: string
}

export const podSecurity = (lookup: Lookup): AdmissionPlugin => ({
  name: 'PodSecurity',
  async validate(asked) {
    const { operation, kind, object } = asked
    if (operation !== 'CREATE' && operation !== 'UPDATE') return
    if (kind === (namespaceKind as unknown)) return checkNamespace(asked, lookup)
    const pod = lookedAt(asked)
    if (!pod) return
    const labels = (await lookup.get(namespaceKind, '', object.metadata.namespace ?? ''))?.metadata.labels ?? {}
    const isPod = kind === (podKind as unknown)
    const enforce = standard(labels, 'enforce')
    if (isPod) asked.request.annotate?.('pod-security.kubernetes.io/enforce-policy', `${enforce.level}:${enforce.version}`)
    const audited = asked.request.annotate && told(pod, standard(labels, 'audit'))
    if (audited) asked.request.annotate?.('pod-security.kubernetes.io/audit-violations', `would violate PodSecurity ${audited}`)
    const enforced = isPod ? told(pod, enforce) : ''
    if (enforced) throw forbiddenRequest(kind, object.metadata.name, `violates PodSecurity ${enforced}`)
    const warned = told(pod, warning(labels))
    if (warned) asked.request.warn(`would violate PodSecurity ${warned}`)
  },
})

const levels: readonly Level[] = ['privileged', 'baseline', 'restricted']
const labelOf = (mode: string): string => `pod-security.kubernetes.io/${mode}`
type Labels = Readonly<Record<string, string>>

const standard = (labels: Labels, mode: string): Standard => ({
  level: levels.find(level => level === labels[labelOf(mode)]) ?? 'privileged',
  version: labels[labelOf(`${mode}-version`)] ?? 'latest',
})

/** Without a word about warnings, what is enforced on pods is warned of in what makes them. */
const warning = (labels: Labels): Standard => standard(labels, labels[labelOf('warn')] === undefined ? 'enforce' : 'warn')

const minorOf = (version: string): number => (version === 'latest' ? Number.POSITIVE_INFINITY : Number(version.slice('v1.'.length)))
const shown = ({ level, version }: Standard): string => JSON.stringify(`${level}:${version}`)
const found = (pod: Looked, { level, version }: Standard): Violation[] => violations(pod, level, minorOf(version))

function told(pod: Looked, wanted: Standard): string {
  const all = found(pod, wanted)
  if (all.length === 0) return ''
  return `${shown(wanted)}: ${all.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`
}

/** The pod, or the pod that an object makes; undefined: nothing that matters here. */
function lookedAt({ kind, object, old, operation, request }: AdmissionRequest): Looked | undefined {
  if (kind === (podKind as unknown)) {
    const { metadata, spec } = object as Pod
    if (operation === 'UPDATE' && (old === undefined || !changesContainers(spec, (old as Pod).spec))) return undefined
    return { annotations: metadata.annotations ?? {}, spec }
  }
  if (request.subresource) return undefined
  const template = templateOf(object as unknown as Templated)
  return template?.spec?.containers && { annotations: template.metadata?.annotations ?? {}, spec: template.spec }
}

interface Template {
  metadata?: { annotations?: Record<string, string> }
  spec?: PodSpec
}
interface Templated {
  template?: Template
  spec?: { template?: Template; jobTemplate?: { spec?: { template?: Template } } }
}

const templateOf = ({ template, spec }: Templated): Template | undefined => template ?? spec?.template ?? spec?.jobTemplate?.spec?.template

const images = ({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): string =>
  JSON.stringify([initContainers, containers, ephemeralContainers].map(list => list.map(c => c.image)))
const changesContainers = (next: PodSpec, old: PodSpec): boolean => images(next) !== images(old)

async function checkNamespace({ object, old, request }: AdmissionRequest, lookup: Lookup): Promise<void> {
  if (request.subresource) return
  const [labels, before] = [object.metadata.labels ?? {}, (old as Namespace | undefined)?.metadata.labels ?? {}]
  const errors = labelErrors(labels)
  if (errors.length > 0 && (!old || labelErrors(before).length === 0)) throw invalidObject(namespaceKind, object.metadata.name, errors)
  if (!old) return
  const [wanted, was] = [standard(labels, 'enforce'), standard(before, 'enforce')]
  if (wanted.level === 'privileged' || (levels.indexOf(wanted.level) <= levels.indexOf(was.level) && wanted.version === was.version)) return
  const affected = new Map<string, string[]>()
  for (const { metadata, spec } of await lookup.list(podKind, object.metadata.name)) {
    const reasons = found({ annotations: metadata.annotations ?? {}, spec }, wanted).map(({ reason }) => reason)
    if (reasons.length > 0) affected.set(reasons.join(', '), [...(affected.get(reasons.join(', ')) ?? []), metadata.name])
  }
  if (affected.size === 0) return
  request.warn(
    `existing pods in namespace ${JSON.stringify(object.metadata.name)} violate the new PodSecurity enforce level ${shown(wanted)}`,
  )
  const lines = [...affected].map(([reasons, [first = '', ...others]]) => `${first}${more(others.length)}: ${reasons}`)
  for (const line of lines.sort()) request.warn(line)
}

const more = (count: number): string => (count === 0 ? '' : ` (and ${count} other ${count === 1 ? 'pod' : 'pods'})`)

const labelErrors = (labels: Labels) =>
  ['enforce', 'audit', 'warn'].flatMap(mode => {
    const [level, version] = [labels[labelOf(mode)], labels[labelOf(`${mode}-version`)]]
    const at = (label: string) => `metadata.labels[${label}]`
    return [
      ...(level === undefined || levels.some(known => known === level)
        ? []
        : [invalid(at(labelOf(mode)), level, `must be one of ${levels.join(', ')}`)]),
      ...(version === undefined || /^(latest|v1\.(0|[1-9]\d*))$/.test(version)
        ? []
        : [invalid(at(labelOf(`${mode}-version`)), version, 'must be "latest" or "v1.x"')]),
    ]
  })
