// DaemonSet.
import { ageColumn, containerImages, containerNames, integer, labelText, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import { DaemonSet as schema } from '../../schemas/apps.ts'
import { deepEqual } from '../../values/equal.ts'
import { isEmptySelector, printSelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'
import { validateLastingTemplate } from '../core/pod/validation/template.ts'
import { templateWarnings } from '../core/pod/warnings.ts'
import {
  immutable,
  isWellFormed,
  isZero,
  nonNegative,
  validateAtMostAll,
  validateIntOrPercent,
  validateTemplateLabels,
} from './selection.ts'

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

/** Counts changes of the template; kept as an annotation since its field left the API. */
const templateGeneration = 'deprecated.daemonset.template.generation'

function validate({ spec }: DaemonSet): FieldError[] {
  const { selector, template } = spec
  const errors = validateLabelSelector(selector, 'spec.selector')
  if (isWellFormed(selector)) errors.push(...validateTemplateLabels(selector, template, 'spec.template'))
  if (selector && isEmptySelector(selector)) errors.push(invalid('spec.selector', selector, 'empty selector is invalid for daemonset'))
  return [
    ...errors,
    ...validateLastingTemplate(template, 'DaemonSet', 'spec.template'),
    ...nonNegative(spec, ['minReadySeconds'], 'spec'),
    ...validateStrategy(spec.updateStrategy),
    ...nonNegative(spec, ['revisionHistoryLimit'], 'spec'),
  ]
}

function validateStrategy(strategy: DaemonSet['spec']['updateStrategy']): FieldError[] {
  if (strategy.type === 'OnDelete') return []
  const { type, rollingUpdate } = strategy
  if (type !== 'RollingUpdate')
    return [notSupported('spec.updateStrategy', goForm('@apps.v1.DaemonSetUpdateStrategy', strategy), ['RollingUpdate', 'OnDelete'])]
  const path = 'spec.updateStrategy.rollingUpdate'
  if (!rollingUpdate) return [required(path)]
  const { maxUnavailable, maxSurge } = rollingUpdate
  const errors = [...validateIntOrPercent(maxUnavailable, `${path}.maxUnavailable`), ...validateIntOrPercent(maxSurge, `${path}.maxSurge`)]
  errors.push(...validateAtMostAll(maxUnavailable, `${path}.maxUnavailable`), ...validateAtMostAll(maxSurge, `${path}.maxSurge`))
  const [none, noSurge] = [isZero(maxUnavailable), isZero(maxSurge)]
  if (!none && !noSurge) errors.push(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (none && noSurge) errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  return errors
}

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
  defaults({ metadata, spec }) {
    metadata.annotations = { [templateGeneration]: '0', ...metadata.annotations }
    podSpecDefaults(spec.template.spec)
    if (spec.updateStrategy.type === 'OnDelete') {
      if (spec.updateStrategy.rollingUpdate)
        spec.updateStrategy.rollingUpdate = { maxUnavailable: 0, maxSurge: 0, ...spec.updateStrategy.rollingUpdate }
    } else if (spec.updateStrategy.type === 'RollingUpdate')
      spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...spec.updateStrategy.rollingUpdate }
  },
  prepareForCreate(draft) {
    draft.metadata.annotations = { ...draft.metadata.annotations, [templateGeneration]: '1' }
    draft.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
  },
  prepareForUpdate(draft, old) {
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 1)
    const changed = !deepEqual(draft.spec.template, old.spec.template)
    draft.metadata.annotations = { ...draft.metadata.annotations, [templateGeneration]: String(changed ? before + 1 : before) }
  },
  validate,
  validateUpdate: (next, old) => [...immutable(next.spec.selector, old.spec.selector, 'spec.selector'), ...validate(next)],
  validateStatusUpdate: ({ status }) =>
    nonNegative(
      status,
      [
        'currentNumberScheduled',
        'numberMisscheduled',
        'desiredNumberScheduled',
        'numberReady',
        'observedGeneration',
        'updatedNumberScheduled',
        'numberAvailable',
        'numberUnavailable',
        'collisionCount',
      ],
      'status',
    ),
  warnings: (next, old) =>
    old && next.metadata.generation === old.metadata.generation ? [] : templateWarnings(next.spec.template, 'spec.template'),
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
