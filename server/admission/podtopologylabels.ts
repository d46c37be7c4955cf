// PodTopologyLabels: a pod that is created on a node takes over the node's topology labels, as it does when it is bound to one.
import { node, topologyOf } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

export const podTopologyLabels = (lookup: Lookup): AdmissionPlugin => ({
  name: 'PodTopologyLabels',
  kinds: ['Pod'],
  async admit({ operation, object }) {
    if (operation !== 'CREATE') return
    const { spec, metadata } = object as Pod
    if (!spec.nodeName) return
    const found = await lookup.get(node, '', spec.nodeName)
    const labels = found ? topologyOf(found) : {}
    if (Object.keys(labels).length > 0) metadata.labels = { ...labels, ...metadata.labels }
  },
})
