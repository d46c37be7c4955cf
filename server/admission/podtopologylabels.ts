// PodTopologyLabels: a pod that is created on a node takes over the node's topology labels, as it does when it is bound to one.
import { node } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

export const podTopologyLabels = (lookup: Lookup): AdmissionPlugin => ({
  name: 'PodTopologyLabels',
  async admit({ operation, kind, object }) {
    if (operation !== 'CREATE' || kind.kind !== 'Pod' || kind.group !== '') return
    const { spec, metadata } = object as Pod
    if (!spec.nodeName) return
    const found = await lookup.get(node, '', spec.nodeName)
    for (const label of topologyLabels) {
      const value = found?.metadata.labels?.[label]
      if (value !== undefined) metadata.labels = { [label]: value, ...metadata.labels }
    }
  },
})
