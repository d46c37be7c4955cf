// DaemonSet.
import { ageColumn, containerImages, containerNames, integer, labelText, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { DaemonSet as schema } from '../../schemas/apps.ts'
import { printSelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'

export interface DaemonSet extends ObjectOf<typeof schema> {}
export type DaemonSetInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  integer<DaemonSet>('Desired', 'Nodes that should run a pod.', d => d.status.desiredNumberScheduled),
  integer<DaemonSet>('Current', 'Nodes that have one.', d => d.status.currentNumberScheduled),
  integer<DaemonSet>('Ready', 'Nodes whose pod is ready.', d => d.status.numberReady),
  integer<DaemonSet>('Up-to-date', 'Nodes with the newest template.', d => d.status.updatedNumberScheduled ?? 0),
  integer<DaemonSet>('Available', 'Nodes whose pod is ready long enough.', d => d.status.numberAvailable ?? 0),
  text<DaemonSet>('Node Selector', 'Labels of its nodes.', d => labelText(d.spec.template.spec.nodeSelector)),
  ageColumn,
  text<DaemonSet>('Containers', 'Names of the containers.', d => containerNames(d.spec.template.spec), 1),
  text<DaemonSet>('Images', 'Their images.', d => containerImages(d.spec.template.spec), 1),
  text<DaemonSet>('Selector', 'Labels of its pods.', d => printSelector(d.spec.selector), 1),
]

export const daemonSet = defineKind<DaemonSet, DaemonSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  scope: 'Namespaced',
  names: { plural: 'daemonsets', singular: 'daemonset', shortNames: ['ds'], categories: ['all'] },
  schema,
  subresources: { status: true },
  columns: [...columns],
  hasGeneration: true,
  defaults({ spec }) {
    podSpecDefaults(spec.template.spec)
    if (spec.updateStrategy.type === 'RollingUpdate')
      spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...spec.updateStrategy.rollingUpdate }
  },
  prepareForCreate(draft) {
    draft.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
  },
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
