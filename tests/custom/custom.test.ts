// Custom resources over HTTP: what the recordings do not have.
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { customResourceDefinition } from '../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { serveRest } from '../support/api.ts'
import { aDefinition, aThing, define, definitions, things } from '../support/custom.ts'
import { patchOf, serveHook } from '../support/hook.ts'

test('a pattern that takes others for ever takes no time', async () => {
  await using rest = await serveRest()
  await define(rest, aDefinition({ type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } }))
  await rest.call('post', things, aThing('it', { a: `${'a'.repeat(5000)}!` })).expect(422)
})

test('a namespace goes with its custom resources, webhook or not', async () => {
  await using rest = await serveRest({ controllers: '*' })
  await define(rest, aDefinition({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }))
  await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'gone' } }).expect(201)
  await rest.cluster.settle()
  await rest.call('post', things.replace('default', 'gone'), aThing('it', {})).expect(201)
  await rest.call('delete', '/api/v1/namespaces/gone').expect(200)
  await rest.cluster.settle()
  await rest.call('get', '/api/v1/namespaces/gone').expect(404)
  await rest.call('get', `${things.replace('default', 'gone')}/it`).expect(404)
})

test('an APIService of an extension server is unavailable, and its group answers 503', async () => {
  await using rest = await serveRest()
  const services = '/apis/apiregistration.k8s.io/v1/apiservices'
  const spec = {
    group: 'far.example.com',
    version: 'v1',
    groupPriorityMinimum: 100,
    versionPriority: 10,
    service: { name: 'far', namespace: 'default' },
  }
  await rest
    .call('post', services, { metadata: { name: 'v1.far.example.com' }, spec: { ...spec, insecureSkipTLSVerify: true } })
    .expect(201)
  await rest.cluster.settle()
  const { body } = await rest.call('get', `${services}/v1.far.example.com`).expect(200)
  expect(body.status.conditions[0]).toMatchObject({ type: 'Available', status: 'False', reason: 'ServiceNotFound' })
  await rest.call('get', '/apis/far.example.com/v1/things').expect(503)
})

test('a thousand definitions come and are listed in a moment', async () => {
  await using rest = await serveRest()
  const client = rest.cluster.client('test')
  for (let i = 0; i < 1000; i++) {
    const { spec } = aDefinition({ type: 'object' }, { names: { plural: `things${i}`, kind: `Thing${i}` } })
    await client.create(customResourceDefinition, { metadata: { name: `things${i}.ex.example.com` }, spec: spec as never })
  }
  await rest.cluster.settle()
  const { body } = await rest.call('get', '/apis/ex.example.com/v1').expect(200)
  expect(body.resources).toHaveLength(1000)
}, 60_000)

