// What a CronJob does now: which Jobs it has seen end, whether it starts another, which old ones go. Pure.
import type { CronJob } from '../../openapi/kinds/batch/cronjob.ts'
import { hasCondition, isFinished, type Job } from '../../openapi/kinds/batch/job/index.ts'
import { isTimeZone, parseSchedule, type Schedule } from '../../openapi/values/cron.ts'
import type { EventText } from '../runtime/controller.ts'
import { jobName } from './objects.ts'
import { dueTime, nextMs } from './schedule.ts'

type Status = CronJob['status']
type Active = NonNullable<Status['active']>

export interface CronPlan {
  events: EventText[]
  /** Without what `start` adds. */
  status: Status
  /** To be deleted, in this order, before another starts. */
  remove: readonly Job[]
  /** The time of the schedule for which a Job is to be made. */
  start?: number
  requeueAfterMs?: number
}

const normal = (reason: string, message: string): EventText => ({ type: 'Normal', reason, message })
const warning = (reason: string, message: string): EventText => ({ type: 'Warning', reason, message })

/** `jobs`: those it controls. */
export function plan(cronJob: CronJob, jobs: readonly Job[], now: Date): CronPlan {
  const seen = observe(cronJob, jobs)
  const old = outdated(cronJob, jobs)
  const base = { events: seen.events, status: seen.status, remove: old }
  const { spec, metadata } = cronJob
  if (metadata.deletionTimestamp) return { ...base, remove: [] }
  if (spec.timeZone !== undefined && !isTimeZone(spec.timeZone)) {
    const message = `invalid timeZone: ${JSON.stringify(spec.timeZone)}: unknown time zone ${spec.timeZone}`
    return { ...base, events: [...seen.events, warning('UnknownTimeZone', message)] }
  }
  if (spec.suspend) return base
  const schedule = parseSchedule(spec.schedule)
  if ('problem' in schedule) {
    const message = `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${schedule.problem}`
    return { ...base, events: [...seen.events, warning('UnparseableSchedule', message)] }
  }
  const begun = begin({ ...cronJob, status: seen.status }, schedule, now.getTime())
  const running = begun.replace ? jobs.filter(job => isIn(seen.status.active, job)) : []
  const requeueAfterMs = nextMs(begun.start === undefined ? cronJob : started(cronJob, begun.start), schedule, now.getTime())
  return {
    events: [...seen.events, ...begun.events],
    status: begun.replace ? withActive(seen.status, []) : seen.status,
    remove: [...running, ...old.filter(job => !running.includes(job))],
    ...(begun.start === undefined ? {} : { start: begun.start }),
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  }
}

const started = (cronJob: CronJob, time: number): CronJob => ({
  ...cronJob,
  status: { ...cronJob.status, lastScheduleTime: new Date(time).toISOString() },
})

const isIn = (active: Active | undefined, { metadata }: Job): boolean => active?.some(a => a.uid === metadata.uid) === true

function withActive({ active: _before, ...status }: Status, active: Active): Status {
  return active.length > 0 ? { ...status, active } : status
}

/** What became of its Jobs. */
function observe({ status }: CronJob, jobs: readonly Job[]): { events: EventText[]; status: Status } {
  const events: EventText[] = []
  let { active = [], lastSuccessfulTime } = status
  for (const job of jobs) {
    const { name, uid } = job.metadata
    const known = isIn(active, job)
    if (!known && !isFinished(job)) {
      events.push(warning('UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`))
    } else if (known && isFinished(job)) {
      active = active.filter(a => a.uid !== uid)
      const condition = hasCondition(job, 'Complete') ? 'Complete' : 'Failed'
      events.push(normal('SawCompletedJob', `Saw completed job: ${name}, condition: ${condition}`))
    }
    const { completionTime } = job.status
    if (hasCondition(job, 'Complete') && completionTime && completionTime > (lastSuccessfulTime ?? '')) lastSuccessfulTime = completionTime
  }
  const uids = new Set(jobs.map(job => job.metadata.uid))
  for (const { name, uid } of active) if (!uids.has(uid ?? '')) events.push(normal('MissingJob', `Active job went missing: ${name}`))
  active = active.filter(({ uid }) => uids.has(uid ?? ''))
  return { events, status: withActive({ ...status, ...(lastSuccessfulTime ? { lastSuccessfulTime } : {}) }, active) }
}

interface Begin {
  events: EventText[]
  start?: number
  /** What runs must go first. */
  replace?: boolean
}

function begin(cronJob: CronJob, schedule: Schedule, now: number): Begin {
  const { spec, status } = cronJob
  const { at, tooMany, invalid } = dueTime(cronJob, schedule, now)
  if (invalid)
    return {
      events: [
        warning('InvalidSchedule', `invalid schedule: ${spec.schedule} : time difference between two schedules is less than 1 second`),
      ],
    }
  const many = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
  const events = tooMany ? [warning('TooManyMissedTimes', many)] : []
  if (at === undefined) return { events }
  const { startingDeadlineSeconds: deadline, concurrencyPolicy } = spec
  if (deadline !== undefined && at + deadline * 1000 < now)
    return { events: [...events, warning('MissSchedule', `Missed scheduled time to start a job: ${rfc1123(at)}`)] }
  const { active = [], lastScheduleTime } = status
  if (active.some(({ name }) => name === jobName(cronJob, at)) || (lastScheduleTime && Date.parse(lastScheduleTime) === at))
    return { events }
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    return { events: [...events, normal('JobAlreadyActive', message)] }
  }
  return { events, start: at, replace: concurrencyPolicy === 'Replace' }
}

/** Mon, 02 Jan 2006 15:04:05 +0000 */
const rfc1123 = (time: number): string => new Date(time).toUTCString().replace('GMT', '+0000')

/** More than the history is to hold, the oldest first. */
function outdated({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const beyond = (type: string, limit: number | undefined): Job[] => {
    if (limit === undefined) return []
    const ended = jobs
      .filter(job => hasCondition(job, type) && !job.metadata.deletionTimestamp)
      .sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
    return ended.slice(0, Math.max(0, ended.length - limit))
  }
  return [...beyond('Complete', spec.successfulJobsHistoryLimit), ...beyond('Failed', spec.failedJobsHistoryLimit)]
}

const startOf = ({ metadata, status }: Job): string => `${status.startTime ?? ''}/${metadata.name}`
