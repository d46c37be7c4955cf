// Deployment.
import { ageColumn, containerImages, containerNames, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, invalid, notSupported } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { Deployment as schema } from '../../schemas/apps.ts'
import { isEmptySelector, printSelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'
import { validateLastingTemplate } from '../core/pod/validation/template.ts'
import { workloadWarnings } from '../core/pod/warnings.ts'
import {
  atMost,
  immutable,
  isWellFormed,
  isZero,
  nonNegative,
  validateAtMostAll,
  validateIntOrPercent,
  validateSelector,
  validateTemplateLabels,
} from './selection.ts'

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

function validate({ spec }: Deployment): FieldError[] {
  const { selector, template, progressDeadlineSeconds } = spec
  const errors = [...nonNegative(spec, ['replicas'], 'spec'), ...validateSelector(selector, 'deployment', 'spec.selector')]
  if (!isWellFormed(selector)) errors.push(invalid('spec.selector', selector, 'invalid label selector'))
  else {
    if (!selector || !isEmptySelector(selector)) errors.push(...validateTemplateLabels(selector, template, 'spec.template'))
    errors.push(...validateLastingTemplate(template, 'ReplicaSet', 'spec.template'))
  }
  errors.push(
    ...validateStrategy(spec.strategy),
    ...nonNegative(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], 'spec'),
  )
  if (progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
    errors.push(invalid('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds'))
  return errors
}

function validateStrategy(strategy: Deployment['spec']['strategy']): FieldError[] {
  const { type, rollingUpdate } = strategy
  const path = 'spec.strategy.rollingUpdate'
  if (type === 'Recreate') return rollingUpdate ? [forbidden(path, "may not be specified when strategy `type` is 'Recreate'")] : []
  if (type !== 'RollingUpdate')
    return [notSupported('spec.strategy', goForm('@apps.v1.DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate'])]
  const { maxUnavailable, maxSurge } = rollingUpdate ?? {}
  const errors = [...validateIntOrPercent(maxUnavailable, `${path}.maxUnavailable`), ...validateIntOrPercent(maxSurge, `${path}.maxSurge`)]
  if (isZero(maxUnavailable) && isZero(maxSurge))
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  return [...errors, ...validateAtMostAll(maxUnavailable, `${path}.maxUnavailable`)]
}

function validateStatus({ status }: Deployment): FieldError[] {
  const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'collisionCount'] as const
  return [
    ...nonNegative(status, ['observedGeneration', ...counts], 'status'),
    ...atMost(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], status.replicas ?? 0, 'status.replicas'),
    ...atMost(status, ['availableReplicas'], status.readyReplicas ?? 0, 'readyReplicas'),
  ]
}

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
  statusResetFields: ['metadata.labels'],
  defaults({ spec }) {
    podSpecDefaults(spec.template.spec)
    if (spec.strategy.type === 'RollingUpdate')
      spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate }
  },
  prepareForStatusUpdate(draft, old) {
    // Labels are not a status writer's business.
    draft.metadata.labels = old.metadata.labels
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
