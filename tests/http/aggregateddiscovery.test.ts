// What is told of groups that extension servers answer for: discovery, OpenAPI documents, and who has a group when several want it.
import { describe, expect, test } from 'vitest'
import type { Rest } from '../support/api.ts'
import { aFarm, anApiService, path, services } from '../support/farm.ts'

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const aggregated = async (rest: Rest) => (await rest.call('get', '/apis').set('accept', aggregatedType).expect(200)).body
const groupOf = async (rest: Rest, name: string) =>
  (await aggregated(rest)).items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === name)

const current = [
  {
    version: 'v1',
    resources: [
      {
        resource: 'cows',
        responseKind: { group: '', version: '', kind: 'Cow' },
        scope: 'Namespaced',
        singularName: 'cow',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'watch'],
        shortNames: ['moo'],
      },
    ],
    freshness: 'Current',
  },
]

describe('discovery', () => {
  test('has what the server tells at once', async () => {
    await using both = await aFarm()
    expect(await groupOf(both.rest, 'farm.example.com')).toEqual({ metadata: { name: 'farm.example.com' }, versions: current })
  })

  test('has what a server tells that knows only the old form', async () => {
    const { singularName: _, ...cows } = current[0]?.resources[0] ?? ({} as never)
    await using both = await aFarm({ legacy: true })
    const { versions } = await groupOf(both.rest, 'farm.example.com')
    expect(versions).toEqual([{ version: 'v1', resources: [{ ...cows, singularResource: 'cow' }], freshness: 'Current' }])
  })

  test('is stale while the server does not answer, and new when it says something else', async () => {
    const resources = [{ name: 'cows', kind: 'Cow', namespaced: true, verbs: ['get'] }]
    await using both = await aFarm({ resources })
    const { rest, extension } = both
    const { clock } = rest.cluster
    const etag = async () => (await rest.call('get', '/apis').set('accept', aggregatedType)).headers.etag
    const before = await etag()
    extension.down = true
    await clock.advance(30_000)
    expect((await groupOf(rest, 'farm.example.com')).versions).toEqual([{ version: 'v1', freshness: 'Stale' }])
    extension.down = false
    resources.push({ name: 'pigs', kind: 'Pig', namespaced: true, verbs: ['get'] })
    await clock.advance(30_000)
    const { versions } = await groupOf(rest, 'farm.example.com')
    expect(versions[0].resources.map(({ resource }: { resource: string }) => resource)).toEqual(['cows', 'pigs'])
    expect(await etag()).not.toBe(before)
    // Without a failure it is asked once a minute.
    resources.pop()
    await clock.advance(90_000)
    expect((await groupOf(rest, 'farm.example.com')).versions[0].resources).toHaveLength(1)
  })

  test('is in the order of priorities, in both forms', async () => {
    await using both = await aFarm({}, { groupPriorityMinimum: 17_900, versionPriority: 1 })
    const { rest, extension } = both
    const other = { ...anApiService(extension, { version: 'v1beta1', versionPriority: 9 }), metadata: { name: 'v1beta1.farm.example.com' } }
    await rest.call('post', services, other).expect(201)
    await rest.cluster.settle()
    const { body } = await rest.call('get', '/apis').expect(200)
    const names = body.groups.map(({ name }: { name: string }) => name)
    expect(names.slice(0, 4)).toEqual(['apiregistration.k8s.io', 'farm.example.com', 'apps', 'events.k8s.io'])
    expect((await aggregated(rest)).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(names)
    const { body: group } = await rest.call('get', '/apis/farm.example.com').expect(200)
    expect(group).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'farm.example.com',
      versions: [
        { groupVersion: 'farm.example.com/v1beta1', version: 'v1beta1' },
        { groupVersion: 'farm.example.com/v1', version: 'v1' },
      ],
      preferredVersion: { groupVersion: 'farm.example.com/v1beta1', version: 'v1beta1' },
    })
    const { body: root } = await rest.call('get', '/').expect(200)
    expect(root.paths).toEqual(
      expect.arrayContaining(['/apis/farm.example.com', '/apis/farm.example.com/v1', '/apis/farm.example.com/v1beta1']),
    )
  })
})

