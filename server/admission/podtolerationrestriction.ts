// PodTolerationRestriction: what pods of a namespace tolerate by default, and what they may tolerate.
import { unknownError } from '../../openapi/errors.ts'
import type { Namespace } from '../../openapi/kinds/core/namespace.ts'
import { qosClassOf } from '../../openapi/kinds/core/pod/defaults.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { validateTolerations } from '../../openapi/kinds/core/pod/validation/scheduling.ts'
import { PodTolerationRestrictionConfiguration } from '../../openapi/schemas/admissionconfiguration.ts'
import type { Toleration } from '../../openapi/schemas/selector.ts'
import type { AdmissionPlugin } from './chain.ts'
import { type Configurations, type ConfigurationType, refusedConfiguration } from './configuration.ts'
import { type Lookup, namespaceNamed } from './lookup.ts'
import { covers, mergeTolerations } from './tolerations.ts'

const name = 'PodTolerationRestriction'

const type: ConfigurationType = {
  schema: PodTolerationRestrictionConfiguration,
  versions: ['podtolerationrestriction.admission.k8s.io/v1alpha1 Configuration'],
}

const defaultsKey = 'scheduler.alpha.kubernetes.io/defaultTolerations'
const whitelistKey = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist'

/** What pods get that asked for anything: they are not the first to go. */
const memoryPressure: Toleration = { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' }

export function podTolerationRestriction(lookup: Lookup, configurations: Configurations): AdmissionPlugin {
  const cluster = configurations<PodTolerationRestrictionConfiguration>(name, type) ?? {}
  const errors = [
    ...validateTolerations(cluster.default ?? [], 'podtolerationrestriction.default'),
    ...validateTolerations(cluster.whitelist ?? [], 'podtolerationrestriction.whitelist'),
  ].map(({ field, message }) => `${field}: ${message}`)
  if (errors.length > 0) throw refusedConfiguration(name, `invalid config: [${errors.join(' ')}]`)

  const check = ({ spec: { tolerations = [] } }: Pod, namespace: Namespace): void => {
    const own = annotated(namespace, whitelistKey)
    const allowed = own ?? cluster.whitelist ?? []
    if (allowed.length === 0 || tolerations.every(toleration => allowed.some(other => covers(other, toleration)))) return
    throw unknownError(
      `pod tolerations (possibly merged with namespace default tolerations) conflict with its ${own ? 'namespace' : 'cluster'} whitelist`,
    )
  }
  return {
    name,
    kinds: ['Pod'],
    async admit(asked) {
      if (asked.operation !== 'CREATE' && asked.operation !== 'UPDATE') return
      const pod = asked.object as Pod
      const namespace = await namespaceNamed(lookup, asked.request.namespace)
      const more = asked.operation === 'CREATE' ? [...(annotated(namespace, defaultsKey) ?? cluster.default ?? [])] : []
      if (qosClassOf(pod.spec) !== 'BestEffort') more.push(memoryPressure)
      if (more.length > 0) pod.spec.tolerations = mergeTolerations([...(pod.spec.tolerations ?? []), ...more])
      check(pod, namespace)
    },
    async validate(asked) {
      if ((asked.operation !== 'CREATE' && asked.operation !== 'UPDATE') || asked.request.subresource) return
      check(asked.object as Pod, await namespaceNamed(lookup, asked.request.namespace))
    },
  }
}

/** What an annotation holds; undefined: there is none. */
function annotated({ metadata }: Namespace, key: string): readonly Toleration[] | undefined {
  const text = metadata.annotations?.[key]
  if (text === undefined || text === '') return text === undefined ? undefined : []
  try {
    return JSON.parse(text) as Toleration[]
  } catch (error) {
    throw unknownError((error as Error).message)
  }
}
