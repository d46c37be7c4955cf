// CPU of one event to one of fifty watchers: what the same writes cost more when they are watched. The baseline only writes as many bytes.
import type { Call } from '../client.ts'
import { type Effort, median, type Row } from '../measure.ts'
import { pod, podStatus, pods } from '../objects.ts'
import { type Running, startBare, startBaseline } from '../server.ts'

const watchers = 50

interface Watched {
  server: Running
  path: string
  update(round: number): Call
  costs: number[]
}

export async function* watch({ rounds, requests }: Effort): AsyncIterable<Row> {
  const [baseline, server] = [await startBaseline(), await startBare()]
  await server.client.request('POST', pods, { body: JSON.stringify(pod('watched')) })
  await server.client.request('PATCH', statusPath, patched(1))
  const { body } = await server.client.request('GET', `${pods}/watched`)
  const echoed: Watched = { server: baseline, path: '/watch', update: () => ({ method: 'POST', path: '/echo', body }), costs: [] }
  const real: Watched = {
    server,
    path: `${pods}?watch=1`,
    update: round => ({ method: 'PATCH', path: statusPath, ...patched(round) }),
    costs: [],
  }
  for (let round = 0; round <= rounds; round++)
    for (const watched of [echoed, real]) {
      const alone = await writes(watched, requests, 0)
      const cost = ((await writes(watched, requests, watchers)) - alone) / (requests * watchers)
      // The first round warms up.
      if (round > 0) watched.costs.push(cost)
    }
  await Promise.all([baseline.stop(), server.stop()])
  const name = `one of ${watchers} watchers`
  yield { name: `baseline: as many bytes to ${name}`, value: median(echoed.costs), unit: 'µs' }
  const ratio = median(real.costs.map((cost, round) => cost / (echoed.costs[round] as number)))
  yield { name: `watch event to ${name}`, value: median(real.costs), unit: 'µs', target: 15, ratio }
}

const statusPath = `${pods}/watched/status`
const patched = (round: number) => ({
  contentType: 'application/strategic-merge-patch+json',
  body: JSON.stringify(podStatus(round)),
})

/** Microseconds for `count` updates that so many watchers see. */
async function writes({ server, path, update }: Watched, count: number, watching: number): Promise<number> {
  let [seen, opened] = [0, 0]
  const closers: (() => void)[] = []
  for (let i = 0; i < watching; i++) closers.push(await server.client.watch(path, () => seen++))
  await until(() => seen === watching)
  opened = seen
  const before = await server.usage()
  await server.client.all(Array.from({ length: count }, (_, i) => update(i)))
  await until(() => seen - opened === count * watching)
  const after = await server.usage()
  for (const close of closers) close()
  return after.cpuUs - before.cpuUs
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(resolve => setTimeout(resolve, 1))
}
