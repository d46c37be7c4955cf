// How far a size may go at once, and how long what was recommended before still counts. Pure.
import type {
  HorizontalPodAutoscaler,
  ScalingRules,
} from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/horizontalpodautoscaler.ts'

/** What the controller remembers of an autoscaler. Times are milliseconds since the epoch. */
export interface History {
  recommendations: readonly { replicas: number; at: number }[]
  /** By how many pods the size went up, and down. */
  ups: readonly Change[]
  downs: readonly Change[]
}

interface Change {
  by: number
  at: number
}

/** No window and no period is longer. */
const longestMs = 3_600_000
const usualDownscaleMs = 300_000

const kept = <T extends { at: number }>(all: readonly T[], now: number): T[] => all.filter(({ at }) => at >= now - longestMs)

/** From the size that was first seen. */
export const begun = (replicas: number, now: number): History => ({ recommendations: [{ replicas, at: now }], ups: [], downs: [] })

/** A change of size counts only for rules that look at periods. */
export function resized(history: History, { from, to, now }: { from: number; to: number; now: number }): History {
  return to > from
    ? { ...history, ups: [...kept(history.ups, now), { by: to - from, at: now }] }
    : { ...history, downs: [...kept(history.downs, now), { by: from - to, at: now }] }
}

export interface Wish {
  current: number
  desired: number
  min: number
  max: number
  now: number
}

interface Told {
  reason: string
  message: string
}

export interface Normalised {
  replicas: number
  able: Told
  limited: Told & { status: 'True' | 'False' }
  history: History
}

type Behavior = HorizontalPodAutoscaler['spec']['behavior']

export function normalise(behavior: Behavior, history: History, wish: Wish): Normalised {
  const { desired, now } = wish
  const stable = behavior ? stabilised(behavior, history, wish) : withoutDrops(history, wish)
  const { replicas, ...told } = behavior
    ? byRules(behavior, history, { ...wish, desired: stable })
    : byDefault({ ...wish, desired: stable })
  const goesDown = !behavior || desired < wish.current
  return {
    replicas,
    able: stable === desired ? ready : goesDown ? downStabilised : upStabilised,
    limited: { status: replicas === stable ? 'False' : 'True', ...told },
    history: { ...history, recommendations: [...kept(history.recommendations, now), { replicas: desired, at: now }] },
  }
}

const ready: Told = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
const downStabilised: Told = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const upStabilised: Told = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}

/** The highest of the last five minutes. */
const withoutDrops = ({ recommendations }: History, { desired, now }: Wish): number =>
  Math.max(desired, ...recommendations.filter(({ at }) => at >= now - usualDownscaleMs).map(({ replicas }) => replicas))

function stabilised({ scaleUp, scaleDown }: NonNullable<Behavior>, { recommendations }: History, { desired, current, now }: Wish): number {
  const within = (seconds: number) => recommendations.filter(({ at }) => at > now - seconds * 1000).map(({ replicas }) => replicas)
  const lowest = Math.min(desired, ...within(scaleUp?.stabilizationWindowSeconds ?? 0))
  const highest = Math.max(desired, ...within(scaleDown?.stabilizationWindowSeconds ?? usualDownscaleMs / 1000))
  return Math.min(Math.max(current, lowest), highest)
}

type Limited = Told & { replicas: number }

const inRange = (replicas: number): Limited => ({
  replicas,
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
})
const tooMany: Told = { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' }
const tooFew: Told = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' }
const tooFast: Told = { reason: 'ScaleUpLimit', message: 'the desired replica count is increasing faster than the maximum scale rate' }
const tooFastDown: Told = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
}

function byDefault({ current, desired, min, max }: Wish): Limited {
  const limit = Math.max(2 * current, 4)
  const most = Math.min(max, limit)
  if (desired < min) return { replicas: min, ...tooFew }
  if (desired > most) return { replicas: most, ...(max > limit ? tooFast : tooMany) }
  return inRange(desired)
}

function byRules({ scaleUp, scaleDown }: NonNullable<Behavior>, history: History, { current, desired, min, max, now }: Wish): Limited {
  if (desired > current) {
    const limit = Math.max(limitOf(scaleUp, 'up', { history, current, now }), current)
    const most = Math.min(max, limit)
    if (desired > most) return { replicas: most, ...(max > limit ? tooFast : tooMany) }
  } else if (desired < current) {
    const limit = Math.min(limitOf(scaleDown, 'down', { history, current, now }), current)
    const least = Math.max(min, limit)
    if (desired < least) return { replicas: least, ...(min < limit ? tooFastDown : tooFew) }
  }
  return inRange(desired)
}

interface Moment {
  history: History
  current: number
  now: number
}

/** How far the policies let the size go. */
function limitOf(rules: ScalingRules | undefined, direction: 'up' | 'down', { history, current, now }: Moment): number {
  const { selectPolicy = 'Max', policies = [] } = rules ?? {}
  if (selectPolicy === 'Disabled') return current
  const changed = (changes: readonly Change[], seconds: number) =>
    changes.filter(({ at }) => at > now - seconds * 1000).reduce((sum, { by }) => sum + by, 0)
  const sign = direction === 'up' ? 1 : -1
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changed(history.ups, periodSeconds) + changed(history.downs, periodSeconds)
    if (type === 'Pods') return start + sign * value
    const size = start * (1 + (sign * value) / 100)
    return direction === 'up' ? Math.ceil(size) : Math.trunc(size)
  })
  return (selectPolicy === 'Min') === (direction === 'up') ? Math.min(...limits) : Math.max(...limits)
}
