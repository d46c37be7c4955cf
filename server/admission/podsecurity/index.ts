// PodSecurity: a namespace's labels say which level its pods must keep to, and of which level to warn.
import { forbiddenRequest, invalidObject } from '../../../openapi/errors.ts'
import { type Namespace, namespace as namespaceKind } from '../../../openapi/kinds/core/namespace.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import { PodSecurityConfiguration } from '../../../openapi/schemas/admissionconfiguration.ts'
import type { PodSpec } from '../../../openapi/schemas/pod.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import type { AdmissionPlugin, AdmissionRequest } from '../chain.ts'
import { type Configurations, type ConfigurationType, checkConfiguration } from '../configuration.ts'
import type { Lookup } from '../lookup.ts'
import { type Looked, type Violation, violations } from './checks.ts'
import {
  askedFor,
  compareLevels,
  configurationErrors,
  defaultsOf,
  isEquivalent,
  isPrivileged,
  labelErrors,
  type Policy,
  policyOf,
  type Standard,
  textOf,
} from './policy.ts'

const name = 'PodSecurity'

const type: ConfigurationType = {
  schema: PodSecurityConfiguration,
  versions: ['v1', 'v1beta1', 'v1alpha1'].map(version => `pod-security.admission.config.k8s.io/${version} PodSecurityConfiguration`),
}

/** What was configured. */
interface Configured {
  lookup: Lookup
  defaults: Policy
  /** Whose pods are not looked at. */
  exempt: { namespaces: readonly string[]; usernames: readonly string[]; runtimeClasses: readonly string[] }
}

export function podSecurity(lookup: Lookup, configurations: Configurations): AdmissionPlugin {
  const configuration = configurations<PodSecurityConfiguration>(name, type) ?? {}
  checkConfiguration(name, configurationErrors(configuration))
  const { namespaces = [], usernames = [], runtimeClasses = [] } = configuration.exemptions ?? {}
  const configured: Configured = { lookup, defaults: defaultsOf(configuration), exempt: { namespaces, usernames, runtimeClasses } }
  return {
    name,
    async validate(asked) {
      const { operation, kind } = asked
      if (operation !== 'CREATE' && operation !== 'UPDATE') return
      if (kind === (namespaceKind as unknown)) return checkNamespace(asked, configured)
      const pod = lookedAt(asked)
      if (pod) await checkPod(asked, pod, configured)
    },
  }
}

async function checkPod(asked: AdmissionRequest, pod: Looked, { lookup, defaults, exempt }: Configured): Promise<void> {
  const { kind, object, request } = asked
  const annotate = (key: string, value: string) => request.annotate?.(`pod-security.kubernetes.io/${key}`, value)
  if (exempt.namespaces.includes(request.namespace)) return annotate('exempt', 'namespace')
  if (exempt.usernames.includes(request.user.name)) return annotate('exempt', 'user')
  const policy = policyOf((await lookup.get(namespaceKind, '', request.namespace))?.metadata.labels ?? {}, defaults)
  const isPod = kind === (podKind as unknown)
  if (isPrivileged(policy)) return isPod ? annotate('enforce-policy', 'privileged:latest') : undefined
  if (!isPod && isPrivileged(policy, ['audit', 'warn'])) return
  if (exempt.runtimeClasses.includes(pod.spec.runtimeClassName ?? '')) return annotate('exempt', 'runtimeClass')
  if (isPod) annotate('enforce-policy', textOf(policy.enforce))
  const audited = request.annotate && told(pod, policy.audit)
  if (audited) annotate('audit-violations', `would violate PodSecurity ${audited}`)
  const enforced = isPod ? told(pod, policy.enforce) : ''
  if (enforced) throw forbiddenRequest(kind, object.metadata.name, `violates PodSecurity ${enforced}`)
  const warned = told(pod, policy.warn)
  if (warned) request.warn(`would violate PodSecurity ${warned}`)
}

const minorOf = (version: string): number => (version === 'latest' ? Number.POSITIVE_INFINITY : Number(version.slice('v1.'.length)))
const shown = (standard: Standard): string => JSON.stringify(textOf(standard))
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

async function checkNamespace({ object, old, request }: AdmissionRequest, configured: Configured): Promise<void> {
  if (request.subresource) return
  const { defaults, exempt } = configured
  const { name, labels = {} } = object.metadata
  const before = (old as Namespace | undefined)?.metadata.labels ?? {}
  const errors = labelErrors(labels)
  if (errors.length > 0 && !(old && deepEqual(errors, labelErrors(before)))) throw invalidObject(namespaceKind, name, errors)
  const [policy, earlier] = [policyOf(labels, defaults), policyOf(before, defaults)]
  const [wanted, was] = [policy.enforce, earlier.enforce]
  if (old && (wanted.level === 'privileged' || (compareLevels(wanted.level, was.level) <= 0 && wanted.version === was.version))) return
  if (!exempt.namespaces.includes(name)) return old ? warnOfPods(name, { wanted, request }, configured) : undefined
  if (isPrivileged(policy) || isEquivalent(policy, defaults)) return
  request.warn(
    `namespace ${JSON.stringify(name)} is exempt from Pod Security, and the policy (${askedFor(labels, policy)}) will be ignored`,
  )
}

interface Asked {
  wanted: Standard
  request: AdmissionRequest['request']
}

/** Of pods that are there already, and could not come now. */
async function warnOfPods(namespace: string, { wanted, request }: Asked, { lookup, exempt }: Configured): Promise<void> {
  const affected = new Map<string, string[]>()
  for (const { metadata, spec } of await lookup.list(podKind, namespace)) {
    if (exempt.runtimeClasses.includes(spec.runtimeClassName ?? '')) continue
    const reasons = found({ annotations: metadata.annotations ?? {}, spec }, wanted).map(({ reason }) => reason)
    if (reasons.length > 0) affected.set(reasons.join(', '), [...(affected.get(reasons.join(', ')) ?? []), metadata.name])
  }
  if (affected.size === 0) return
  request.warn(`existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${shown(wanted)}`)
  const lines = [...affected].map(([reasons, [first = '', ...others]]) => `${first}${more(others.length)}: ${reasons}`)
  for (const line of lines.sort()) request.warn(line)
}

const more = (count: number): string => (count === 0 ? '' : ` (and ${count} other ${count === 1 ? 'pod' : 'pods'})`)
