// PodNodeSelector: pods of a namespace run on the nodes that its annotation, or the configuration, selects.
import { forbiddenRequest, unknownError } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { PodNodeSelectorConfiguration } from '../../openapi/schemas/admissionconfiguration.ts'
import { isLabelValue, isQualifiedName } from '../../openapi/values/names.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import type { Configurations, ConfigurationType } from './configuration.ts'
import { type Lookup, namespaceNamed } from './lookup.ts'

const name = 'PodNodeSelector'

const type: ConfigurationType = { schema: PodNodeSelectorConfiguration }

const annotation = 'scheduler.alpha.kubernetes.io/node-selector'
const defaultName = 'clusterDefaultNodeSelector'

type Labels = Readonly<Record<string, string>>

export function podNodeSelector(lookup: Lookup, configurations: Configurations): AdmissionPlugin {
  const selectors: Labels = configurations<PodNodeSelectorConfiguration>(name, type)?.podNodeSelectorPluginConfig ?? {}
  const selectorOf = async ({ request }: AdmissionRequest): Promise<Labels> => {
    const { metadata } = await namespaceNamed(lookup, request.namespace)
    return labelsOf(metadata.annotations?.[annotation] ?? selectors[defaultName] ?? '')
  }
  const check = ({ metadata, spec: { nodeSelector = {} } }: Pod, required: Labels, namespace: string): void => {
    const refuse = (why: string) => forbiddenRequest(podKind, metadata.name ?? '', why)
    if (Object.entries(required).some(([key, value]) => nodeSelector[key] !== undefined && nodeSelector[key] !== value))
      throw refuse('pod node label selector conflicts with its namespace node label selector')
    const allowed = labelsOf(selectors[namespace] ?? '')
    if (Object.keys(allowed).length > 0 && Object.entries(nodeSelector).some(([key, value]) => allowed[key] !== value))
      throw refuse('pod node label selector labels conflict with its namespace whitelist')
  }
  return {
    name,
    kinds: ['Pod'],
    async admit(asked) {
      if (asked.operation !== 'CREATE') return
      const pod = asked.object as Pod
      const required = await selectorOf(asked)
      const merged = { ...required, ...pod.spec.nodeSelector }
      if (Object.keys(merged).length > 0) pod.spec.nodeSelector = merged
      check(pod, required, asked.request.namespace)
    },
    async validate(asked) {
      if (asked.operation === 'CREATE') check(asked.object as Pod, await selectorOf(asked), asked.request.namespace)
    },
  }
}

/** Of `key=value,key=value`. Throws what upstream fails with. */
function labelsOf(selector: string): Labels {
  const labels: Record<string, string> = {}
  for (const label of selector === '' ? [] : selector.split(',')) {
    const parts = label.split('=')
    if (parts.length !== 2) throw unknownError(`invalid selector: [${parts.join(' ')}]`)
    const [key = '', value = ''] = parts.map(part => part.trim())
    const wrongKey = isQualifiedName(key)
    if (wrongKey.length > 0) throw unknownError(`<nil>: Invalid value: ${JSON.stringify(key)}: ${wrongKey.join('; ')}`)
    const wrongValue = isLabelValue(value)
    if (wrongValue.length > 0) throw unknownError(`[${key}]: Invalid value: ${JSON.stringify(value)}: ${wrongValue.join('; ')}`)
    labels[key] = value
  }
  return labels
}
