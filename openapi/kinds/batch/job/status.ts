// What a Job's status may say. It must fit itself, and what it said before.
import { duplicate, type FieldError, invalid, invalidAsWhole, required } from '../../../errors.ts'
import { goForm } from '../../../rules/goform.ts'
import { deepEqual } from '../../../values/equal.ts'
import { parseIndexes, readIndexes } from '../../../values/indexes.ts'
import { nonNegative } from '../../apps/selection.ts'
import { hasCondition, isFinished } from './columns.ts'
import type { Job } from './job.ts'

const conditionsPath = 'status.conditions'

export function validateJobStatus(next: Job, old: Job): FieldError[] {
  const { status } = next
  return [
    ...nonNegative(status, ['active', 'succeeded', 'failed', 'ready', 'terminating'], 'status'),
    ...uncountedErrors(status.uncountedTerminatedPods),
    ...endErrors(next),
    ...finishedErrors(next),
    ...indexErrors(next, old),
    ...successErrors(next),
    ...changeErrors(next, old),
  ]
}

function uncountedErrors(uncounted: Job['status']['uncountedTerminatedPods']): FieldError[] {
  const seen = new Set<string>()
  const errors: FieldError[] = []
  for (const list of ['succeeded', 'failed'] as const)
    for (const [index, uid] of (uncounted?.[list] ?? []).entries()) {
      const path = `status.uncountedTerminatedPods.${list}[${index}]`
      if (uid === '') errors.push(invalid(path, uid, 'must not be empty'))
      else if (seen.has(uid)) errors.push(duplicate(path, uid))
      seen.add(uid)
    }
  return errors
}

function endErrors(job: Job): FieldError[] {
  const { startTime, completionTime } = job.status
  const [complete, failed] = [hasCondition(job, 'Complete'), hasCondition(job, 'Failed')]
  const errors: FieldError[] = []
  const conditions = (text: string) => errors.push(invalidAsWhole(conditionsPath, text))
  if (complete && failed) conditions('cannot set Complete=True and Failed=true conditions')
  if (complete && hasCondition(job, 'FailureTarget')) conditions('cannot set Complete=True and FailureTarget=true conditions')
  const path = 'status.completionTime'
  if (completionTime && !complete)
    errors.push(invalid(path, completionTime, 'cannot set completionTime when there is no Complete=True condition'))
  if (complete && !completionTime) errors.push(required(path, 'completionTime is required for Complete jobs'))
  if (startTime && completionTime && completionTime < startTime)
    errors.push(invalid(path, completionTime, 'completionTime cannot be set before startTime'))
  if (failed && !hasCondition(job, 'FailureTarget')) conditions('cannot set Failed=True condition without the FailureTarget=true condition')
  if (complete && !hasCondition(job, 'SuccessCriteriaMet'))
    conditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition')
  return errors
}

function finishedErrors(job: Job): FieldError[] {
  if (!isFinished(job)) return []
  const { active = 0, terminating = 0, startTime, uncountedTerminatedPods: uncounted } = job.status
  const errors: FieldError[] = []
  if (active > 0) errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'))
  if (terminating > 0) errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'))
  if (!startTime) errors.push(required('status.startTime', 'startTime is required for finished job'))
  if (uncounted?.succeeded?.length || uncounted?.failed?.length) {
    const shown = goForm('@batch.v1.UncountedTerminatedPods', uncounted)
    errors.push(invalid('status.uncountedTerminatedPods', shown, 'uncountedTerminatedPods needs to be empty for finished job'))
  }
  return errors
}

/** Indexes that were there before may be out of range since the Job was made smaller. */
function indexErrors({ spec, status }: Job, { status: before }: Job): FieldError[] {
  const { completedIndexes, failedIndexes } = status
  const { completions = 0 } = spec
  const errors: FieldError[] = []
  const wrong = (field: 'completedIndexes' | 'failedIndexes', text: string) => errors.push(invalid(`status.${field}`, status[field], text))
  for (const field of ['completedIndexes', 'failedIndexes'] as const) {
    if (status[field] === undefined || status[field] === before[field] || spec.completions === undefined) continue
    const parsed = parseIndexes(status[field], completions)
    if ('problem' in parsed) wrong(field, `error parsing ${field}: ${parsed.problem}`)
  }
  if (completedIndexes && spec.completionMode !== 'Indexed')
    wrong('completedIndexes', 'cannot set non-empty completedIndexes when non-indexed completion mode')
  if (failedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    wrong('failedIndexes', 'cannot set non-null failedIndexes when backoffLimitPerIndex is null')
  const completed = readIndexes(completedIndexes, completions)
  const both = [...readIndexes(failedIndexes, completions)].find(index => completed.has(index))
  if (both !== undefined) wrong('failedIndexes', `failedIndexes and completedIndexes overlap at index: ${both}`)
  return errors
}

function successErrors(job: Job): FieldError[] {
  if (!hasCondition(job, 'SuccessCriteriaMet')) return []
  const errors: FieldError[] = []
  if (hasCondition(job, 'Failed'))
    errors.push(invalidAsWhole(conditionsPath, 'cannot set Failed=True and SuccessCriteriaMet=true conditions'))
  if (hasCondition(job, 'FailureTarget'))
    errors.push(invalidAsWhole(conditionsPath, 'cannot set SuccessCriteriaMet=true and FailureTarget=true conditions'))
  return errors
}

function changeErrors(next: Job, old: Job): FieldError[] {
  const { status, spec } = next
  const before = old.status
  const errors: FieldError[] = []
  for (const type of ['Failed', 'Complete', 'FailureTarget', 'SuccessCriteriaMet'])
    if (hasCondition(old, type) && !hasCondition(next, type))
      errors.push(invalidAsWhole(conditionsPath, `cannot disable the terminal ${type}=True condition`))
  if ((status.failed ?? 0) < (before.failed ?? 0))
    errors.push(invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter'))
  // A Job that can be made smaller may lose successes with its indexes.
  const resizable = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism
  if (!resizable && (status.succeeded ?? 0) < (before.succeeded ?? 0))
    errors.push(invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter'))
  if (before.completionTime && isFinished(old) && !deepEqual(status.completionTime, before.completionTime))
    errors.push(invalid('status.completionTime', status.completionTime, 'field is immutable'))
  if (before.startTime && !spec.suspend && status.startTime !== before.startTime)
    errors.push(
      status.startTime
        ? invalid('status.startTime', status.startTime, 'field is immutable')
        : required('status.startTime', 'startTime cannot be removed for unsuspended job'),
    )
  return errors
}
