// Levels lend each other seats.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bootstrapLevels } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/bootstrap.ts'
import { ControlledClock } from '../../server/clock.ts'
import { noDemand, updated } from '../../server/flowcontrol/demand.ts'
import { Lending, type Level } from '../../server/flowcontrol/lending.ts'
import { Seats } from '../../server/flowcontrol/seats.ts'
import { type Asking, boundsOf, fairly, nominalSeats, share } from '../../server/flowcontrol/shares.ts'
import { serveRest } from '../support/api.ts'

test('nominal seats are parts of all by share', () => {
  expect([30, 40, 10, 40, 100, 5, 20, 0].map(one => nominalSeats(one, 245, 600))).toEqual([74, 98, 25, 98, 245, 13, 49, 0])
  expect(nominalSeats(0, 0, 600)).toBe(0)
})

const names = Object.keys(bootstrapLevels)
const bounds = boundsOf(Object.values(bootstrapLevels), 600)

test('bounds are those of the configuration', () =>
  expect(Object.fromEntries(names.map((name, i) => [name, [bounds[i]?.lower, bounds[i]?.nominal, bounds[i]?.upper]]))).toEqual({
    exempt: [0, 0, 600],
    'catch-all': [13, 13, 613],
    system: [50, 74, 674],
    'node-high': [73, 98, 698],
    'leader-election': [25, 25, 625],
    'workload-high': [49, 98, 698],
    'workload-low': [24, 245, 845],
    'global-default': [24, 49, 649],
  }))

describe('a fair share', () => {
  const wish = fc
    .record({ low: fc.nat(100), more: fc.nat(100), over: fc.double({ min: 0, max: 100, noNaN: true }) })
    .map(({ low, more, over }) => ({ low, high: low + more, target: low + over }))

  test('is the same fraction for all but those whom their bounds stop, and all of it', () =>
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (wishes, part) => {
        const [low, high] = [wishes.reduce((sum, w) => sum + w.low, 0), wishes.reduce((sum, w) => sum + w.high, 0)]
        const sum = Math.round(low + (high - low) * part)
        const fair = fairly(wishes, sum)
        expect(fair?.parts.reduce((total, seats) => total + seats, 0)).toBeCloseTo(sum, 4)
        for (const [i, { low, high, target }] of wishes.entries()) {
          const [seats, wanted] = [fair?.parts[i] as number, (fair?.fraction as number) * Math.max(target, 0.001)]
          expect(seats).toBeGreaterThanOrEqual(low)
          expect(seats).toBeLessThanOrEqual(high)
          if (seats > low + 1e-6 && seats < high - 1e-6) expect(seats).toBeCloseTo(wanted, 4)
          if (seats <= low + 1e-6 && high > low) expect(wanted).toBeLessThanOrEqual(low + 1e-4)
          if (seats >= high - 1e-6 && high > low) expect(wanted).toBeGreaterThanOrEqual(high - 1e-4)
        }
      }),
    ))
  test('is none when the bounds do not allow it', () => {
    expect(fairly([{ low: 2, high: 3, target: 2 }], 1)).toBeUndefined()
    expect(fairly([{ low: 2, high: 3, target: 2 }], 4)).toBeUndefined()
  })
})

describe('shares', () => {
  const level = (lower: number, nominal: number, upper: number, wants: number, more: Partial<Asking> = {}): Asking => ({
    ...{ exempt: false, lower, nominal, upper, current: nominal },
    demand: { average: wants, deviation: 0, highWatermark: wants, smoothed: wants },
    ...more,
  })
  const exempt = (wants: number) => level(0, 0, 0, wants, { exempt: true })
  test.each<[what: string, levels: Asking[], current: number[]]>([
    ['nobody asks: by what nobody may take', [level(10, 20, 100, 0), level(30, 60, 100, 0)], [20, 60]],
    ['who could use more gets what others lend', [level(10, 50, 100, 10), level(50, 50, 100, 90)], [10, 90]],
    ['not beyond what he may borrow', [level(10, 50, 100, 10), level(50, 50, 60, 90)], [40, 60]],
    ['not what others use of their own', [level(10, 50, 100, 45), level(50, 50, 100, 200)], [45, 55]],
    ['both want more than there is', [level(0, 50, 100, 100), level(0, 50, 100, 300)], [50, 50]],
    ['exempt requests go first', [exempt(30), level(10, 50, 100, 50), level(40, 50, 100, 50)], [30, 26, 44]],
    ['but take nothing that is not lent', [exempt(80), level(10, 50, 100, 50), level(40, 50, 100, 50)], [80, 10, 40]],
    ['bounds that cannot be met change nothing', [level(0, 50, 0, 0, { current: 7 })], [7]],
  ])('%s', (_what, levels, current) => expect(share(levels).current).toEqual(current))

  test('targets and the fraction are told', () => {
    const { targets, fairFraction } = share([exempt(0), level(10, 50, 100, 10), level(10, 50, 100, 40)])
    expect(targets).toEqual([undefined, 10, 40])
    expect(fairFraction).toBeCloseTo(2)
  })
})

