// Node.

import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { Node as schema } from '../../../schemas/node.ts'
import { nodeColumns } from './columns.ts'
import { nodeWarnings, validateNode, validateNodeStatusUpdate, validateNodeUpdate } from './validation.ts'

export interface Node extends ObjectOf<typeof schema> {}
export type NodeInput = InputOf<typeof schema>

/** The single range is the first of the list; where they differ it wins. */
function rangeDefaults({ spec }: Node): void {
  if (!spec.podCIDR) {
    const [first] = spec.podCIDRs ?? []
    if (first) spec.podCIDR = first
  } else if (spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR]
}

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']
/** The labels that a pod takes over from its node. */
export const topologyOf = ({ metadata }: Node): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata.labels ?? {}).filter(([label]) => topologyLabels.includes(label)))

export const node = defineKind<Node, NodeInput>({
  group: '',
  version: 'v1',
  kind: 'Node',
  scope: 'Cluster',
  names: { plural: 'nodes', singular: 'node', shortNames: ['no'] },
  schema,
  subresources: { status: true, connect: ['proxy'] },
  columns: [...nodeColumns],
  selectableFields: [{ label: 'spec.unschedulable', value: n => String(n.spec.unschedulable ?? false) }],
  keepsStatus: true,
  defaults(draft) {
    rangeDefaults(draft)
    const { status } = draft
    if (status.capacity && !status.allocatable) status.allocatable = { ...status.capacity }
  },
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: validateNodeStatusUpdate,
  warnings: nodeWarnings,
  example: { metadata: { name: 'example' } },
})
