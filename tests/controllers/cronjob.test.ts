// What a CronJob does at a time, as a table of sentences.
import { describe, expect, test } from 'vitest'
import { newJob } from '../../controllers/cronjob/objects.ts'
import { plan } from '../../controllers/cronjob/plan.ts'
import { type CronJob, cronJob } from '../../openapi/kinds/batch/cronjob.ts'
import { type Job, job } from '../../openapi/kinds/batch/job/index.ts'
import { now, secondsAgo, stored } from '../support/objects.ts'

/** At noon; made an hour ago. */
const aCronJob = (spec: object = {}, status: object = {}): CronJob =>
  stored(cronJob, {
    metadata: { name: 'tick' },
    spec: {
      schedule: '*/10 * * * *',
      jobTemplate: { spec: { template: { spec: { containers: [{ name: 'c', image: 'busybox' }] } } } },
      ...spec,
    },
    status: { lastScheduleTime: secondsAgo(600), ...status },
  })

const aJob = (name: string, end?: 'Complete' | 'Failed', secondsBefore = 60): Job =>
  stored(job, {
    metadata: { name },
    spec: { template: { spec: { containers: [{ name: 'c', image: 'busybox' }] } } },
    status: {
      startTime: secondsAgo(secondsBefore),
      ...(end ? { conditions: [{ type: end, status: 'True' }], ...(end === 'Complete' ? { completionTime: secondsAgo(30) } : {}) } : {}),
    },
  })
const active = (...names: string[]) => ({
  active: names.map(name => ({ kind: 'Job', name, uid: `uid-of-${name}`, apiVersion: 'batch/v1' })),
})

/** What it does, a line each. */
function does(of: CronJob, jobs: readonly Job[] = []): string[] {
  const { events, remove, start } = plan(of, jobs, now)
  return [
    ...events.map(({ reason }) => reason),
    ...remove.map(({ metadata }) => `delete ${metadata.name}`),
    ...(start === undefined ? [] : [`create ${newJob(of, start).metadata.name}`]),
  ]
}

const noon = `tick-${now.getTime() / 60_000}`
const running = (spec: object = {}) => aCronJob(spec, active('old'))

describe('at a time of its schedule', () => {
  const cases = [
    { it: 'it starts a Job', of: aCronJob(), want: [`create ${noon}`] },
    { it: 'once', of: aCronJob({}, { lastScheduleTime: secondsAgo(0) }), want: [] },
    { it: 'not before that time', of: aCronJob({ schedule: '1 * * * *' }, { lastScheduleTime: secondsAgo(59 * 60) }), want: [] },
    { it: 'not while it pauses', of: aCronJob({ suspend: true }), want: [] },
    { it: 'only the last of several that were missed', of: aCronJob({}, { lastScheduleTime: secondsAgo(3000) }), want: [`create ${noon}`] },
    {
      it: 'a word for it when many were missed',
      of: aCronJob({ schedule: '* * * * *' }, { lastScheduleTime: secondsAgo(3 * 3600) }),
      want: ['TooManyMissedTimes', `create ${noon}`],
    },
    { it: 'another beside the one that runs', of: running(), jobs: [aJob('old')], want: [`create ${noon}`] },
    {
      it: 'none beside one that runs, if told so',
      of: running({ concurrencyPolicy: 'Forbid' }),
      jobs: [aJob('old')],
      want: ['JobAlreadyActive'],
    },
    {
      it: 'one in place of the one that runs, if told so',
      of: running({ concurrencyPolicy: 'Replace' }),
      jobs: [aJob('old')],
      want: ['delete old', `create ${noon}`],
    },
    {
      it: 'nothing when it is too late for that',
      of: aCronJob({ schedule: '50 11 * * *', startingDeadlineSeconds: 599 }, { lastScheduleTime: secondsAgo(24 * 3600) }),
      want: [],
    },
    { it: 'in its time zone', of: aCronJob({ schedule: '0 13 * * *', timeZone: 'Europe/Rome' }), want: [`create ${noon}`] },
    { it: 'never by an impossible schedule', of: aCronJob({ schedule: '0 0 31 2 *' }), want: ['InvalidSchedule'] },
    { it: 'and not by one that is none', of: aCronJob({ schedule: 'often' }), want: ['UnparseableSchedule'] },
    { it: 'nor in a place that is none', of: aCronJob({ timeZone: 'Mars/Phobos' }), want: ['UnknownTimeZone'] },
    { it: 'every so often from the last time on', of: aCronJob({ schedule: '@every 10m' }), want: [`create ${noon}`] },
  ]
  for (const { it, of, jobs, want } of cases) test(it, () => expect(does(of, jobs)).toEqual(want))

  test('it comes back a little after the next time', () => {
    expect(plan(aCronJob(), [], now).requeueAfterMs).toBe(600_100)
    expect(plan(aCronJob({ schedule: '5 12 * * *' }), [], now).requeueAfterMs).toBe(300_100)
  })
})

describe('its Jobs', () => {
  const idle = (status: object = {}, spec: object = {}) => aCronJob(spec, { lastScheduleTime: secondsAgo(0), ...status })
  const cases = [
    { it: 'one that ended is no longer active', of: idle(active('a')), jobs: [aJob('a', 'Complete')], want: ['SawCompletedJob'] },
    { it: 'one that is gone is missed', of: idle(active('a')), jobs: [], want: ['MissingJob'] },
    { it: 'one made by hand is noticed', of: idle(), jobs: [aJob('a')], want: ['UnexpectedJob'] },
    {
      it: 'three successes and one failure are kept, the oldest go',
      of: idle(),
      jobs: [
        aJob('a', 'Complete', 50),
        aJob('b', 'Complete', 40),
        aJob('c', 'Complete', 30),
        aJob('d', 'Complete', 60),
        aJob('e', 'Failed', 9),
        aJob('f', 'Failed', 8),
      ],
      want: ['delete d', 'delete e'],
    },
    { it: 'or as many as it says', of: idle({}, { successfulJobsHistoryLimit: 0 }), jobs: [aJob('a', 'Complete')], want: ['delete a'] },
  ]
  for (const { it, of, jobs, want } of cases) test(it, () => expect(does(of, jobs)).toEqual(want))

  test('tell the time of the last success', () => {
    const { status } = plan(idle(active('a')), [aJob('a', 'Complete')], now)
    expect(status).toEqual({ lastScheduleTime: secondsAgo(0), lastSuccessfulTime: secondsAgo(30) })
  })

  test('carry what the template says, and the time of the schedule in its zone', () => {
    const jobTemplate = { metadata: { labels: { a: '1' }, annotations: { b: '2' } }, spec: aCronJob().spec.jobTemplate.spec }
    expect(newJob(aCronJob({ jobTemplate, timeZone: 'Asia/Kolkata' }), now.getTime()).metadata).toMatchObject({
      labels: { a: '1' },
      annotations: { b: '2', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T17:30:00+05:30' },
      ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }],
    })
  })
})
