// How long from the start of the process to /readyz, and what an idle cluster of three nodes keeps.
import { type Effort, median, type Row } from '../measure.ts'
import { startKubemock } from '../server.ts'

export async function* start({ quick, rounds }: Effort): AsyncIterable<Row> {
  const readyMs: number[] = []
  for (let i = 0; i < (quick ? 4 : rounds * 4); i++) {
    const server = await startKubemock()
    readyMs.push(server.readyMs)
    await server.stop()
  }
  yield { name: 'start to /readyz', value: median(readyMs), unit: 'ms', target: 300 }
  yield { name: 'start to /readyz, fastest', value: Math.min(...readyMs), unit: 'ms' }
  const server = await startKubemock()
  const seconds = quick ? 2 : 10
  await new Promise(resolve => setTimeout(resolve, seconds * 1000))
  yield { name: 'idle memory', value: (await server.usage()).rssMb, unit: 'MB', target: 100 }
  await server.stop()
}
