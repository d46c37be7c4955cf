// ReplicaSet.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ReplicaSet as schema } from '../../schemas/apps.ts'

export interface ReplicaSet extends ObjectOf<typeof schema> {}
export type ReplicaSetInput = InputOf<typeof schema>

export const replicaSet = defineKind<ReplicaSet, ReplicaSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  scope: 'Namespaced',
  names: { plural: 'replicasets', singular: 'replicaset', shortNames: ['rs'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [],
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
