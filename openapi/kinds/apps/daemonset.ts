// DaemonSet.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { DaemonSet as schema } from '../../schemas/apps.ts'

export interface DaemonSet extends ObjectOf<typeof schema> {}
export type DaemonSetInput = InputOf<typeof schema>

export const daemonSet = defineKind<DaemonSet, DaemonSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  scope: 'Namespaced',
  names: { plural: 'daemonsets', singular: 'daemonset', shortNames: ['ds'], categories: ['all'] },
  schema,
  subresources: { status: true },
  columns: [],
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
