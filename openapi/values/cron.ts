// Schedules as cron writes them: five fields or a word such as @hourly. Problems in the words of the library that upstream reads them with.
import { parseDuration } from './time.ts'

export type Schedule =
  | { everyMs: number }
  | {
      minutes: Field
      hours: Field
      days: Field
      months: Field
      weekdays: Field
    }

interface Field {
  values: ReadonlySet<number>
  /** It was *, which does not restrict the other of the two kinds of days. */
  any: boolean
}

interface Bounds {
  min: number
  max: number
  names?: readonly string[]
}

const bounds = {
  minutes: { min: 0, max: 59 },
  hours: { min: 0, max: 23 },
  days: { min: 1, max: 31 },
  months: { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  weekdays: { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
} satisfies Record<string, Bounds>

const words: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

class Problem extends Error {}

/** The schedule, or what is wrong with it. A time zone in front (TZ=…) is left out: the API has a field for it. */
export function parseSchedule(text: string): Schedule | { problem: string } {
  try {
    return parse(text.replace(/^(CRON_)?TZ=\S*\s+/, '').trim())
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message }
    throw error
  }
}

function parse(text: string): Schedule {
  if (text === '') throw new Problem('empty spec string')
  if (text.startsWith('@every ')) {
    const duration = text.slice('@every '.length)
    const ms = parseDuration(duration)
    if (ms === undefined) throw new Problem(`failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`)
    return { everyMs: Math.max(1000, Math.floor(ms / 1000) * 1000) }
  }
  if (text.startsWith('@') && !words[text]) throw new Problem(`unrecognized descriptor: ${text}`)
  const fields = (words[text] ?? text).split(/\s+/)
  if (fields.length !== 5) throw new Problem(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = fields
  return {
    minutes: parseField(minutes, bounds.minutes),
    hours: parseField(hours, bounds.hours),
    days: parseField(days, bounds.days),
    months: parseField(months, bounds.months),
    weekdays: parseField(weekdays, bounds.weekdays),
  }
}

function parseField(text: string, bounds: Bounds): Field {
  const ranges = text
    .split(',')
    .filter(Boolean)
    .map(range => parseRange(range, bounds))
  return { values: new Set(ranges.flatMap(r => r.values)), any: ranges.some(r => r.any) }
}

function parseRange(text: string, { min, max, names }: Bounds): { values: number[]; any: boolean } {
  const [range = '', stepText, ...slashes] = text.split('/')
  const [low = '', high, ...hyphens] = range.split('-')
  const all = low === '*' || low === '?'
  if (!all && hyphens.length > 0) throw new Problem(`too many hyphens: ${text}`)
  const start = all ? min : number(low, names)
  const stated = all ? max : high === undefined ? start : number(high, names)
  if (slashes.length > 0) throw new Problem(`too many slashes: ${text}`)
  const step = stepText === undefined ? 1 : number(stepText)
  // '5/10' means from 5 on.
  const end = stepText !== undefined && high === undefined ? max : stated
  if (start < min) throw new Problem(`beginning of range (${start}) below minimum (${min}): ${text}`)
  if (end > max) throw new Problem(`end of range (${end}) above maximum (${max}): ${text}`)
  if (start > end) throw new Problem(`beginning of range (${start}) beyond end of range (${end}): ${text}`)
  if (step === 0) throw new Problem(`step of range should be a positive number: ${text}`)
  const values: number[] = []
  for (let value = start; value <= end; value += step) values.push(value)
  return { values, any: all && step === 1 }
}

function number(text: string, names: readonly string[] = []): number {
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0) return names.length === 12 ? named + 1 : named
  if (!/^[+-]?\d+$/.test(text))
    throw new Problem(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  const value = Number(text)
  if (value < 0) throw new Problem(`negative number (${value}) not allowed: ${text}`)
  return value
}

export function isTimeZone(name: string): boolean {
  try {
    clockOf(name)
    return true
  } catch {
    return false
  }
}

/** A clock is dear to make. Names come from clients, in any case of letters: only so many are kept. */
const clocks = new Map<string, Intl.DateTimeFormat>()
const maxClocks = 1000

/** Throws RangeError. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (clocks.size >= maxClocks) clocks.clear()
  clocks.set(timeZone, clock)
  return clock
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
/** Beyond it, upstream gives up as well: there is no 30th of February. */
const maxYears = 5

/** The first time of the schedule after `after`, in milliseconds since 1970; undefined when there is none. */
export function nextTime(schedule: Schedule, after: number, timeZone = 'UTC'): number | undefined {
  if ('everyMs' in schedule) return Math.floor(after / second) * second + schedule.everyMs
  const local = localTime(timeZone)
  const end = after + maxYears * 366 * 24 * hour
  let time = Math.floor(after / minute) * minute + minute
  while (time < end) {
    const { year, month, day, hour: hours, minute: minutes } = local.read(time)
    if (!schedule.months.values.has(month)) time = later(time, local.at(year, month + 1, 1))
    else if (!fitsDay(schedule, { year, month, day })) time = later(time, local.at(year, month, day + 1))
    else if (!schedule.hours.values.has(hours)) time += (60 - minutes) * minute
    else if (!schedule.minutes.values.has(minutes)) time += minute
    else return time
  }
  return undefined
}

/** Where clocks are turned back, midnight may come before the time at hand. */
const later = (time: number, next: number): number => (next > time ? next : time + hour)

/** One field that is * leaves the other alone; two that are not add up. */
function fitsDay(
  { days, weekdays }: Exclude<Schedule, { everyMs: number }>,
  { year, month, day }: { year: number; month: number; day: number },
): boolean {
  const inMonth = days.values.has(day)
  const inWeek = weekdays.values.has(new Date(Date.UTC(year, month - 1, day)).getUTCDay())
  return days.any || weekdays.any ? inMonth && inWeek : inMonth || inWeek
}

function localTime(timeZone: string) {
  const clock = clockOf(timeZone)
  const read = (time: number) => {
    const parts = Object.fromEntries(clock.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
    return { year, month, day, hour, minute, second }
  }
  const offset = (time: number): number => {
    const t = read(time)
    return Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second) - Math.floor(time / second) * second
  }
  /** Midnight of a day; the month and day may be one too many. */
  const at = (year: number, month: number, day: number): number => {
    const wall = Date.UTC(year, month - 1, day)
    return wall - offset(wall - offset(wall))
  }
  return { read, at, offset }
}

/** RFC 3339 as a clock of the zone shows it: with the zone's offset, or Z. */
export function zonedTime(time: number, timeZone = 'UTC'): string {
  const { offset } = localTime(timeZone)
  const minutes = Math.round(offset(time) / minute)
  const wall = new Date(time + minutes * minute).toISOString().slice(0, 19)
  if (minutes === 0) return `${wall}Z`
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}
