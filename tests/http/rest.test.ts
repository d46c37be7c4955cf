// The REST machinery as any HTTP client sees it. Recorded answers are held by tests/reference; here each behaviour is one sentence.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'

let rest: Rest
beforeAll(async () => {
  rest = await serveRest()
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
})
afterAll(() => rest[Symbol.asyncDispose]())

/** A namespace for one test, so that lists count only its own. */
async function aNamespace(name: string): Promise<string> {
  await rest.call('post', '/api/v1/namespaces', { metadata: { name } }).expect(201)
  return `/api/v1/namespaces/${name}/configmaps`
}

describe('who may', () => {
  test('nobody in particular sees health and version only', async () => {
    const anonymous = (path: string) => rest.call('get', path).set('authorization', '')
    await anonymous('/livez').expect(200, 'ok')
    await anonymous('/version').expect(200)
    const { body } = await anonymous(pods).expect(403)
    expect(body.message).toBe(
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
    )
  })
  test('a wrong token is refused', async () => {
    await rest.call('get', '/version').set('authorization', 'Bearer wrong').expect(401)
  })
})

describe('paths and methods', () => {
  const cases = [
    { it: 'an unknown kind', method: 'get', path: '/api/v1/nopes', code: 404, reason: 'NotFound' },
    { it: 'a name that is not there', method: 'get', path: `${pods}/none`, code: 404, reason: 'NotFound' },
    { it: 'a method a collection has not', method: 'put', path: configMaps, code: 405, reason: 'MethodNotAllowed' },
    { it: 'a method nobody has', method: 'options', path: configMaps, code: 405, reason: 'MethodNotAllowed' },
    { it: 'a subresource that comes later', method: 'get', path: '/api/v1/nodes/none/proxy/', code: 404, reason: 'NotFound' },
  ] as const
  test.each(cases)('$it: $code', async ({ method, path, code, reason }) => {
    const { body } = await rest.call(method, path).expect(code)
    expect(body).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason })
  })
  test('an unknown group is plain text', async () => {
    await rest.call('get', '/apis/nope.example.com/v1/x').expect(404, '404 page not found\n')
  })
})

describe('media types', () => {
  test('what cannot be read is 415, what cannot be written 406', async () => {
    await rest.call('post', configMaps, 'a=1').set('content-type', 'application/x-www-form-urlencoded').expect(415)
    await rest.call('get', configMaps).set('accept', 'text/html').expect(406)
  })
  test('a body may be YAML, and so may the answer', async () => {
    const sent = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {a: "1"}\n'
    const { text } = await rest
      .call('post', configMaps, sent)
      .set('content-type', 'application/yaml')
      .set('accept', 'application/yaml')
      .buffer(true)
      .expect(201)
    expect(text).toMatch(/^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\nmetadata:\n/)
  })
  test('?pretty lays JSON out', async () => {
    const { text } = await rest.call('get', '/api/v1/namespaces/default?pretty=true').buffer(true)
    expect(text).toMatch(/^\{\n {2}"kind": "Namespace"/)
  })
  test('only the metadata, or a Table without objects', async () => {
    await rest.call('post', configMaps, aConfigMap('viewed', { a: '1', b: '2' })).expect(201)
    const partial = await rest
      .call('get', `${configMaps}/viewed`)
      .set('accept', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io')
    expect(partial.body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'viewed' } })
    expect(partial.body.data).toBeUndefined()
    const table = await rest
      .call('get', `${configMaps}/viewed?includeObject=None`)
      .set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
    expect(table.body.rows).toEqual([{ cells: ['viewed', 2, '0s'], object: null }])
  })
})

