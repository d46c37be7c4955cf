// How jobs are listed, and what their conditions say.
import { ageColumn, containerImages, containerNames, nameColumn, text } from '../../../columns.ts'
import { printSelector } from '../../../values/selector.ts'
import { humanDuration } from '../../../values/time.ts'
import type { Job } from './job.ts'

/** Some of a job, as far as conditions go. */
interface WithConditions {
  status: { conditions?: readonly { type: string; status: string }[] }
}

export const hasCondition = ({ status }: WithConditions, type: string): boolean =>
  status.conditions?.some(c => c.type === type && c.status === 'True') === true

/** Complete or Failed. */
export const isFinished = (job: WithConditions): boolean => hasCondition(job, 'Complete') || hasCondition(job, 'Failed')

function state(job: Job): string {
  const shown = ['Complete', 'Failed'].find(type => hasCondition(job, type))
  if (shown) return shown
  if (job.metadata.deletionTimestamp) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(type => hasCondition(job, type)) ?? 'Running'
}

function completions({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`
  const parallelism = spec.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function duration({ status: { startTime, completionTime } }: Job, now: Date): string {
  if (!startTime) return ''
  return humanDuration((completionTime ? Date.parse(completionTime) : now.getTime()) - Date.parse(startTime))
}

export const jobColumns = [
  nameColumn,
  text<Job>('Status', 'What it is doing, or how it ended.', state),
  text<Job>('Completions', 'Pods that succeeded of those wanted.', completions),
  text<Job>('Duration', 'How long it took, or runs already.', duration),
  ageColumn,
  text<Job>('Containers', 'Names of the containers.', j => containerNames(j.spec.template.spec), 1),
  text<Job>('Images', 'Their images.', j => containerImages(j.spec.template.spec), 1),
  text<Job>('Selector', 'Labels of its pods.', j => printSelector(j.spec.selector), 1),
]
