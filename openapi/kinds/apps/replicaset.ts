// ReplicaSet.
import { ageColumn, containerImages, containerNames, integer, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ReplicaSet as schema } from '../../schemas/apps.ts'
import { printSelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'

export interface ReplicaSet extends ObjectOf<typeof schema> {}
export type ReplicaSetInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  integer<ReplicaSet>('Desired', 'Pods wanted.', r => r.spec.replicas),
  integer<ReplicaSet>('Current', 'Pods there.', r => r.status.replicas),
  integer<ReplicaSet>('Ready', 'Pods that are ready.', r => r.status.readyReplicas ?? 0),
  ageColumn,
  text<ReplicaSet>('Containers', 'Names of the containers.', r => containerNames(r.spec.template.spec), 1),
  text<ReplicaSet>('Images', 'Their images.', r => containerImages(r.spec.template.spec), 1),
  text<ReplicaSet>('Selector', 'Labels of its pods.', r => printSelector(r.spec.selector), 1),
]

export const replicaSet = defineKind<ReplicaSet, ReplicaSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  scope: 'Namespaced',
  names: { plural: 'replicasets', singular: 'replicaset', shortNames: ['rs'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [...columns],
  hasGeneration: true,
  defaults: ({ spec }) => podSpecDefaults(spec.template.spec),
  prepareForCreate(draft) {
    draft.status = { replicas: 0 }
  },
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
