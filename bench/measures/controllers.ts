// How long the controllers take with nothing to wait for: a StatefulSet pod by pod, and Deployments of which the larger one should cost
// no more for each pod.
import { type Effort, median, type Row } from '../measure.ts'
import { workload } from '../objects.ts'
import { type Running, startKubemock } from '../server.ts'

export async function* statefulSet({ quick, rounds }: Effort): AsyncIterable<Row> {
  const replicas = 200
  const [wall, cpu]: number[][] = [[], []]
  for (let round = 0; round < (quick ? 1 : rounds); round++) {
    const server = await startKubemock('--pace', 'instant')
    const spent = await untilReady(server, 'StatefulSet', replicas)
    wall?.push(spent.wallMs)
    cpu?.push(spent.cpuMs)
    await server.stop()
  }
  yield { name: `${replicas} ordered pods ready`, value: median(wall ?? []), unit: 'ms', target: 1000 }
  yield { name: `${replicas} ordered pods ready, fastest`, value: Math.min(...(wall ?? [])), unit: 'ms' }
  yield { name: `${replicas} ordered pods ready, CPU`, value: median(cpu ?? []), unit: 'ms' }
}

export async function* deployment({ quick }: Effort): AsyncIterable<Row> {
  for (const replicas of quick ? [300] : [1_000, 5_000]) {
    const server = await startKubemock('--pace', 'instant', '--nodes', '100')
    const { cpuMs } = await untilReady(server, 'Deployment', replicas)
    yield { name: `each of ${replicas.toLocaleString('en')} pods of a Deployment, CPU`, value: cpuMs / replicas, unit: 'ms' }
    yield { name: `memory with them`, value: (await server.usage()).rssMb, unit: 'MB' }
    await server.stop()
  }
}

async function untilReady(
  server: Running,
  kind: 'StatefulSet' | 'Deployment',
  replicas: number,
): Promise<{ wallMs: number; cpuMs: number }> {
  const path = `/apis/apps/v1/namespaces/default/${kind.toLowerCase()}s`
  const before = await server.usage()
  const began = performance.now()
  await server.client.request('POST', path, { body: JSON.stringify(workload(kind, 'web', replicas)) })
  const isReady = async () => JSON.parse((await server.client.request('GET', `${path}/web`)).body).status.readyReplicas === replicas
  while (!(await isReady())) await new Promise(resolve => setTimeout(resolve, 20))
  return { wallMs: performance.now() - began, cpuMs: ((await server.usage()).cpuUs - before.cpuUs) / 1000 }
}
