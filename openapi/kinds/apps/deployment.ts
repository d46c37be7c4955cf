// Deployment.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Deployment as schema } from '../../schemas/apps.ts'

export interface Deployment extends ObjectOf<typeof schema> {}
export type DeploymentInput = InputOf<typeof schema>

export const deployment = defineKind<Deployment, DeploymentInput>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  scope: 'Namespaced',
  names: { plural: 'deployments', singular: 'deployment', shortNames: ['deploy'], categories: ['all'] },
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
