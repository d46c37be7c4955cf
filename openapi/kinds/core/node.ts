// Node.

import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Node as schema } from '../../schemas/node.ts'
import { nodeColumns } from './nodecolumns.ts'

export interface Node extends ObjectOf<typeof schema> {}
export type NodeInput = InputOf<typeof schema>

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
  example: { metadata: { name: 'example' } },
})
