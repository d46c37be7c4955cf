// Schedules: what they mean, over months and changes of clocks.
import { describe, expect, test } from 'vitest'
import { isTimeZone, nextTime, parseSchedule } from '../../openapi/values/cron.ts'

/** The next times after an instant. */
function times(text: string, after: string, { zone, count = 2 }: { zone?: string; count?: number } = {}): string[] {
  const schedule = parseSchedule(text)
  if ('problem' in schedule) return [schedule.problem]
  const found: string[] = []
  for (let time: number | undefined = Date.parse(after); found.length < count; ) {
    time = nextTime(schedule, time, zone)
    if (time === undefined) break
    found.push(new Date(time).toISOString().slice(0, 16))
  }
  return found
}

describe('next times', () => {
  const cases: [text: string, after: string, want: string[]][] = [
    ['* * * * *', '2026-01-31T23:59:30Z', ['2026-02-01T00:00', '2026-02-01T00:01']],
    ['*/20 9-10 * * *', '2026-01-01T10:30:00Z', ['2026-01-01T10:40', '2026-01-02T09:00']],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00']],
    ['0 12 * * mon-wed', '2026-01-01T00:00:00Z', ['2026-01-05T12:00', '2026-01-06T12:00']],
    // Two kinds of days that are both restricted add up.
    ['0 0 13 * fri', '2026-02-01T00:00:00Z', ['2026-02-06T00:00', '2026-02-13T00:00']],
    ['30 4 1,15 JAN,jul ?', '2026-01-02T00:00:00Z', ['2026-01-15T04:30', '2026-07-01T04:30']],
    ['5/25 * * * *', '2026-01-01T00:00:00Z', ['2026-01-01T00:05', '2026-01-01T00:30']],
    ['@hourly', '2026-01-01T00:10:00Z', ['2026-01-01T01:00', '2026-01-01T02:00']],
    ['@weekly', '2026-01-01T00:10:00Z', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['@every 90m', '2026-01-01T00:10:00Z', ['2026-01-01T01:40', '2026-01-01T03:10']],
  ]
  for (const [text, after, want] of cases) test(text, () => expect(times(text, after, { count: want.length })).toEqual(want))

  test('never', () => expect(times('0 0 31 4 *', '2026-01-01T00:00:00Z')).toEqual([]))
})

describe('in a place with summer time', () => {
  const zone = 'America/New_York'
  test('local noon', () => expect(times('0 12 * * *', '2026-03-07T00:00:00Z', { zone })).toEqual(['2026-03-07T17:00', '2026-03-08T16:00']))
  test('an hour that does not exist is left out', () =>
    expect(times('30 2 * * *', '2026-03-07T12:00:00Z', { zone, count: 1 })).toEqual(['2026-03-09T06:30']))
  test('midnight of the day on which clocks go back', () =>
    expect(times('0 0 * * *', '2026-10-31T12:00:00Z', { zone })).toEqual(['2026-11-01T04:00', '2026-11-02T05:00']))
  test('half an hour off', () =>
    expect(times('0 * * * *', '2026-01-01T00:10:00Z', { zone: 'Asia/Kolkata', count: 1 })).toEqual(['2026-01-01T00:30']))
})

test('what is no schedule', () => {
  expect(times('1-2-3 * * * *', '')).toEqual(['too many hyphens: 1-2-3'])
  expect(times('1/2/3 * * * *', '')).toEqual(['too many slashes: 1/2/3'])
  expect(times('* * 0 * *', '')).toEqual(['beginning of range (0) below minimum (1): 0'])
  expect(times('@every soon', '')).toEqual(['failed to parse duration @every soon: time: invalid duration "soon"'])
  expect(isTimeZone('Europe/Rome') && !isTimeZone('Europe/Rom')).toBe(true)
})
