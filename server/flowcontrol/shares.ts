// Who has how many seats now: what levels do not use goes to those that could. util/flowcontrol, and KEP 1040. Pure.
import type { PriorityLevelConfiguration } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import type { Statistics } from './demand.ts'

/** Seats of a level by its configuration. */
export interface Bounds {
  exempt: boolean
  nominal: number
  /** What it lends goes down to this, what it borrows up to that. */
  lower: number
  upper: number
}

type Spec = PriorityLevelConfiguration['spec']

const shareOf = ({ exempt, limited }: Spec): number => (exempt?.nominalConcurrencyShares ?? limited?.nominalConcurrencyShares) || 0
const percentOf = (seats: number, percent: number): number => Math.round((seats * percent) / 100)

/** In the order of the levels; `all`: the seats of all of them together. */
export function boundsOf(levels: readonly Spec[], all: number): Bounds[] {
  const shares = levels.reduce((sum, level) => sum + shareOf(level), 0)
  return levels.map(spec => {
    const nominal = nominalSeats(shareOf(spec), shares, all)
    const lendable = percentOf(nominal, (spec.exempt ?? spec.limited)?.lendablePercent ?? 0)
    const borrowing = spec.limited?.borrowingLimitPercent
    const upper = nominal + (borrowing === undefined ? all : percentOf(nominal, borrowing))
    return { exempt: spec.type === 'Exempt', nominal, lower: nominal - lendable, upper }
  })
}

/** The level's part of all seats, by its share of the sum of shares. */
export const nominalSeats = (share: number, shares: number, all: number): number => (shares === 0 ? 0 : Math.ceil((all * share) / shares))

export interface Asking extends Bounds {
  demand: Statistics
  /** What it has until now. */
  current: number
}

export interface Shares {
  /** In the order of the levels. */
  current: number[]
  /** What they would get if there was enough; none for exempt ones. */
  targets: (number | undefined)[]
  /** What part of their target they get. */
  fairFraction: number
}

/** Exempt levels come first, and nobody gets less than is lent of his nominal seats or used of them. */
export function share(levels: readonly Asking[]): Shares {
  const limited = levels.filter(({ exempt }) => !exempt)
  const floorOf = ({ lower, nominal, demand }: Asking) => Math.max(lower, Math.min(nominal, demand.highWatermark))
  const ofExempt = ({ lower, demand }: Asking) => Math.max(lower, demand.highWatermark)
  const wishOf = (level: Asking): Wish => ({
    low: floorOf(level),
    high: level.upper,
    target: Math.max(floorOf(level), level.demand.smoothed),
  })
  const all = sumOf(levels, ({ nominal }) => nominal)
  const left = all - sumOf(levels, level => (level.exempt ? ofExempt(level) : 0))
  const [lowers, floors] = [sumOf(limited, ({ lower }) => lower), sumOf(limited, floorOf)]
  const fair = left > floors ? fairly(limited.map(wishOf), all) : undefined
  const ofLimited = (level: Asking): number => {
    if (left <= lowers) return level.lower
    if (left <= floors) return level.lower + Math.round(((floorOf(level) - level.lower) * (left - lowers)) / (floors - lowers))
    return fair ? Math.round(fair.parts[limited.indexOf(level)] ?? 0) : level.current
  }
  return {
    current: levels.map(level => (level.exempt ? ofExempt(level) : ofLimited(level))),
    targets: levels.map(level => (level.exempt ? undefined : wishOf(level).target)),
    fairFraction: fair?.fraction ?? 0,
  }
}

const sumOf = <T>(list: readonly T[], value: (item: T) => number): number => list.reduce((sum, item) => sum + value(item), 0)

interface Wish {
  target: number
  low: number
  high: number
}

/** So that nobody's target is nothing. */
const leastTarget = 0.001
const negligible = 1e-7

/** Everybody gets the same fraction of his target, but what his bounds allow, and all together `sum`. undefined: the bounds do not allow it. */
export function fairly(wishes: readonly Wish[], sum: number): { parts: number[]; fraction: number } | undefined {
  const targets = wishes.map(({ target }) => Math.max(target, leastTarget))
  const parts = (fraction: number) => wishes.map(({ low, high }, i) => Math.max(low, Math.min(high, fraction * (targets[i] as number))))
  const total = (fraction: number) => sumOf(parts(fraction), part => part)
  // Between two of these, the sum grows evenly.
  const turns = wishes.flatMap(({ low, high }, i) => [low / (targets[i] as number), high / (targets[i] as number)]).sort((a, b) => a - b)
  const [first = 0, last = 0] = [turns[0], turns.at(-1)]
  if (sum < total(first) - negligible || sum > total(last) + negligible) return undefined
  const at = turns.findIndex(turn => total(turn) >= sum)
  const [before = first, after] = [turns[at - 1], at < 0 ? last : (turns[at] as number)]
  const [less, more] = [total(before), total(after)]
  const fraction = more > less ? before + ((sum - less) * (after - before)) / (more - less) : after
  return { parts: parts(fraction), fraction }
}
