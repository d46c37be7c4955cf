// Times and durations as the API writes them: RFC 3339 to the second (Time) or microsecond (MicroTime), Go durations, ages in tables.

/** metav1.Time: whole seconds, UTC. */
export const printTime = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`
/** metav1.MicroTime; a Date knows milliseconds only. */
export const printMicroTime = (date: Date): string => `${date.toISOString().slice(0, 23)}000Z`

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** undefined when it is not RFC 3339. */
export function parseTime(text: string): Date | undefined {
  if (!rfc3339.test(text)) return undefined
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Go's time.ParseDuration in milliseconds; undefined when it would fail. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.exec(text)
  if (!match) return /^[+-]?0$/.test(text) ? 0 : undefined
  let total = 0
  for (const [, amount = '0', unit = 's'] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(amount) * (unitMs[unit] ?? 0)
  return match[1] === '-' ? -total : total
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** An age as tables print it (k8s.io/apimachinery duration.HumanDuration): two units at most, coarser as it grows. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / second)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.trunc(ms / minute)
  if (minutes < 10) return pair(minutes, 'm', Math.trunc(ms / second) % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.trunc(ms / hour)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.trunc(hours / 24)
  if (hours < 24 * 8) return pair(days, 'd', hours % 24, 'h')
  if (hours < 24 * 365 * 2) return `${days}d`
  const years = Math.trunc(ms / year)
  if (hours < 24 * 365 * 8) return pair(years, 'y', days % 365, 'd')
  return `${years}y`
}

const pair = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`

/** The age of an instant given as RFC 3339, or <unknown>. */
export function ageOf(since: string | undefined | null, now: Date): string {
  const date = since ? parseTime(since) : undefined
  return date ? humanDuration(now.getTime() - date.getTime()) : '<unknown>'
}
