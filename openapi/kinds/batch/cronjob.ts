// CronJob.
import { ageColumn, bool, containerImages, containerNames, integer, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { CronJob as schema } from '../../schemas/batch.ts'
import { isTimeZone, parseSchedule } from '../../values/cron.ts'
import { printSelector } from '../../values/selector.ts'
import { ageOf } from '../../values/time.ts'
import { nonNegative } from '../apps/selection.ts'
import { nameWarnings, templateWarnings } from '../core/pod/warnings.ts'
import { jobTemplateDefaults } from './job/index.ts'
import { validateJobSpec } from './job/validation.ts'

export interface CronJob extends ObjectOf<typeof schema> {}
export type CronJobInput = InputOf<typeof schema>

/** Its Jobs' names are eleven characters longer. */
const maxNameLength = 52
const policies = ['Allow', 'Forbid', 'Replace']

const podOf = (c: CronJob) => c.spec.jobTemplate.spec.template.spec

const columns = [
  nameColumn,
  text<CronJob>('Schedule', 'When it starts a Job, as cron writes it.', c => c.spec.schedule),
  text<CronJob>('Timezone', 'Where the schedule is read.', c => c.spec.timeZone ?? '<none>'),
  bool<CronJob>('Suspend', 'Whether it pauses.', c => (c.spec.suspend ? 'True' : 'False')),
  integer<CronJob>('Active', 'Jobs that run.', c => (c.status.active ?? []).length),
  text<CronJob>('Last Schedule', 'Time since it last started a Job.', (c, now) =>
    c.status.lastScheduleTime ? ageOf(c.status.lastScheduleTime, now) : '<none>',
  ),
  ageColumn,
  text<CronJob>('Containers', 'Names of the containers.', c => containerNames(podOf(c)), 1),
  text<CronJob>('Images', 'Their images.', c => containerImages(podOf(c)), 1),
  text<CronJob>('Selector', 'Labels of the pods, if chosen by hand.', c => printSelector(c.spec.jobTemplate.spec.selector), 1),
]

function validate({ metadata, spec }: CronJob): FieldError[] {
  const errors = validateSpec(spec)
  if (metadata.name.length > maxNameLength)
    errors.push(invalid('metadata.name', metadata.name, `must be no more than ${maxNameLength} characters`))
  return errors
}

function validateSpec(spec: CronJob['spec'], old?: CronJob['spec']): FieldError[] {
  const { schedule, timeZone, concurrencyPolicy: policy, jobTemplate } = spec
  const errors: FieldError[] = schedule ? validateSchedule(schedule) : [required('spec.schedule')]
  errors.push(...nonNegative(spec, ['startingDeadlineSeconds'], 'spec'))
  if (timeZone !== undefined && timeZone !== old?.timeZone) errors.push(...validateTimeZone(timeZone))
  if (!policy) errors.push(required('spec.concurrencyPolicy'))
  else if (!policies.includes(policy)) errors.push(notSupported('spec.concurrencyPolicy', policy, policies))
  const path = 'spec.jobTemplate.spec'
  errors.push(...validateJobSpec(jobTemplate.spec, path))
  const { selector, manualSelector } = jobTemplate.spec
  if (selector) errors.push(invalid(`${path}.selector`, selector, '`selector` will be auto-generated'))
  if (manualSelector) errors.push(notSupported(`${path}.manualSelector`, manualSelector, ['nil', 'false']))
  return [...errors, ...nonNegative(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'], 'spec')]
}

function validateSchedule(schedule: string): FieldError[] {
  const parsed = parseSchedule(schedule)
  const errors = 'problem' in parsed ? [invalid('spec.schedule', schedule, parsed.problem)] : []
  if (schedule.includes('TZ'))
    errors.push(invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'))
  return errors
}

function validateTimeZone(timeZone: string): FieldError[] {
  const path = 'spec.timeZone'
  if (timeZone === '') return [invalid(path, timeZone, 'timeZone must be nil or non-empty string')]
  if (timeZone.toLowerCase() === 'local')
    return [invalid(path, timeZone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')]
  return isTimeZone(timeZone) ? [] : [invalid(path, timeZone, `unknown time zone ${timeZone}`)]
}

function warnings({ metadata, spec }: CronJob, old?: CronJob): string[] {
  if (old && old.metadata.generation === metadata.generation) return []
  return [
    ...(old ? [] : nameWarnings(metadata.name)),
    ...templateWarnings(spec.jobTemplate.spec.template, 'spec.jobTemplate.spec.template'),
  ]
}

export const cronJob = defineKind<CronJob, CronJobInput>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  scope: 'Namespaced',
  names: { plural: 'cronjobs', singular: 'cronjob', shortNames: ['cj'], categories: ['all'] },
  schema,
  subresources: { status: true },
  columns: [...columns],
  hasGeneration: true,
  defaults: ({ spec }) => jobTemplateDefaults(spec.jobTemplate.spec),
  validate,
  validateUpdate: (next, old) => validateSpec(next.spec, old.spec),
  warnings,
  example: {
    metadata: { name: 'example' },
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox' }] } } } },
    },
  },
})
