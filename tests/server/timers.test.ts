import { expect, test } from 'vitest'
import { createIds } from '../../server/ids.ts'
import { type Timer, TimerHeap } from '../../server/timers.ts'

test('timers come in the order they are due, then as they were set, whatever is added and removed between', () => {
  const ids = createIds(7)
  const random = (below: number) => Math.floor(ids.fraction() * below)
  const heap = new TimerHeap()
  let model: Timer[] = []
  for (let order = 0; order < 3000; order++) {
    const timer: Timer = { due: random(50), order, run: () => {}, at: -1 }
    heap.add(timer)
    model.push(timer)
    if (random(3) > 0) continue
    const victim = model[random(model.length)] as Timer
    expect(heap.remove(victim)).toBe(true)
    expect(heap.remove(victim)).toBe(false)
    model = model.filter(t => t !== victim)
  }
  model.sort((a, b) => a.due - b.due || a.order - b.order)
  for (const expected of model) {
    expect(heap.first()).toBe(expected)
    heap.remove(expected)
  }
  expect(heap.first()).toBeUndefined()
})
