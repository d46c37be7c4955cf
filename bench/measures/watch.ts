// CPU of one event to one of fifty watchers: what the same writes cost more when they are watched.
import type { Call } from '../client.ts'
import { type Effort, median, type Row } from '../measure.ts'
import { pod, podStatus, pods } from '../objects.ts'
import { type Running, startBare } from '../server.ts'

const watchers = 50

export async function* watch({ rounds, requests }: Effort): AsyncIterable<Row> {
  const server = await startBare()
  await server.client.request('POST', pods, { body: JSON.stringify(pod('watched')) })
  const costs: number[] = []
  await writes(server, requests, 0)
  for (let round = 1; round <= rounds; round++) {
    const alone = await writes(server, requests, 0)
    costs.push(((await writes(server, requests, watchers)) - alone) / (requests * watchers))
  }
  await server.stop()
  yield { name: `watch event to one of ${watchers}`, value: median(costs), unit: 'µs', target: 15 }
}

/** Microseconds for `count` updates that so many watchers see. */
async function writes(server: Running, count: number, watching: number): Promise<number> {
  let [seen, opened] = [0, 0]
  const closers: (() => void)[] = []
  for (let i = 0; i < watching; i++) closers.push(await server.client.watch(`${pods}?watch=1`, () => seen++))
  await until(() => seen === watching)
  opened = seen
  const before = await server.usage()
  await server.client.all(Array.from({ length: count }, (_, i) => update(i)))
  await until(() => seen - opened === count * watching)
  const after = await server.usage()
  for (const close of closers) close()
  return after.cpuUs - before.cpuUs
}

const update = (round: number): Call => ({
  method: 'PATCH',
  path: `${pods}/watched/status`,
  contentType: 'application/strategic-merge-patch+json',
  body: JSON.stringify(podStatus(round)),
})

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(resolve => setTimeout(resolve, 1))
}
