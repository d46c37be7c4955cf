// ReplicationController.
import { ageColumn, containerImages, containerNames, integer, labelText, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ReplicationController as schema } from '../../schemas/replicationcontroller.ts'
import { podSpecDefaults } from './pod/defaults.ts'

export interface ReplicationController extends ObjectOf<typeof schema> {}
export type ReplicationControllerInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  integer<ReplicationController>('Desired', 'Pods wanted.', r => r.spec.replicas),
  integer<ReplicationController>('Current', 'Pods there.', r => r.status.replicas),
  integer<ReplicationController>('Ready', 'Pods that are ready.', r => r.status.readyReplicas ?? 0),
  ageColumn,
  text<ReplicationController>(
    'Containers',
    'Names of the containers.',
    r => (r.spec.template ? containerNames(r.spec.template.spec) : ''),
    1,
  ),
  text<ReplicationController>('Images', 'Their images.', r => (r.spec.template ? containerImages(r.spec.template.spec) : ''), 1),
  text<ReplicationController>('Selector', 'Labels of its pods.', r => labelText(r.spec.selector), 1),
]

export const replicationController = defineKind<ReplicationController, ReplicationControllerInput>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  scope: 'Namespaced',
  names: { plural: 'replicationcontrollers', singular: 'replicationcontroller', shortNames: ['rc'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [...columns],
  selectableFields: [{ label: 'status.replicas', value: r => String(r.status.replicas) }],
  hasGeneration: true,
  defaults({ spec, metadata }) {
    if (!spec.template) return
    podSpecDefaults(spec.template.spec)
    const labels = spec.template.metadata.labels
    if (!spec.selector && labels) spec.selector = { ...labels }
    if (!metadata.labels && labels) metadata.labels = { ...labels }
  },
  prepareForCreate(draft) {
    draft.status = { replicas: 0 }
  },
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { app: 'example' },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