test('demand rises at once, and half of it is forgotten after five minutes', () => {
  const observed = (average: number) => ({ average, deviation: 0, highWatermark: average })
  let known = updated(noDemand, observed(100))
  expect(known.smoothed).toBe(100)
  for (let period = 0; period < 30; period++) known = updated(known, observed(0))
  expect(known.smoothed).toBeCloseTo(50, 0)
  expect(updated(known, { average: Number.NaN, deviation: 0, highWatermark: 3 })).toEqual({ ...known, highWatermark: 3 })
})

describe('by and by', () => {
  function aPair() {
    const clock = new ControlledClock(async () => {}, new Date(0))
    const seats = [new Seats(clock), new Seats(clock)] as const
    for (const one of seats) one.configure({ queues: 1, handSize: 1, queueLengthLimit: 100 })
    const lending = new Lending(clock)
    const common = { exempt: false, nominal: 4, lower: 1, upper: 8 }
    const levels: Level[] = [
      { ...common, name: 'quiet', seats: seats[0] },
      { ...common, name: 'busy', seats: seats[1] },
    ]
    lending.configure(levels)
    const limits = () => lending.state().levels.map(({ current }) => current)
    const enter = (count: number) =>
      Array.from({ length: count }, () => {
        const outcome = seats[1].enter(() => 'flow', 1)
        if (outcome instanceof Promise) lending.waits()
        return outcome
      })
    return { clock, seats, lending, levels, limits, enter }
  }

  test('who waits gets what others lend, ten seconds later, and it goes back when nobody needs it', async () => {
    const { clock, seats, limits, enter } = aPair()
    expect(limits()).toEqual([4, 4])
    const outcomes = enter(7)
    expect(outcomes.map(outcome => outcome instanceof Promise)).toEqual([false, false, false, false, true, true, true])
    await clock.advance(10_000)
    expect(limits()).toEqual([1, 7])
    expect(await Promise.all(outcomes)).toEqual(Array(7).fill('seated'))
    for (let i = 0; i < 7; i++) seats[1].leave(1)
    // Nothing runs while nobody waits, and yet time goes by.
    expect(clock.untilNextMs()).toBeUndefined()
    await clock.advance(3_600_000)
    expect(limits()).toEqual([4, 4])
  })

  test('looking late is the same as looking every time', async () => {
    const [often, once] = [aPair(), aPair()]
    for (const { clock, enter } of [often, once]) {
      void enter(3)
      await clock.advance(7000)
    }
    const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value)
    const told = ({ lending }: typeof often) =>
      JSON.stringify(
        lending.state().levels.map(({ demand, current, target }) => ({ demand, current, target })),
        rounded,
      )
    for (const periods of [30, 2000]) {
      for (let i = 0; i < periods; i++) {
        await often.clock.advance(10_000)
        often.limits()
      }
      await once.clock.advance(periods * 10_000)
      expect(told(once)).toEqual(told(often))
      for (const { clock, lending, seats } of [often, once]) {
        lending.catchUp()
        seats[1].leave(1)
        await clock.advance(5000)
      }
      expect(told(once)).toEqual(told(often))
    }
  })

  test('what is known of a level outlasts a change of its bounds', async () => {
    const { clock, lending, levels, limits, enter } = aPair()
    void enter(6)
    await clock.advance(10_000)
    expect(limits()).toEqual([1, 7])
    lending.configure(levels.map(level => (level.name === 'busy' ? { ...level, upper: 5 } : level)))
    expect(limits()).toEqual([3, 5])
  })
})

test('/metrics tells who has how many', async () => {
  await using rest = await serveRest()
  const text = async () => (await rest.call('get', '/metrics').buffer(true)).text
  const of = (name: string, all: string): Record<string, number> =>
    Object.fromEntries(
      [...all.matchAll(new RegExp(`^apiserver_flowcontrol_${name}\\{priority_level="(.*)"\\} (.*)$`, 'gm'))].map(([, level, value]) => [
        level,
        Number(value),
      ]),
    )
  const before = await text()
  expect(of('nominal_limit_seats', before)).toEqual(Object.fromEntries(names.map((name, i) => [name, bounds[i]?.nominal])))
  expect(of('lower_limit_seats', before)).toMatchObject({ 'workload-low': 24 })
  expect(of('upper_limit_seats', before)).toMatchObject({ 'workload-low': 845 })
  const current = of('current_limit_seats', before)
  // The exempt one has what it needs: this request.
  expect(current.exempt).toBeLessThanOrEqual(1)
  const limited = Object.entries(current).filter(([name]) => name !== 'exempt')
  expect(limited.reduce((sum, [, seats]) => sum + seats, 0)).toBeGreaterThanOrEqual(600)
  expect(before).toMatch(/^apiserver_flowcontrol_seat_fair_frac 2\.\d+$/m)
  await rest.cluster.clock.advance(10_000)
  const after = await text()
  expect(of('demand_seats_high_watermark', after)).toMatchObject({ exempt: 1, 'workload-low': 0 })
  expect(of('target_seats', after)).not.toHaveProperty('exempt')
})
