// Who waits for a seat of a level, in which queue, and for how long.
import { describe, expect, test } from 'vitest'
import { ControlledClock } from '../../server/clock.ts'
import { hand, type Queuing, Seats } from '../../server/flowcontrol/seats.ts'

/** A level, and a clock that only goes by hand. */
function aLevel(limit: number, queuing?: Queuing) {
  const clock = new ControlledClock(async () => {}, new Date(0))
  const seats = new Seats(clock)
  seats.configure(queuing)
  seats.limit(limit)
  return { clock, seats }
}
const queuing = { queues: 4, handSize: 2, queueLengthLimit: 2 }

test('a hand has different queues, always the same for a flow', () => {
  for (let flow = 0; flow < 200; flow++) {
    const dealt = hand(`flow ${flow}`, 64, 8)
    expect(new Set(dealt).size).toBe(8)
    expect(dealt.every(index => index >= 0 && index < 64)).toBe(true)
    expect(hand(`flow ${flow}`, 64, 8)).toEqual(dealt)
  }
  const dealt = Array.from({ length: 640 }, (_, flow) => hand(`${flow}`, 64, 1)[0])
  expect(new Set(dealt).size).toBe(64)
})

test.each([1, 0])('without queues whoever finds none is refused, and one is always served: %i', limit => {
  const { seats } = aLevel(limit)
  expect([seats.enter(() => 'a', 1), seats.enter(() => 'a', 1)]).toEqual(['seated', 'concurrency-limit'])
  seats.leave(1)
  expect(seats.enter(() => 'a', 1)).toBe('seated')
})

test('flows take turns, full queues refuse, and nobody waits for ever', async () => {
  const { seats, clock } = aLevel(1, { ...queuing, handSize: 1 })
  expect(seats.enter(() => 'busy', 1)).toBe('seated')
  const order: string[] = []
  const enter = (flow: string) => {
    const outcome = seats.enter(() => flow, 1)
    if (typeof outcome === 'string') order.push(`${flow} ${outcome}`)
    else void outcome.then(later => order.push(`${flow} ${later}`))
  }
  const other = Array.from({ length: 20 }, (_, i) => `other ${i}`).find(flow => hand(flow, 4, 1)[0] !== hand('busy', 4, 1)[0]) as string
  for (const flow of ['busy', 'busy', 'busy', other]) enter(flow)
  expect(order).toEqual(['busy queue-full'])
  seats.leave(1)
  seats.leave(1)
  await Promise.resolve()
  expect(order.slice(1).sort()).toEqual(['busy seated', `${other} seated`])
  expect(seats.waits).toBe(true)
  await clock.advance(15_000)
  expect(order.at(-1)).toBe('busy time-out')
  expect([seats.waits, clock.untilNextMs()]).toEqual([false, undefined])
  seats.leave(1)
  expect(seats.enter(() => 'busy', 1)).toBe('seated')
})

test('more of them seat those who wait', async () => {
  const { seats, clock } = aLevel(0, queuing)
  const waiting = [seats.enter(() => 'a', 1), seats.enter(() => 'b', 1), seats.enter(() => 'c', 1)]
  seats.configure({ ...queuing, queues: 1 })
  seats.limit(2)
  seats.close()
  expect((await Promise.all(waiting)).sort()).toEqual(['seated', 'seated', 'time-out'])
  expect(clock.untilNextMs()).toBeUndefined()
})

test('demand is what is taken and what is waited for', async () => {
  const { seats, clock } = aLevel(1, queuing)
  void seats.enter(() => 'a', 1)
  void seats.enter(() => 'b', 1)
  await clock.advance(5000)
  seats.leave(1)
  await clock.advance(5000)
  expect(seats.demand.reset(10_000)).toEqual({ average: 1.5, deviation: 0.5, highWatermark: 2 })
  await clock.advance(10_000)
  expect(seats.demand.reset(20_000)).toEqual({ average: 1, deviation: 0, highWatermark: 1 })
})

describe('wide requests', () => {
  test('take more seats, and hold up those behind them', async () => {
    const { seats } = aLevel(4, { ...queuing, queues: 1, handSize: 1, queueLengthLimit: 10 })
    expect(seats.enter(() => 'a', 3)).toBe('seated')
    const order: string[] = []
    for (const [name, width] of [
      ['wide', 2],
      ['narrow', 1],
    ] as const)
      void Promise.resolve(seats.enter(() => 'a', width)).then(outcome => order.push(`${name} ${outcome}`))
    await Promise.resolve()
    expect(order).toEqual([])
    seats.leave(3)
    await new Promise(resolve => setImmediate(resolve))
    expect(order).toEqual(['wide seated', 'narrow seated'])
    expect(seats.enter(() => 'a', 2)).toBeInstanceOf(Promise)
    expect(seats.demand.reset(0).highWatermark).toBe(6)
    seats.close()
  })

  test('wider than the level are served alone', () => {
    const { seats } = aLevel(2)
    expect([seats.enter(() => 'a', 5), seats.enter(() => 'a', 1)]).toEqual(['seated', 'concurrency-limit'])
    seats.leave(5)
    expect([seats.enter(() => 'a', 1), seats.enter(() => 'a', 5), seats.enter(() => 'a', 1)]).toEqual([
      'seated',
      'concurrency-limit',
      'seated',
    ])
  })
})
