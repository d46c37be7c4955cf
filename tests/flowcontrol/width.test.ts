// Lists take more seats, by what they have in memory at once.
import { expect, test } from 'vitest'
import { beginsWithAll, mostSeats, type Stored, widthOf } from '../../server/flowcontrol/width.ts'
import { aConfigMap, configMaps, type Rest, serveRest } from '../support/api.ts'

const queuing = { queues: 64, handSize: 6, queueLengthLimit: 50 }
test.each([
  [74, queuing, 12],
  [245, queuing, 37],
  [25, { ...queuing, handSize: 4 }, 4],
  [0, queuing, 1],
  [13, undefined, 100],
  [10_000, queuing, 100],
])('a level with %i seats gives a request at most', (nominal, queues, most) => expect(mostSeats(nominal, queues)).toBe(most))

const few: Stored = { count: 10, averageBytes: 5000 }
const many: Stored = { count: 400, averageBytes: 5000 }
const past = 'resourceVersion=7&resourceVersionMatch=Exact'
test.each<[what: string, stored: Stored, query: string, seats: number, more?: object]>([
  ['nothing', { count: 0, averageBytes: 0 }, '', 1],
  ['little', few, '', 1],
  ['much, from the cache', many, '', 10],
  ['any version', many, 'resourceVersion=0', 10],
  ['not older', many, 'resourceVersion=7&resourceVersionMatch=NotOlderThan&limit=50', 3],
  ['the first page', many, 'limit=100', 5],
  ['another page', many, 'limit=100&continue=x', 5],
  ['of the past', many, past, 20],
  ['a page of the past', many, 'limit=300&resourceVersion=7', 15],
  ['a page of the past, selected from much', many, 'limit=10&resourceVersion=7&labelSelector=a%3Db', 10],
  ['selected from the cache', many, 'labelSelector=a%3Db', 10],
  ['one', many, `${past}&fieldSelector=metadata.name%3Da`, 1, { single: true }],
  ['a watch', many, past, 10, { watch: true }],
  ['no more than may be', many, past, 4, { most: 4 }],
])('%s', (_what, stored, query, seats, more = {}) => {
  const { most, ...asked } = { watch: false, single: false, most: 100, ...more }
  expect(widthOf(stored, { query: new URLSearchParams(query), ...asked }, most)).toBe(seats)
})

test.each([
  ['', true],
  ['resourceVersion=0', true],
  ['resourceVersion=7', false],
  ['resourceVersion=7&sendInitialEvents=true', true],
])('a watch with %o begins with all: %s', (query, all) => expect(beginsWithAll(new URLSearchParams(query))).toBe(all))

test('what is stored is known by the minute, and /metrics tells how wide requests were', async () => {
  await using rest = await serveRest({ authorizationMode: 'AlwaysAllow', tokens: 'janetoken,jane,j-1' })
  const list = (query = '') => rest.call('get', `${configMaps}${query}`).set('authorization', 'Bearer janetoken').expect(200)
  const widths = async (of: Rest) => {
    const text = (await of.call('get', '/metrics').buffer(true)).text
    const labels = 'flow_schema="global-default",priority_level="global-default"'
    const [, count, sum] =
      new RegExp(`work_estimated_seats_sum\\{${labels}\\} (\\d+)\\n.*work_estimated_seats_count\\{${labels}\\} (\\d+)`).exec(text) ?? []
    return [Number(count), Number(sum)]
  }
  await list()
  expect(await widths(rest)).toEqual([1, 1])
  for (let i = 0; i < 30; i++) await rest.call('post', configMaps, aConfigMap(`c${i}`, { large: 'x'.repeat(19_000) })).expect(201)
  await list()
  expect(await widths(rest)).toEqual([2, 2])
  await rest.cluster.clock.advance(60_000)
  // 30 of 19 kilobytes, and the two that every cluster has.
  await list()
  await list('?limit=10')
  await list('?fieldSelector=metadata.name%3Dc1')
  const [seats, requests] = await widths(rest)
  expect(requests).toBe(5)
  expect(seats).toBe(2 + 7 + 2 + 1)
})
