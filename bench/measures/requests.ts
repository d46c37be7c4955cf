// CPU of one request to an API server without controllers, in turns with the baseline's echo of the same pod.
import { encodeProtobuf } from '../../server/codec/protobuf.ts'
import type { Call } from '../client.ts'
import { type Effort, median, type Row } from '../measure.ts'
import { configMap, configMaps, pod, podStatus, pods } from '../objects.ts'
import { costOf, startBare, startBaseline } from '../server.ts'

const protobuf = 'application/vnd.kubernetes.protobuf'
const strategic = 'application/strategic-merge-patch+json'

const typed = { apiVersion: 'v1', kind: 'Pod' }

/** In the order they run: what one creates the next ones use. */
export const kinds: readonly { name: string; target?: number; call(name: string, round: number): Call }[] = [
  { name: 'create pod', target: 400, call: name => ({ method: 'POST', path: pods, body: JSON.stringify(pod(name)) }) },
  { name: 'get pod', call: name => ({ method: 'GET', path: `${pods}/${name}` }) },
  { name: 'get pod, protobuf', call: name => ({ method: 'GET', path: `${pods}/${name}`, accept: protobuf }) },
  {
    name: 'patch pod',
    call: (name, round) => ({
      method: 'PATCH',
      path: `${pods}/${name}`,
      contentType: strategic,
      body: JSON.stringify({ spec: { containers: [{ name: 'web', image: `web:${round}` }] } }),
    }),
  },
  {
    name: 'patch pod status',
    call: (name, round) => ({
      method: 'PATCH',
      path: `${pods}/${name}/status`,
      contentType: strategic,
      body: JSON.stringify(podStatus(round)),
    }),
  },
  {
    name: 'apply pod',
    call: (name, round) => ({
      method: 'PATCH',
      path: `${pods}/${name}?fieldManager=apply&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify({
        ...typed,
        metadata: { labels: { round: `${round}` } },
        spec: { containers: [{ name: 'web', image: `web:v${round}` }] },
      }),
    }),
  },
  { name: 'delete pod', call: name => ({ method: 'DELETE', path: `${pods}/${name}?gracePeriodSeconds=0` }) },
  {
    name: 'create pod, protobuf',
    call: name => ({
      method: 'POST',
      path: pods,
      contentType: protobuf,
      accept: protobuf,
      body: Buffer.from(encodeProtobuf(pod(`${name}-pb`) as never)),
    }),
  },
  { name: 'create ConfigMap', call: name => ({ method: 'POST', path: configMaps, body: JSON.stringify(configMap(name)) }) },
]

export async function* requests({ rounds, requests: count }: Effort): AsyncIterable<Row> {
  const [baseline, server] = [await startBaseline(), await startBare()]
  const costs = new Map<string, number[]>()
  const ratios = new Map<string, number[]>()
  const note = (into: Map<string, number[]>, name: string, value: number) => into.set(name, [...(into.get(name) ?? []), value])
  const echo = () => ({ method: 'POST', path: '/echo', body: JSON.stringify(pod('echo')) })
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const unit = await costOf(baseline, Array.from({ length: count }, echo))
    if (round > 0) note(costs, 'baseline: echo of the pod', unit)
    for (const { name, call } of kinds) {
      const calls = Array.from({ length: count }, (_, i) => call(`bench-${round}-${i}`, round))
      const cost = await costOf(server, calls)
      if (round === 0) continue
      note(costs, name, cost)
      note(ratios, name, cost / unit)
    }
    await server.client.request('DELETE', `${pods}?gracePeriodSeconds=0`)
  }
  await Promise.all([baseline.stop(), server.stop()])
  for (const [name, values] of costs) {
    const ratio = ratios.get(name)
    yield {
      name,
      value: median(values),
      unit: 'µs',
      target: kinds.find(kind => kind.name === name)?.target,
      ratio: ratio && median(ratio),
    }
  }
}
