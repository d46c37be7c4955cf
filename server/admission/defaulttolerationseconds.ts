// DefaultTolerationSeconds: pods stay five minutes on a node that is not ready or not reachable, unless they say otherwise.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import type { AdmissionPlugin } from './chain.ts'

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
const seconds = 300

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  kinds: ['Pod'],
  admit({ operation, object }) {
    if (operation !== 'CREATE' && operation !== 'UPDATE') return
    const { spec } = object as Pod
    const tolerations = [...(spec.tolerations ?? [])]
    for (const key of keys) {
      const tolerated = tolerations.some(t => (t.key === key || !t.key) && (t.effect === 'NoExecute' || !t.effect))
      if (!tolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds })
    }
    spec.tolerations = tolerations
  },
}
