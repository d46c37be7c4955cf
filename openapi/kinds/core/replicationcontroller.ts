// ReplicationController.
import { ageColumn, containerImages, containerNames, integer, labelText, nameColumn, text } from '../../columns.ts'
import { type FieldError, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ReplicationController as schema } from '../../schemas/replicationcontroller.ts'
import { atMost, nonNegative, validateTemplateLabels } from '../apps/selection.ts'
import { podSpecDefaults } from './pod/defaults.ts'
import { validateLastingTemplate } from './pod/validation/template.ts'
import { workloadWarnings } from './pod/warnings.ts'

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

function validate({ spec }: ReplicationController): FieldError[] {
  const { selector, template } = spec
  const errors = nonNegative(spec, ['minReadySeconds'], 'spec')
  const empty = Object.keys(selector ?? {}).length === 0
  if (empty) errors.push(required('spec.selector'))
  errors.push(...nonNegative(spec, ['replicas'], 'spec'))
  if (!template) return [...errors, required('spec.template')]
  if (!empty) errors.push(...validateTemplateLabels({ matchLabels: selector }, template, 'spec.template'))
  return [...errors, ...validateLastingTemplate(template, 'ReplicationController', 'spec.template')]
}

function validateStatus({ status }: ReplicationController): FieldError[] {
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const
  return [
    ...nonNegative(status, [...counts, 'observedGeneration'], 'status'),
    ...atMost(status, counts.slice(1), status.replicas, 'status.replicas'),
    ...atMost(status, ['availableReplicas'], status.readyReplicas ?? 0, 'readyReplicas'),
  ]
}

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
  returnsDeletedObject: true,
  orphansByDefault: true,
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
  validate,
  validateUpdate: validate,
  validateStatusUpdate: validateStatus,
  warnings: workloadWarnings,
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { app: 'example' },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
