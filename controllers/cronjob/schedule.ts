// Which time of its schedule a CronJob has reached, and when the next one comes. Pure.
import type { CronJob } from '../../openapi/kinds/batch/cronjob.ts'
import { nextTime, type Schedule } from '../../openapi/values/cron.ts'

export interface Due {
  /** The last time that was reached and not served yet, in milliseconds since 1970. */
  at?: number
  /** So many were missed that something must be wrong. */
  tooMany?: true
  /** There is no such time: a 31st of February. */
  invalid?: true
}

const manyMissed = 100
/** A little later than the time itself, so that it has certainly been reached. */
const nudgeMs = 100

export function dueTime(cronJob: CronJob, schedule: Schedule, now: number): Due {
  const { startingDeadlineSeconds: deadline } = cronJob.spec
  const since = earliest(cronJob)
  return reached(cronJob, schedule, { since: deadline === undefined ? since : Math.max(since, now - deadline * 1000), now })
}

const earliest = ({ metadata, status }: CronJob): number => Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp)

function reached({ spec }: CronJob, schedule: Schedule, { since, now }: { since: number; now: number }): Due {
  const next = (after: number) => nextTime(schedule, after, spec.timeZone)
  const first = next(since)
  if (first === undefined) return { invalid: true }
  if (first > now) return {}
  const second = next(first)
  if (second === undefined) return { invalid: true }
  if (second > now) return { at: first }
  const between = second - first
  const missed = Math.floor((now - first) / between) + 1
  // Counted from two times before now, for schedules whose times are not equally far apart.
  let at: number | undefined
  for (let time = next(first + (missed - 2) * between); time !== undefined && time <= now; time = next(time)) at = time
  return { ...(at === undefined ? {} : { at }), ...(missed > manyMissed ? { tooMany: true } : {}) }
}

/** Milliseconds until the schedule's next time. */
export function nextMs(cronJob: CronJob, schedule: Schedule, now: number): number | undefined {
  const since = earliest(cronJob)
  const { at, invalid } = reached(cronJob, schedule, { since, now })
  const next = nextTime(schedule, invalid ? now : (at ?? since), cronJob.spec.timeZone)
  return next === undefined ? undefined : Math.max(0, next + nudgeMs - now)
}
