// TaintNodesByCondition: a new node takes no pods until it is ready.
import type { Node } from '../../openapi/kinds/core/node/index.ts'
import type { AdmissionPlugin } from './chain.ts'

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  kinds: ['Node'],
  admit({ operation, object }) {
    if (operation !== 'CREATE') return
    const { spec } = object as Node
    if (!spec.taints?.some(t => t.key === notReady.key && t.effect === notReady.effect))
      spec.taints = [...(spec.taints ?? []), { ...notReady }]
  },
}
