// ReplicaSet.
import { ageColumn, containerImages, containerNames, integer, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ReplicaSet as schema } from '../../schemas/apps.ts'
import { isEmptySelector, printSelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'
import { validateLastingTemplate } from '../core/pod/validation/template.ts'
import { workloadWarnings } from '../core/pod/warnings.ts'
import { atMost, immutable, isWellFormed, nonNegative, validateSelector, validateTemplateLabels } from './selection.ts'

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

function validate({ spec }: ReplicaSet): FieldError[] {
  const { selector, template } = spec
  // Upstream's text says deployment here too.
  const errors = [
    ...nonNegative(spec, ['replicas', 'minReadySeconds'], 'spec'),
    ...validateSelector(selector, 'deployment', 'spec.selector'),
  ]
  if (!isWellFormed(selector)) return [...errors, invalid('spec.selector', selector, 'invalid label selector')]
  if (!selector || !isEmptySelector(selector)) errors.push(...validateTemplateLabels(selector, template, 'spec.template'))
  return [...errors, ...validateLastingTemplate(template, 'ReplicaSet', 'spec.template')]
}

function validateStatus({ status }: ReplicaSet): FieldError[] {
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const
  return [
    ...nonNegative(status, [...counts, 'observedGeneration'], 'status'),
    ...atMost(status, counts.slice(1), status.replicas, 'status.replicas'),
    ...atMost(status, ['availableReplicas'], status.readyReplicas ?? 0, 'readyReplicas'),
  ]
}

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
  validate,
  validateUpdate: (next, old) => [...validate(next), ...immutable(next.spec.selector, old.spec.selector, 'spec.selector')],
  validateStatusUpdate: validateStatus,
  warnings: workloadWarnings,
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
