// ReplicationController.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ReplicationController as schema } from '../../schemas/replicationcontroller.ts'

export interface ReplicationController extends ObjectOf<typeof schema> {}
export type ReplicationControllerInput = InputOf<typeof schema>

export const replicationController = defineKind<ReplicationController, ReplicationControllerInput>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  scope: 'Namespaced',
  names: { plural: 'replicationcontrollers', singular: 'replicationcontroller', shortNames: ['rc'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [],
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { app: 'example' },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
