// StatefulSet.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { StatefulSet as schema } from '../../schemas/apps.ts'

export interface StatefulSet extends ObjectOf<typeof schema> {}
export type StatefulSetInput = InputOf<typeof schema>

export const statefulSet = defineKind<StatefulSet, StatefulSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  scope: 'Namespaced',
  names: { plural: 'statefulsets', singular: 'statefulset', shortNames: ['sts'], categories: ['all'] },
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
