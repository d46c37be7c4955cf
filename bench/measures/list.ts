// CPU of lists of many pods, and the memory they take.
import { type Effort, median, type Row } from '../measure.ts'
import { pod, pods } from '../objects.ts'
import { type Running, startBare } from '../server.ts'

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const protobuf = 'application/vnd.kubernetes.protobuf'
const forms: readonly [name: string, how: Form][] = [
  ['', {}],
  [', gzip', { gzip: true }],
  [', Table', { accept: table }],
  [', Table, gzip', { accept: table, gzip: true }],
  [', protobuf', { accept: protobuf }],
  [', protobuf, gzip', { accept: protobuf, gzip: true }],
]

export async function* list({ quick, rounds }: Effort): AsyncIterable<Row> {
  const server = await startBare()
  let filled = 0
  for (const count of quick ? [2_000] : [10_000, 100_000]) {
    const calls = Array.from({ length: count - filled }, (_, i) => ({
      method: 'POST',
      path: pods,
      body: JSON.stringify(pod(`p-${filled + i}`)),
    }))
    await server.client.all(calls)
    filled = count
    const some = `${count.toLocaleString('en')} pods`
    const of = `of ${some}`
    const memory = async (after = ''): Promise<Row> => ({
      name: `memory with ${some}${after}`,
      value: (await server.usage()).rssMb,
      unit: 'MB',
      target: count === 10_000 && after === '' ? 300 : undefined,
    })
    yield await memory()
    for (const [name, how] of forms)
      yield {
        name: `list ${of}${name}`,
        value: await costOf(server, rounds, () => get(server, '', how)),
        unit: 'ms',
        target: count === 10_000 ? 100 : undefined,
      }
    yield { name: `list ${of}, pages of 500`, value: await costOf(server, rounds, () => pages(server, {})), unit: 'ms' }
    yield { name: `list ${of}, pages of 500, gzip`, value: await costOf(server, rounds, () => pages(server, { gzip: true })), unit: 'ms' }
    yield { name: `list ${of}, by label`, value: await costOf(server, rounds, () => get(server, '?labelSelector=app=none')), unit: 'ms' }
    yield await memory(', after lists of every form')
  }
  await server.stop()
}

interface Form {
  accept?: string
  gzip?: boolean
}

const get = (server: Running, query = '', how: Form = {}) => server.client.request('GET', `${pods}${query}`, how)

async function pages(server: Running, how: Form): Promise<void> {
  let from: string | undefined = ''
  while (from !== undefined) {
    const { body } = await get(server, `?limit=500${from && `&continue=${from}`}`, how)
    from = /"continue":"([^"]+)"/.exec(body.slice(0, 500))?.[1]
  }
}

/** Milliseconds, the median of several. */
async function costOf(server: Running, rounds: number, run: () => Promise<unknown>): Promise<number> {
  const costs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = await server.usage()
    await run()
    costs.push(((await server.usage()).cpuUs - before.cpuUs) / 1000)
  }
  return median(costs)
}