test('what two definitions both want, the first keeps', async () => {
  await using rest = await serveRest()
  await define(rest, aDefinition({ type: 'object' }))
  const second = aDefinition({ type: 'object' }, { names: { plural: 'others', kind: 'Thing', shortNames: ['things'] } })
  await define(rest, { ...second, metadata: { name: 'others.ex.example.com' } })
  const { body } = await rest.call('get', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/others.ex.example.com').expect(200)
  expect(body.status.conditions).toMatchObject([
    { type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: '"ThingList" is already in use' },
    { type: 'Established', status: 'False', reason: 'NotAccepted' },
  ])
  await rest.call('get', '/apis/ex.example.com/v1/namespaces/default/others').expect(404)
})

const mergePatch = { 'content-type': 'application/merge-patch+json' }
const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

test('the plugins of built-in kinds leave a custom kind of the same name alone', async () => {
  await using rest = await serveRest()
  for (const kind of ['Node', 'PersistentVolumeClaim']) {
    const plural = `${kind.toLowerCase()}s`
    const names = { plural, kind }
    await define(rest, { ...aDefinition(anything, { names }), metadata: { name: `${plural}.ex.example.com` } })
    const path = things.replace('things', plural)
    const { body } = await rest.call('post', path, { ...aThing('it', {}), kind, spec: undefined }).expect(201)
    expect(body.spec).toBeUndefined()
    await rest
      .call('patch', `${path}/it`, { metadata: { labels: { a: 'b' } } })
      .set(mergePatch)
      .expect(200)
  }
})

test('what a webhook does to a custom resource keeps the rest of it', async () => {
  await using hook = await serveHook(() => patchOf({ op: 'add', path: '/metadata/labels', value: { by: 'hook' } }))
  await using rest = await serveRest()
  await define(rest, aDefinition(anything))
  const rules = [{ operations: ['CREATE'], apiGroups: ['ex.example.com'], apiVersions: ['v1'], resources: ['things'] }]
  const webhook = { name: 'a.b.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: hook.client, rules }
  const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
  await rest.call('post', configurations, { metadata: { name: 'it' }, webhooks: [webhook] }).expect(201)
  const spec = { empty: '', zero: 0, extra: { x: 1 }, none: {} }
  const { body } = await rest.call('post', things, aThing('it', spec)).expect(201)
  expect(body).toMatchObject({ metadata: { labels: { by: 'hook' } } })
  expect(body.spec).toEqual(spec)
})

test('a definition that changes is documented anew, as JSON and as protobuf', async () => {
  await using rest = await serveRest()
  const path = '/openapi/v3/apis/ex.example.com/v1'
  const documents = async () => {
    const binary = { accept: 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf' }
    const json = await rest.call('get', path).expect(200)
    const protobuf = await rest.call('get', path).set(binary).responseType('blob').expect(200)
    return [JSON.stringify(json.body), (protobuf.body as Buffer).toString('latin1')]
  }
  const withField = (name: string) => aDefinition({ type: 'object', properties: { [name]: { type: 'string' } } })
  const named = async () => (await documents()).map(text => [/firstField/.test(text), /secondField/.test(text)])
  await define(rest, withField('firstField'))
  expect(await named()).toEqual(Array(2).fill([true, false]))
  const { versions } = withField('secondField').spec
  await rest.call('patch', `${definitions}/things.ex.example.com`, { spec: { versions } }).set(mergePatch).expect(200)
  await rest.cluster.settle()
  expect(await named()).toEqual(Array(2).fill([false, true]))
})

test('aggregated discovery and its tag follow definitions as they come and go', async () => {
  await using rest = await serveRest()
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const read = async (tag = '') => {
    const { status, headers, body } = await rest.call('get', '/apis').set({ accept, 'if-none-match': tag })
    return { status, tag: headers.etag as string, names: (body.items ?? []).map((item: { metadata: object }) => item.metadata) }
  }
  const before = await read()
  expect(await read()).toEqual(before)
  expect(await read(before.tag)).toMatchObject({ status: 304, tag: before.tag })
  await define(rest, aDefinition({ type: 'object' })).then(answer => expect(answer.status).toBe(201))
  const during = await read(before.tag)
  expect(during).toMatchObject({ status: 200, names: [...before.names, { name: 'ex.example.com' }] })
  await rest.call('delete', `${definitions}/things.ex.example.com`).expect(200)
  await rest.cluster.settle()
  expect(await read(during.tag)).toEqual(before)
})

test('each watch of a custom kind is counted once, and as over when its definition goes', async () => {
  await using rest = await serveRest()
  await define(rest, aDefinition(anything))
  await rest.call('post', things, aThing('it', {})).expect(201)
  /** Returns when the first event is there. */
  const watch = async () => {
    const headers = { authorization: `Bearer ${rest.cluster.adminToken}`, origin: 'http://localhost' }
    const socket = new WebSocket(`${rest.cluster.url.replace('https', 'wss')}${things}?watch=1`, { rejectUnauthorized: false, headers })
    const over = new Promise(resolve => socket.once('close', resolve))
    await new Promise(resolve => socket.once('message', resolve))
    return { over }
  }
  const first = await watch()
  const { versions } = aDefinition({ type: 'object' }).spec
  await rest.call('patch', `${definitions}/things.ex.example.com`, { spec: { versions } }).set(mergePatch).expect(200)
  await rest.cluster.settle()
  await first.over
  const second = await watch()
  await rest.call('delete', `${definitions}/things.ex.example.com`).expect(200)
  await rest.cluster.settle()
  await second.over
  const { text } = await rest.call('get', '/metrics').buffer(true)
  const told = (name: string) => text.split('\n').filter(line => line.startsWith(name) && line.includes('resource="things"'))
  expect(told('apiserver_watch_events_total')).toHaveLength(1)
  expect(told('apiserver_longrunning_requests').map(line => line.split(' ').at(-1))).toEqual(['0'])
  expect(text).not.toMatch(/^apiserver_longrunning_requests\{.*\} -/m)
})
