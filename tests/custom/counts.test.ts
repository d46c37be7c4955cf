// Objects of a kind of several versions are counted once each, whichever version they are stored in and whichever are served.
import { expect, test } from 'vitest'
import { type Rest, serveRest } from '../support/api.ts'
import { aDefinition, aThing, define, things } from '../support/custom.ts'

const schema = { openAPIV3Schema: { type: 'object' } }
const version = (name: string, facts: object) => ({ name, served: true, storage: false, schema, ...facts })

const stored: [string, object[]][] = [
  ['stored in the first', [version('v1', { storage: true }), version('v2', {})]],
  ['stored in the second', [version('v1', {}), version('v2', { storage: true })]],
  ['stored in one that is not served', [version('v1', {}), version('v2', {}), version('v3', { storage: true, served: false })]],
]

async function withThings(versions: object[], options = {}): Promise<Rest> {
  const rest = await serveRest(options)
  await define(rest, aDefinition({}, { versions }))
  for (const name of ['a', 'b']) await rest.call('post', things, aThing(name, {})).expect(201)
  return rest
}

test.each(stored)('by /metrics: %s', async (_how, versions) => {
  await using rest = await withThings(versions)
  const { text } = await rest.call('get', '/metrics').buffer(true)
  const counts = text.split('\n').filter(line => line.includes('things.ex.example.com') && line.startsWith('apiserver_storage_objects'))
  expect(counts).toEqual(['apiserver_storage_objects{resource="things.ex.example.com"} 2'])
})

test.each(stored)('by quotas: %s', async (_how, versions) => {
  await using rest = await withThings(versions, { controllers: 'resourcequota-controller' })
  const quota = '/api/v1/namespaces/default/resourcequotas'
  await rest.call('post', quota, { metadata: { name: 'q' }, spec: { hard: { 'count/things.ex.example.com': '3' } } }).expect(201)
  await rest.cluster.settle()
  const used = async () => (await rest.call('get', `${quota}/q`).expect(200)).body.status.used
  expect(await used()).toEqual({ 'count/things.ex.example.com': '2' })
  // Whichever version one comes by.
  const other = { ...aThing('c', {}), apiVersion: 'ex.example.com/v2' }
  await rest.call('post', things.replace('/v1/', '/v2/'), other).expect(201)
  expect(await used()).toEqual({ 'count/things.ex.example.com': '3' })
  await rest.call('post', things, aThing('d', {})).expect(403)
  await rest.call('delete', `${things}/a`).expect(200)
  await rest.cluster.settle()
  expect(await used()).toEqual({ 'count/things.ex.example.com': '2' })
})