describe('create', () => {
  test('generateName makes a name of five letters more', async () => {
    const { body } = await rest.call('post', configMaps, { metadata: { generateName: 'gen-' } }).expect(201)
    expect(body.metadata.name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })
  test('all that is wrong is said at once', async () => {
    const spec = { containers: [{ name: 'App', image: '' }], restartPolicy: 'Sometimes' }
    const { body } = await rest.call('post', pods, aPod('bad', spec)).expect(422)
    expect(body.details.causes.map((cause: { field: string }) => cause.field)).toEqual([
      'spec.containers[0].name',
      'spec.containers[0].image',
      'spec.restartPolicy',
    ])
  })
  test('unknown fields are warned of, refused or dropped as asked', async () => {
    const body = { ...aConfigMap('unknown'), nope: 1 }
    const warned = await rest.call('post', `${configMaps}?dryRun=All`, body).expect(201)
    expect(warned.headers.warning).toBe('299 - "unknown field \\"nope\\""')
    const ignored = await rest.call('post', `${configMaps}?dryRun=All&fieldValidation=Ignore`, body).expect(201)
    expect(ignored.headers.warning).toBeUndefined()
    const strict = await rest.call('post', `${configMaps}?dryRun=All&fieldValidation=Strict`, body).expect(400)
    expect(strict.body.message).toContain('strict decoding error: unknown field "nope"')
  })
  test('a namespace that is not there is the reason', async () => {
    const { body } = await rest.call('post', '/api/v1/namespaces/none/configmaps', aConfigMap('x')).expect(404)
    expect(body.message).toBe('namespaces "none" not found')
  })
})

describe('list', () => {
  test('pages show one state, whatever is written meanwhile', async () => {
    const path = await aNamespace('paging')
    for (const name of ['a', 'b', 'c', 'd', 'e']) await rest.call('post', path, aConfigMap(name)).expect(201)
    const names: string[] = []
    let page = (await rest.call('get', `${path}?limit=2`)).body
    expect(page.metadata.remainingItemCount).toBe(3)
    await rest.call('delete', `${path}/d`).expect(200)
    await rest.call('post', path, aConfigMap('aa')).expect(201)
    for (;;) {
      names.push(...page.items.map((item: { metadata: { name: string } }) => item.metadata.name))
      if (!page.metadata.continue) break
      page = (await rest.call('get', `${path}?limit=2&continue=${encodeURIComponent(page.metadata.continue)}`)).body
    }
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
  test('selectors by label and by field', async () => {
    const path = await aNamespace('selecting')
    for (const [name, tier] of Object.entries({ one: 'front', two: 'back', three: '' }))
      await rest.call('post', path, aConfigMap(name, {}, tier ? { labels: { tier } } : {})).expect(201)
    const names = async (query: string) =>
      (await rest.call('get', `${path}?${query}`).expect(200)).body.items.map((item: { metadata: { name: string } }) => item.metadata.name)
    expect(await names('labelSelector=tier')).toEqual(['one', 'two'])
    expect(await names('labelSelector=tier+notin+(back)')).toEqual(['one', 'three'])
    expect(await names('labelSelector=tier!%3Dfront,tier')).toEqual(['two'])
    expect(await names('fieldSelector=metadata.name%3Dthree')).toEqual(['three'])
    const { body } = await rest.call('get', `${path}?fieldSelector=data.a%3D1`).expect(400)
    expect(body.message).toBe('"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"')
  })
  test('of an exact version, until history is gone', async () => {
    const path = await aNamespace('exact')
    const { body: first } = await rest.call('post', path, aConfigMap('a')).expect(201)
    await rest.call('post', path, aConfigMap('b')).expect(201)
    const exact = `${path}?resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`
    expect((await rest.call('get', exact)).body.items).toHaveLength(1)
    await rest.cluster.simulator.compact()
    expect((await rest.call('get', exact).expect(410)).body.reason).toBe('Expired')
  })
})

describe('delete', () => {
  test('of another object than was meant is refused', async () => {
    await rest.call('post', configMaps, aConfigMap('precious')).expect(201)
    const options = { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } }
    expect((await rest.call('delete', `${configMaps}/precious`, options).expect(409)).body.reason).toBe('Conflict')
    await rest.call('get', `${configMaps}/precious`).expect(200)
  })
  test('a finalizer holds the object until it is taken off', async () => {
    await rest.call('post', configMaps, aConfigMap('held', {}, { finalizers: ['example.com/hold'] })).expect(201)
    const { body } = await rest.call('delete', `${configMaps}/held`).expect(200)
    expect(body.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z')
    await rest.patch(`${configMaps}/held`, 'merge-patch', { metadata: { finalizers: null } }).expect(200)
    await rest.call('get', `${configMaps}/held`).expect(404)
  })
  test('a running pod goes in its time, or at once when that is asked', async () => {
    await rest.call('post', pods, aPod('graceful', { nodeName: 'node-0', terminationGracePeriodSeconds: 7 })).expect(201)
    const { body } = await rest.call('delete', `${pods}/graceful`).expect(200)
    expect(body.metadata).toMatchObject({ deletionGracePeriodSeconds: 7, deletionTimestamp: '2026-01-01T00:00:07Z' })
    await rest.call('delete', `${pods}/graceful`, { gracePeriodSeconds: 0 }).expect(200)
    await rest.call('get', `${pods}/graceful`).expect(404)
  })
  test('the propagation policy becomes a finalizer', async () => {
    for (const [policy, finalizer] of Object.entries({ Foreground: 'foregroundDeletion', Orphan: 'orphan' })) {
      const name = policy.toLowerCase()
      await rest.call('post', configMaps, aConfigMap(name)).expect(201)
      const { body } = await rest.call('delete', `${configMaps}/${name}?propagationPolicy=${policy}`).expect(200)
      expect(body.metadata.finalizers).toEqual([finalizer])
    }
  })
  test('a collection goes by selector', async () => {
    const path = await aNamespace('collection')
    for (const name of ['a', 'b']) await rest.call('post', path, aConfigMap(name, {}, { labels: { name } })).expect(201)
    await rest.call('delete', `${path}?labelSelector=name%3Da`).expect(200)
    expect((await rest.call('get', path)).body.items).toHaveLength(1)
  })
})

describe('apply', () => {
  test('owners conflict, and force takes over', async () => {
    const path = `${configMaps}/applied`
    await rest.apply(path, aConfigMap('applied', { a: '1', b: '1' }), 'fieldManager=one').expect(201)
    const { body } = await rest.apply(path, aConfigMap('applied', { a: '2' }), 'fieldManager=two').expect(409)
    expect(body.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.a')
    const forced = await rest.apply(path, aConfigMap('applied', { a: '2' }), 'fieldManager=two&force=true').expect(200)
    expect(forced.body.data).toEqual({ a: '2', b: '1' })
    // What the first no longer names goes; what the other took stays.
    const left = await rest.apply(path, aConfigMap('applied', {}), 'fieldManager=one').expect(200)
    expect(left.body.data).toEqual({ a: '2' })
  })
})

describe('subresources', () => {
  test('status is written apart', async () => {
    await rest.call('post', pods, aPod('with-status')).expect(201)
    const path = `${pods}/with-status`
    await rest.patch(`${path}/status`, 'merge-patch', { status: { phase: 'Running' }, metadata: { labels: { a: '1' } } }).expect(200)
    const { body } = await rest.patch(path, 'merge-patch', { status: { phase: 'Failed' }, metadata: { labels: { b: '1' } } }).expect(200)
    expect([body.status.phase, body.metadata.labels.b]).toEqual(['Running', '1'])
  })
  test('binding puts a pod on a node, once', async () => {
    await rest.call('post', pods, aPod('bound')).expect(201)
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'bound' }, target: { kind: 'Node', name: 'node-7' } }
    await rest.call('post', `${pods}/bound/binding`, binding).expect(201)
    expect((await rest.call('get', `${pods}/bound`)).body.spec.nodeName).toBe('node-7')
    const { body } = await rest.call('post', `${pods}/bound/binding`, binding).expect(409)
    expect(body.message).toContain('pod bound is already assigned to node "node-7"')
  })
  test('eviction deletes, and a token speaks for its account', async () => {
    await rest.call('post', pods, aPod('evicted')).expect(201)
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'evicted' } }
    await rest.call('post', `${pods}/evicted/eviction`, eviction).expect(201)
    await rest.call('get', `${pods}/evicted`).expect(404)
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    const { body } = await rest.call('post', '/api/v1/namespaces/default/serviceaccounts/default/token', request).expect(201)
    await rest.call('get', '/api').set('authorization', `Bearer ${body.status.token}`).expect(200)
    // An hour later it is worth nothing.
    await rest.cluster.clock.advance(3_700_000)
    await rest.call('get', '/api').set('authorization', `Bearer ${body.status.token}`).expect(401)
  })
})

describe('pages', () => {
  test.each(['/healthz', '/livez', '/readyz'])('%s', async path => {
    await rest.call('get', path).expect(200, 'ok')
  })
  test('metrics count requests', async () => {
    const { text } = await rest.call('get', '/metrics').buffer(true)
    expect(text).toMatch(/^apiserver_request_total\{.*resource="configmaps".*verb="LIST".*\} [1-9]/m)
  })
  test('discovery names what is served', async () => {
    const groups = (await rest.call('get', '/apis')).body.groups.map((group: { name: string }) => group.name)
    expect(groups).toEqual(expect.arrayContaining(['apps', 'storage.k8s.io']))
    expect((await rest.call('get', '/version')).body.gitVersion).toBe('v1.36.3')
  })
})
