// PodResizeValidator: a pod on a node may not grow beyond all that the node has for pods.
import { node } from '../../openapi/kinds/core/node/index.ts'
import { podAmounts } from '../../openapi/kinds/core/pod/amounts.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { compareQuantities, quantityToMilli, quantityToNumber } from '../../openapi/values/quantity.ts'
import { type AdmissionPlugin, type AdmissionRequest, refused } from './chain.ts'
import type { Lookup } from './lookup.ts'

const units = { cpu: quantityToMilli, memory: quantityToNumber } as const
const osLabel = 'kubernetes.io/os'

export const podResizeValidator = (lookup: Lookup): AdmissionPlugin => ({
  name: 'PodResizeValidator',
  kinds: ['Pod'],
  async validate(asked) {
    const { operation, object, old, request } = asked
    const { spec, metadata } = object as Pod
    if (operation !== 'UPDATE' || request.subresource !== 'resize' || !spec.nodeName) return
    if (metadata.generation === old?.metadata.generation) return
    const found = await lookup.get(node, '', spec.nodeName)
    if (!found) throw refused(asked, `node ${JSON.stringify(spec.nodeName)} not found`)
    const lacking = lackingOf(podAmounts(spec, 'requests'), found.status.allocatable ?? {})
    if (lacking.length > 0) throw because(asked, 'NodeCapacity', `Node didn't have enough allocatable resources: ${lacking.join('; ')}`)
    const os = found.metadata.labels?.[osLabel] ?? ''
    if (os !== 'linux')
      throw because(
        asked,
        'UnsupportedPlatform',
        `pod resize is only supported on linux nodes, node ${JSON.stringify(spec.nodeName)} is ${JSON.stringify(os)}`,
      )
  },
})

type Amounts = Readonly<Record<string, string>>

const lackingOf = (requested: Amounts, allocatable: Amounts): string[] =>
  (['cpu', 'memory'] as const).flatMap(name => {
    const [wants, has] = [requested[name] ?? '0', allocatable[name] ?? '0']
    return compareQuantities(wants, has) > 0 ? [`${name}, requested: ${units[name](wants)}, allocatable: ${units[name](has)}`] : []
  })

function because(asked: AdmissionRequest, reason: string, message: string): Error {
  const error = refused(asked, message)
  error.status.details = { ...error.status.details, causes: [{ reason }] }
  return error
}
