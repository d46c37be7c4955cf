// ExtendedResourceToleration: a pod that asks for an extended resource tolerates nodes that are kept for it.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { isExtendedResource } from '../../openapi/rules/resources.ts'
import type { AdmissionPlugin } from './chain.ts'

export const extendedResourceToleration: AdmissionPlugin = {
  name: 'ExtendedResourceToleration',
  kinds: ['Pod'],
  admit({ object }) {
    const { spec } = object as Pod
    const asked = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(c => Object.keys(c.resources?.requests ?? {}))
    for (const key of [...new Set(asked)].filter(isExtendedResource).sort()) {
      const wanted = { key, operator: 'Exists', effect: 'NoSchedule' } as const
      const tolerations = spec.tolerations ?? []
      const same = tolerations.findIndex(t => t.key === key && t.operator === 'Exists' && t.effect === 'NoSchedule' && !t.value)
      spec.tolerations = same < 0 ? [...tolerations, wanted] : tolerations.with(same, wanted)
    }
  },
}
