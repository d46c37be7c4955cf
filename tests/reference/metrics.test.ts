// /metrics against the names, types, promises and labels that were recorded; what is not there is listed in docs/differences.md.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Rest, serveRest } from '../support/api.ts'
import { readReference } from '../support/reference.ts'

interface Recorded {
  name: string
  type: string
  stability: string
  labels: string[]
}

/** The families of an exposition, with all labels their samples carry but `le`. No series may come twice. */
function familiesOf(text: string): Map<string, Recorded & { samples: Map<string, number> }> {
  const families = new Map<string, Recorded & { samples: Map<string, number> }>()
  let current: (Recorded & { samples: Map<string, number> }) | undefined
  for (const line of text.trim().split('\n')) {
    const [, name = '', stability = ''] = /^# HELP (\S+) (?:\[(\w+)\] )?./.exec(line) ?? []
    if (name) {
      current = { name, type: '', stability, labels: [], samples: new Map() }
      families.set(name, current)
    } else if (line.startsWith('# TYPE ') && current) current.type = line.split(' ')[3] ?? ''
    else if (current) {
      const [series = '', value] = [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]
      expect([series, Number.isFinite(value)]).toEqual([series, true])
      expect(current.samples.has(series), series).toBe(false)
      const labels = [...series.matchAll(/(\w+)="/g)].flatMap(([, label = '']) => (label === 'le' ? [] : [label]))
      current.labels = [...new Set([...current.labels, ...labels])].sort()
      current.samples.set(series, value)
    }
  }
  return families
}

const recorded = new Map(readReference<Recorded[]>('protocol/metrics.json').map(metric => [metric.name, metric]))

/** `name` or `name_*` in the table of those that are not there. */
const absent = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')
  .split('## Metrics')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter(line => line.startsWith('| `'))
  .flatMap(line => [...(line.split(' | ')[0] ?? '').matchAll(/`([\w*]+)`/g)].map(([, name = '']) => name)) as string[]
const isAbsent = (name: string): boolean => absent.some(a => (a.endsWith('*') ? name.startsWith(a.slice(0, -1)) : a === name))

let rest: Rest
let families: ReturnType<typeof familiesOf>
const configMaps = '/api/v1/namespaces/default/configmaps'
const object = (name: string) => ({ metadata: { name } })

beforeAll(async () => {
  rest = await serveRest({ controllers: '*' })
  for (const name of ['a', 'b']) await rest.call('post', configMaps, object(name)).expect(201)
  await rest.call('post', `${configMaps}?dryRun=All`, object('c')).expect(201)
  await rest.call('get', `${configMaps}/a`).expect(200)
  await rest.call('get', `${configMaps}/none`).expect(404)
  await rest.call('get', configMaps).expect(200)
  await rest.call('get', '/api/v1/componentstatuses').expect(200)
  await rest.call('get', '/api').set('authorization', 'Bearer wrong').expect(401)
  await rest.call('get', '/api').set('authorization', '').expect(403)
  await rest.apply(`${configMaps}/d`, { apiVersion: 'v1', kind: 'ConfigMap', ...object('d') }).expect(201)
  const socket = new WebSocket(
    `${rest.cluster.url.replace('https', 'wss')}${configMaps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`,
    {
      rejectUnauthorized: false,
      headers: { authorization: `Bearer ${rest.cluster.adminToken}`, origin: 'http://localhost' },
    },
  )
  await new Promise(resolve => socket.once('message', resolve))
  families = familiesOf((await rest.call('get', '/metrics').buffer(true)).text)
  socket.terminate()
})
afterAll(() => rest[Symbol.asyncDispose]())

test('whatever is told is told by the recorded name, type, promise and labels', () => {
  for (const { samples: _samples, ...family } of families.values()) expect(family).toEqual(recorded.get(family.name))
})

test('whatever is not told is listed', () => {
  const names = [...recorded.keys()]
  expect(names.filter(name => !families.has(name) && !isAbsent(name))).toEqual([])
  expect(names.filter(name => families.has(name) && isAbsent(name))).toEqual([])
  expect(absent.filter(a => !names.some(name => (a.endsWith('*') ? name.startsWith(a.slice(0, -1)) : name === a)))).toEqual([])
})

describe('what was done is what is counted', () => {
  const place = 'component="apiserver",dry_run="",group="",resource="configmaps"'
  const cases: [family: string, labels: string, value: number][] = [
    ['apiserver_request_total', `code="201",${place},scope="namespace",subresource="",verb="POST",version="v1"`, 2],
    ['apiserver_request_total', `code="201",${place.replace('""', '"All"')},scope="namespace",subresource="",verb="POST",version="v1"`, 1],
    ['apiserver_request_total', `code="404",${place},scope="resource",subresource="",verb="GET",version="v1"`, 1],
    ['apiserver_request_total', `code="200",${place},scope="namespace",subresource="",verb="LIST",version="v1"`, 1],
    ['apiserver_request_total', `code="201",${place},scope="resource",subresource="",verb="APPLY",version="v1"`, 1],
    ['apiserver_request_duration_seconds_count', `${place},scope="resource",subresource="",verb="GET",version="v1"`, 2],
    [
      'apiserver_longrunning_requests',
      `component="apiserver",group="",resource="configmaps",scope="namespace",subresource="",verb="WATCH",version="v1"`,
      1,
    ],
    ['apiserver_current_inflight_requests', 'request_kind="readOnly"', 1],
    ['apiserver_requested_deprecated_apis', 'group="",removed_release="",resource="componentstatuses",subresource="",version="v1"', 1],
    ['authentication_attempts', 'result="failure"', 1],
    ['authorization_attempts_total', 'result="denied"', 1],
  ]
  test.each(cases)('%s{%s}', (name, labels, value) => {
    const family = families.get(name.replace(/_count$/, ''))
    expect(family?.samples.get(`${name}{${labels}}`)).toBe(value)
  })
  test('stored objects, watch events, queues', () => {
    const sample = (name: string, labels: string) => families.get(name)?.samples.get(`${name}{${labels}}`)
    expect(sample('apiserver_storage_objects', 'resource="configmaps"')).toBeGreaterThanOrEqual(3)
    expect(sample('apiserver_resource_objects', 'group="apps",resource="deployments"')).toBe(0)
    expect(sample('apiserver_watch_events_total', 'group="",resource="configmaps",version="v1"')).toBeGreaterThanOrEqual(3)
    expect(sample('workqueue_adds_total', 'name="serviceaccount-controller"')).toBeGreaterThan(0)
  })
})

test('what somebody asks for at random leaves no names behind', async () => {
  await rest.call('get', '/apis/guess.example/v9/guesses/guess/guessing?dryRun=guess').expect(404)
  await rest.call('get', `${configMaps}/a/guessing`).expect(404)
  const { text } = await rest.call('get', '/metrics').buffer(true)
  expect(text).not.toContain('guess')
})

test('/metrics/slis tells the health of each check', async () => {
  const { text } = await rest.call('get', '/metrics/slis').buffer(true)
  expect(text).toContain('kubernetes_healthcheck{name="etcd",type="livez"} 1\n')
})
