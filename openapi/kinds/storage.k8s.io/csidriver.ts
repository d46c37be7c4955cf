// CSIDriver.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { CSIDriver as schema } from '../../schemas/storage.ts'

export interface CSIDriver extends ObjectOf<typeof schema> {}
export type CSIDriverInput = InputOf<typeof schema>

export const csiDriver = defineKind<CSIDriver, CSIDriverInput>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  scope: 'Cluster',
  names: { plural: 'csidrivers', singular: 'csidriver' },
  schema,
  columns: [],
  example: { metadata: { name: 'example.com' }, spec: {} },
})
