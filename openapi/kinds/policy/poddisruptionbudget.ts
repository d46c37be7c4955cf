// PodDisruptionBudget.
import { ageColumn, integer, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, notSupported } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import { PodDisruptionBudget as schema } from '../../schemas/policy.ts'
import { nonNegative, validateAtMostAll, validateIntOrPercent } from '../apps/selection.ts'

export interface PodDisruptionBudget extends ObjectOf<typeof schema> {}
export type PodDisruptionBudgetInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  text<PodDisruptionBudget>('Min Available', 'Healthy pods that must be left.', b => String(b.spec.minAvailable ?? 'N/A')),
  text<PodDisruptionBudget>('Max Unavailable', 'Pods that may be missing.', b => String(b.spec.maxUnavailable ?? 'N/A')),
  integer<PodDisruptionBudget>('Allowed Disruptions', 'Evictions that are allowed now.', b => b.status.disruptionsAllowed),
  ageColumn,
]

const policies = ['AlwaysAllow', 'IfHealthyBudget']

function validate({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = goForm('@policy.v1.PodDisruptionBudgetSpec', spec)
    errors.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const)
    errors.push(...validateIntOrPercent(spec[field], `spec.${field}`), ...validateAtMostAll(spec[field], `spec.${field}`))
  errors.push(...validateLabelSelector(selector, 'spec.selector'))
  if (policy !== undefined && !policies.includes(policy)) errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies))
  return errors
}

type Status = PodDisruptionBudget['status']

/** The status with the condition that says whether evictions are allowed; `now` as metav1.Time. */
export function withDisruptionAllowed(status: Status, now: string): Status {
  const allowed = (status.disruptionsAllowed ?? 0) > 0
  return withCondition(
    status,
    { status: allowed ? 'True' : 'False', reason: allowed ? 'SufficientPods' : 'InsufficientPods', message: '' },
    now,
  )
}

/** `status` is True, False or Unknown; its time is kept while it stays. */
export function withCondition(
  { conditions = [], ...rest }: Status,
  condition: { status: string; reason: string; message: string },
  now: string,
): Status {
  const type = 'DisruptionAllowed'
  const before = conditions.find(c => c.type === type)
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now
  const { observedGeneration } = rest
  const next = { type, ...(observedGeneration ? { observedGeneration } : {}), lastTransitionTime, ...condition }
  return { ...rest, conditions: before ? conditions.map(c => (c === before ? next : c)) : [...conditions, next] }
}

export const podDisruptionBudget = defineKind<PodDisruptionBudget, PodDisruptionBudgetInput>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  scope: 'Namespaced',
  names: { plural: 'poddisruptionbudgets', singular: 'poddisruptionbudget', shortNames: ['pdb'] },
  schema,
  subresources: { status: true },
  columns: [...columns],
  hasGeneration: true,
  needsResourceVersion: true,
  prepareForCreate(draft) {
    draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) =>
    nonNegative(status, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'], 'status'),
  example: { metadata: { name: 'example' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'example' } } } },
})
