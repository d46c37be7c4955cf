// Job.
import { defineKind } from '../../../kind.ts'
import { Job as schema } from '../../../schemas/batch.ts'
import { isLabelValue } from '../../../values/names.ts'
import { podSpecDefaults } from '../../core/pod/defaults.ts'
import { workloadWarnings } from '../../core/pod/warnings.ts'
import { jobColumns } from './columns.ts'
import type { Job, JobInput, JobSpec } from './job.ts'
import { controllerUidLabel, jobNameLabel } from './labels.ts'
import { validateJobStatus } from './status.ts'
import { validateJob, validateJobUpdate } from './validation.ts'

export { hasCondition, isFinished } from './columns.ts'
export type { Job, JobInput, JobSpec } from './job.ts'

const unlimited = 2147483647

function defaults({ metadata, spec }: Job): void {
  jobTemplateDefaults(spec)
  // One pod by default; one kind of limit on failures leaves the other open.
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.manualSelector ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
  labelsFromTemplate({ metadata, spec })
}

/** What holds for a CronJob's template as well. */
export function jobTemplateDefaults({ template, podFailurePolicy }: JobSpec): void {
  podSpecDefaults(template.spec)
  for (const { onPodConditions = [] } of podFailurePolicy?.rules ?? []) for (const pattern of onPodConditions) pattern.status ||= 'True'
}

function labelsFromTemplate({ metadata, spec }: Pick<Job, 'metadata' | 'spec'>): void {
  const { labels } = spec.template.metadata
  // A name that is no label is refused for the template's sake.
  if (isLabelValue(metadata.name ?? '').length > 0) return
  // The same map, as upstream has it: what is generated into the template's labels is then in the Job's too.
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels
}

/** Labels that only pods of this Job have, and a selector for them. What the author gave is kept, for validation to refuse. */
function generateSelector({ metadata, spec }: Job): void {
  const { name, uid } = metadata
  const generated = { [controllerUidLabel]: uid, [jobNameLabel]: name, 'controller-uid': uid, 'job-name': name }
  spec.template.metadata.labels ??= {}
  const labels = spec.template.metadata.labels
  const all = Object.entries({ ...generated, ...labels }).sort(([a], [b]) => (a < b ? -1 : 1))
  // In place, and in the order in which messages show them.
  for (const label of Object.keys(labels)) delete labels[label]
  for (const [label, value] of all) labels[label] = value
  spec.selector = { ...spec.selector, matchLabels: { [controllerUidLabel]: uid, ...spec.selector?.matchLabels } }
}

function warnings(next: Job, old?: Job): string[] {
  const texts = workloadWarnings(next, old)
  const { completionMode, completions = 0, parallelism = 0 } = next.spec
  if (
    completionMode === 'Indexed' &&
    completions > 100_000 &&
    parallelism > 10_000 &&
    next.metadata.generation !== old?.metadata.generation
  )
    texts.push(
      'spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail',
    )
  return texts
}

export const job = defineKind<Job, JobInput>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  scope: 'Namespaced',
  names: { plural: 'jobs', singular: 'job', categories: ['all'] },
  schema,
  subresources: { status: true },
  columns: jobColumns,
  selectableFields: [{ label: 'status.successful', value: j => String(j.status.succeeded ?? 0) }],
  unknownField: label => `field label ${JSON.stringify(label)} not supported for Job`,
  hasGeneration: true,
  orphansByDefault: true,
  orphansWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  defaults,
  prepareForCreate(draft) {
    if (!draft.spec.manualSelector) generateSelector(draft)
    labelsFromTemplate(draft)
  },
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,
  warnings,
  example: {
    metadata: { name: 'example' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox' }] } } },
  },
})
