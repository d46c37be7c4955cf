// Deployment.
import { ageColumn, containerImages, containerNames, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Deployment as schema } from '../../schemas/apps.ts'
import { printSelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'

export interface Deployment extends ObjectOf<typeof schema> {}
export type DeploymentInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  text<Deployment>('Ready', 'Pods ready of pods wanted.', d => `${d.status.readyReplicas ?? 0}/${d.spec.replicas}`),
  text<Deployment>('Up-to-date', 'Pods of the newest template.', d => d.status.updatedReplicas ?? 0),
  text<Deployment>('Available', 'Pods ready long enough.', d => d.status.availableReplicas ?? 0),
  ageColumn,
  text<Deployment>('Containers', 'Names of the containers.', d => containerNames(d.spec.template.spec), 1),
  text<Deployment>('Images', 'Their images.', d => containerImages(d.spec.template.spec), 1),
  text<Deployment>('Selector', 'Labels of its pods.', d => printSelector(d.spec.selector), 1),
]

export const deployment = defineKind<Deployment, DeploymentInput>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  scope: 'Namespaced',
  names: { plural: 'deployments', singular: 'deployment', shortNames: ['deploy'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [...columns],
  hasGeneration: true,
  defaults({ spec }) {
    podSpecDefaults(spec.template.spec)
    if (spec.strategy.type === 'RollingUpdate')
      spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate }
  },
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
