// LimitPodHardAntiAffinityTopology: pods may keep others away from their node, not from more.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { type AdmissionPlugin, refused } from './chain.ts'

const hostname = 'kubernetes.io/hostname'

export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: 'LimitPodHardAntiAffinityTopology',
  kinds: ['Pod'],
  validate(request) {
    if (request.operation === 'DELETE' || request.request.subresource) return
    const terms = (request.object as Pod).spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    const wide = terms.find(({ topologyKey }) => topologyKey !== hostname)
    if (wide)
      throw refused(
        request,
        `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${wide.topologyKey} but only key ${hostname} is allowed`,
      )
  },
}