const definition = (description: string, more: object = {}) => ({ type: 'object', description, ...more })
const cow = definition('A cow.', {
  properties: { metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
  'x-kubernetes-group-version-kind': [{ group: 'farm.example.com', version: 'v1', kind: 'Cow' }],
})
const swagger = {
  swagger: '2.0',
  paths: {
    [`${path}/cows`]: {
      get: { responses: { 200: { schema: { $ref: '#/definitions/com.example.Cow' } } } },
      parameters: [{ $ref: '#/parameters/pretty-1' }],
    },
    '/apis/other.example.com/v1/pigs': { get: { responses: { 200: { schema: { $ref: '#/definitions/com.example.Pig' } } } } },
  },
  parameters: { 'pretty-1': { name: 'pretty', in: 'query', type: 'string' } },
  definitions: {
    'com.example.Cow': cow,
    'com.example.Pig': definition('A pig.'),
    'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': definition('Not the one of the cluster.'),
  },
}

describe('OpenAPI', () => {
  test('v2 has what concerns the version, under names of its own where they are taken', async () => {
    await using both = await aFarm({ openApiV2: swagger })
    const { rest } = both
    const { body } = await rest.call('get', '/openapi/v2').expect(200)
    const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
    expect(body.paths[`${path}/cows`]).toEqual({
      get: { responses: { 200: { schema: { $ref: '#/definitions/com.example.Cow' } } } },
      parameters: [{ name: 'pretty', in: 'query', type: 'string' }],
    })
    expect(body.definitions['com.example.Cow'].properties.metadata).toEqual({ $ref: `#/definitions/${meta}_v2` })
    expect(body.definitions[`${meta}_v2`].description).toBe('Not the one of the cluster.')
    expect(body.definitions[meta].properties.name).toBeDefined()
    expect(body.definitions['com.example.Pig']).toBeUndefined()
    const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
    const { body: binary } = await rest.call('get', '/openapi/v2').set('accept', protobuf).responseType('blob').expect(200)
    expect(Buffer.from(binary).includes('com.example.Cow')).toBe(true)
    await rest.call('delete', `${services}/v1.farm.example.com`).expect(200)
    await rest.cluster.settle()
    const { body: after } = await rest.call('get', '/openapi/v2').expect(200)
    expect(after.definitions['com.example.Cow']).toBeUndefined()
  })

  test('v3 is in the index, and the document comes from the server itself', async () => {
    const document = { openapi: '3.0.0', info: { title: 'farm', version: '1' }, paths: {} }
    await using both = await aFarm({ openApiV3: document })
    const { rest, extension } = both
    const { text } = await rest.call('get', '/openapi/v3').buffer(true).expect(200)
    const { paths } = JSON.parse(text)
    expect(paths['apis/farm.example.com/v1']).toEqual({ serverRelativeURL: `/openapi/v3${path}?hash=ABC` })
    expect(paths.version).toBeUndefined()
    expect(paths['apis/apps/v1'].serverRelativeURL).toMatch(/hash=/)
    expect((await rest.call('get', `/openapi/v3${path}?hash=ABC`).expect(200)).body).toEqual(document)
    expect(extension.asked).toMatchObject([{ url: `/openapi/v3${path}?hash=ABC`, user: 'kubernetes-admin' }])
  })
})

describe('OpenAPI v2 stands for v3, where a server knows no other', () => {
  const description = 'A name.'
  const v2 = {
    swagger: '2.0',
    info: { title: 'farm', version: '1' },
    paths: {
      [`${path}/cows`]: {
        parameters: [{ $ref: '#/parameters/pretty' }],
        post: {
          operationId: 'createCow',
          consumes: ['application/json'],
          produces: ['application/json', 'application/yaml'],
          parameters: [
            { name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/Cow' } },
            { name: 'dryRun', in: 'query', type: 'string', uniqueItems: true, description: 'All.' },
          ],
          responses: {
            200: { description: 'OK', schema: { $ref: '#/definitions/Cow' } },
            401: { description: 'no' },
            403: { $ref: '#/responses/no' },
          },
          'x-kubernetes-action': 'post',
        },
      },
    },
    parameters: { pretty: { name: 'pretty', in: 'query', type: 'string' } },
    responses: { no: { description: 'no' } },
    securityDefinitions: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header', description: 'A token.' } },
    definitions: {
      Cow: {
        type: 'object',
        properties: {
          name: { $ref: '#/definitions/Name', description },
          names: { type: 'array', items: { $ref: '#/definitions/Name' } },
          byName: { type: 'object', additionalProperties: { $ref: '#/definitions/Name' } },
          description: { type: 'string' },
        },
        'x-kubernetes-group-version-kind': [{ group: 'farm.example.com', version: 'v1', kind: 'Cow' }],
      },
      Name: { type: 'string' },
    },
  }
  const reference = { $ref: '#/components/schemas/Name' }
  const cowSchema = { schema: { $ref: '#/components/schemas/Cow' } }
  const v3 = {
    openapi: '3.0.0',
    info: { title: 'farm', version: '1' },
    paths: {
      [`${path}/cows`]: {
        parameters: [{ name: 'pretty', in: 'query', schema: { type: 'string' } }],
        post: {
          operationId: 'createCow',
          parameters: [{ name: 'dryRun', in: 'query', description: 'All.', schema: { type: 'string', uniqueItems: true } }],
          requestBody: { content: { 'application/json': cowSchema } },
          responses: {
            200: { description: 'OK', content: { 'application/json': cowSchema, 'application/yaml': cowSchema } },
            401: { description: 'no' },
            403: { $ref: '#/components/responses/no' },
          },
          'x-kubernetes-action': 'post',
        },
      },
    },
    components: {
      schemas: {
        Cow: {
          type: 'object',
          properties: {
            name: { description, allOf: [reference] },
            names: { type: 'array', items: reference },
            byName: { type: 'object', additionalProperties: reference },
            description: { type: 'string' },
          },
          'x-kubernetes-group-version-kind': [{ group: 'farm.example.com', version: 'v1', kind: 'Cow' }],
        },
        Name: { type: 'string' },
      },
      responses: { no: { description: 'no' } },
      securitySchemes: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header', description: 'A token.' } },
    },
  }
  const index = async (rest: Rest) => JSON.parse((await rest.call('get', '/openapi/v3').buffer(true).expect(200)).text).paths

  test('in the index and as a document, as long as the server is there', async () => {
    await using both = await aFarm({ openApiV2: v2 })
    const { rest, extension } = both
    const { serverRelativeURL } = (await index(rest))[path.slice(1)]
    expect(serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/farm\.example\.com\/v1\?hash=[0-9A-F]{128}$/)
    const { body, headers } = await rest.call('get', serverRelativeURL).expect(200)
    expect(body).toEqual(v3)
    expect(headers['cache-control']).toBe('public, immutable')
    expect(extension.asked).toEqual([])
    const protobuf = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf'
    const { body: binary } = await rest.call('get', serverRelativeURL).set('accept', protobuf).responseType('blob').expect(200)
    expect(Buffer.from(binary).includes('createCow')).toBe(true)
    // What is asked for again in a minute is the same document.
    await rest.cluster.clock.advance(90_000)
    expect((await index(rest))[path.slice(1)]).toEqual({ serverRelativeURL })
    await rest.call('delete', `${services}/v1.farm.example.com`).expect(200)
    await rest.cluster.settle()
    expect((await index(rest))[path.slice(1)]).toBeUndefined()
    await rest.call('get', serverRelativeURL).expect(404)
  })

  const broken: object[] = [
    { paths: { [`${path}/cows`]: null, '/x': { get: 7, parameters: {}, post: { parameters: [null, 7], responses: { 200: null } } } } },
    { paths: 7, definitions: [1], responses: null, securityDefinitions: 'x', parameters: 7 },
    { definitions: { A: null, B: 7, C: { properties: { a: null, b: 7 }, items: [null, 7], allOf: {} } } },
  ]
  test.each(broken)('what has not the form is left out: %j', async document => {
    await using both = await aFarm({ openApiV2: document })
    const { rest } = both
    const { body } = await rest.call('get', `${services}/v1.farm.example.com`).expect(200)
    expect(body.status.conditions[0].reason).toBe('Passed')
    const { serverRelativeURL } = (await index(rest))[path.slice(1)]
    expect((await rest.call('get', serverRelativeURL).expect(200)).body).toMatchObject({ openapi: '3.0.0' })
    await rest.call('get', '/openapi/v2').expect(200)
    expect(await groupOf(rest, 'farm.example.com')).toMatchObject({ versions: [{ freshness: 'Current' }] })
  })

  test('not beside one of v3', async () => {
    await using both = await aFarm({ openApiV2: v2, openApiV3: { openapi: '3.0.0', info: {}, paths: {} } })
    expect((await index(both.rest))[path.slice(1)]).toEqual({ serverRelativeURL: `/openapi/v3${path}?hash=ABC` })
  })
})

describe('a group', () => {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  const schema = { openAPIV3Schema: { type: 'object' } }
  const crd = {
    metadata: { name: 'cows.farm.example.com' },
    spec: {
      group: 'farm.example.com',
      scope: 'Namespaced',
      names: { plural: 'cows', singular: 'cow', kind: 'Cow', listKind: 'CowList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  }

  test('is taken over from a definition, and given back at once', async () => {
    await using both = await aFarm({ reply: () => ({ kind: 'CowList', items: [], from: 'server' }) })
    const { rest, extension } = both
    const { settle } = rest.cluster
    await rest.call('delete', `${services}/v1.farm.example.com`).expect(200)
    await settle()
    await rest.call('get', `${path}/cows`).expect(404)
    await rest.call('post', definitions, crd).expect(201)
    await settle()
    const { body: local } = await rest.call('get', `${services}/v1.farm.example.com`).expect(200)
    expect(local.metadata.labels).toEqual({ 'kube-aggregator.kubernetes.io/automanaged': 'true' })
    expect(local.status.conditions[0].reason).toBe('Local')
    const { service, caBundle } = anApiService(extension).spec
    // It is kept as it is while it is managed.
    await rest.patch(`${services}/v1.farm.example.com`, 'merge-patch', { spec: { service, caBundle } }).expect(200)
    await settle()
    expect((await rest.call('get', `${services}/v1.farm.example.com`)).body.spec).toEqual(local.spec)
    const taken = { metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': null } }, spec: { service, caBundle } }
    await rest.patch(`${services}/v1.farm.example.com`, 'merge-patch', taken).expect(200)
    await settle()
    expect((await rest.call('get', `${path}/cows`).expect(200)).body.from).toBe('server')
    await rest.call('delete', `${services}/v1.farm.example.com`).expect(200)
    await settle()
    const { body } = await rest.call('get', `${path}/cows`).expect(200)
    expect(body).toMatchObject({ kind: 'CowList', items: [], apiVersion: 'farm.example.com/v1' })
    const { body: again } = await rest.call('get', `${services}/v1.farm.example.com`).expect(200)
    expect(again.metadata.labels).toEqual({ 'kube-aggregator.kubernetes.io/automanaged': 'true' })
  })

  test('that is served here again is available', async () => {
    await using both = await aFarm()
    const { rest } = both
    await rest.patch(`${services}/v1.farm.example.com`, 'merge-patch', { spec: { service: null, caBundle: null } }).expect(200)
    await rest.cluster.settle()
    const { body } = await rest.call('get', `${services}/v1.farm.example.com`).expect(200)
    expect(body.status.conditions).toMatchObject([{ status: 'True', reason: 'Local', message: 'Local APIServices are always available' }])
  })
})
