// Conversion webhooks, called over HTTPS as a real cluster calls them.
import { get } from 'node:https'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Rest, serveRest } from '../support/api.ts'
import { aConvertedDefinition, type ConversionServer, serveConversion, type Thing } from '../support/conversion.ts'
import { define, definitions, things } from '../support/custom.ts'
import { patchOf, serveHook } from '../support/hook.ts'

const at = (version: string) => things.replace('/v1/', `/${version}/`)
const aThing = (version: string, name: string, spec: object, metadata: object = {}) => ({
  apiVersion: `ex.example.com/${version}`,
  kind: 'Thing',
  metadata: { name, ...metadata },
  spec,
})

async function converting(options: Parameters<typeof aConvertedDefinition>[1] = {}, start: Parameters<typeof serveRest>[0] = {}) {
  const hook = await serveConversion()
  onTestFinished(() => hook[Symbol.asyncDispose]())
  const rest = await serveRest(start)
  onTestFinished(() => rest[Symbol.asyncDispose]())
  const { headers } = await define(rest, aConvertedDefinition(hook.client, options))
  expect(headers.warning).toBeUndefined()
  return { rest, hook }
}

/** So many events of a watch. */
const events = (rest: Rest, path: string, count: number): Promise<{ type: string; object: Thing }[]> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${rest.cluster.adminToken}` }
    let text = ''
    const sent = get(`${rest.cluster.url}${path}`, { rejectUnauthorized: false, headers, agent: false }, response => {
      response.on('data', part => {
        text += part
        const lines = text.split('\n').slice(0, -1)
        if (lines.length < count) return
        sent.destroy()
        resolve(lines.slice(0, count).map(line => JSON.parse(line)))
      })
    })
    sent.on('error', reject)
  })

const versionsAsked = ({ asked }: ConversionServer) => asked.map(({ desiredAPIVersion }) => desiredAPIVersion.split('/')[1])

describe('an object in another version than it is stored in', () => {
  test('is stored in the storage version, and answered in the one asked for', async () => {
    const { rest, hook } = await converting()
    const { body } = await rest.call('post', at('v2'), aThing('v2', 'it', { host: 'a', port: '1' })).expect(201)
    expect([body.apiVersion, body.spec]).toEqual(['ex.example.com/v2', { host: 'a', port: '1', size: 1 }])
    // Its default is not the webhook's to keep.
    expect(hook.asked[0]?.objects[0]?.spec).toEqual({ host: 'a', port: '1', note: 'none' })
    expect(versionsAsked(hook)).toEqual(['v1', 'v2'])
    const stored = await rest.call('get', `${at('v1')}/it`).expect(200)
    expect([stored.body.apiVersion, stored.body.spec]).toEqual(['ex.example.com/v1', { address: 'a:1', size: 1 }])
    expect(stored.body.metadata).toEqual(body.metadata)
    expect(versionsAsked(hook)).toEqual(['v1', 'v2'])
  })

  test('the webhook hears of an object as its version lists and defaults it, and keeps nothing but labels and annotations of the metadata', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1', unknown: 1 })).expect(201)
    expect(hook.asked).toEqual([])
    hook.instead = ({ apiVersion, uid, objects: [object] }) => {
      const metadata = { ...object?.metadata, labels: { by: 'hook' }, finalizers: ['ex.example.com/mine'], generation: 7 }
      const convertedObjects = [{ ...object, apiVersion: 'ex.example.com/v2', metadata, spec: { host: 'b', other: 2 } }]
      return { apiVersion, kind: 'ConversionReview', response: { uid, result: { status: 'Success' }, convertedObjects } }
    }
    const { body } = await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(hook.asked[0]?.objects[0]).toMatchObject({ apiVersion: 'ex.example.com/v1', spec: { address: 'a:1', size: 1 } })
    expect(body.spec).toEqual({ host: 'b' })
    expect(body.metadata).toMatchObject({ labels: { by: 'hook' }, generation: 1 })
    expect(body.metadata.finalizers).toBeUndefined()
  })

  test('is asked about anew by a get, and no more by lists', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', {})).expect(201)
    for (let i = 0; i < 2; i++) await rest.call('get', at('v2')).expect(200)
    expect(hook.asked).toHaveLength(1)
    for (let i = 0; i < 2; i++) await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(hook.asked).toHaveLength(3)
  })

  test.each([
    ['json-patch', [{ op: 'replace', path: '/spec/port', value: '2' }]],
    ['merge-patch', { spec: { port: '2' } }],
  ] as const)('%s', async (type, patch) => {
    const { rest } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1' })).expect(201)
    const { body } = await rest.patch(`${at('v2')}/it`, type, patch).expect(200)
    expect(body).toMatchObject({ spec: { host: 'a', port: '2' }, metadata: { generation: 2 } })
    const { body: stored } = await rest.call('get', `${at('v1')}/it`)
    expect(stored.spec).toEqual({ address: 'a:2', size: 1 })
  })

  test('update, status and scale', async () => {
    const { rest } = await converting()
    const { body } = await rest.call('post', at('v3'), aThing('v3', 'it', { endpoint: ['a', '1'] })).expect(201)
    await rest.call('put', `${at('v3')}/it`, { ...body, spec: { endpoint: ['b', '2'] } }).expect(200)
    const status = await rest.patch(`${at('v2')}/it/status`, 'merge-patch', { status: { told: 'yes' } }).expect(200)
    expect(status.body).toMatchObject({ apiVersion: 'ex.example.com/v2', spec: { host: 'b', port: '2' }, status: { told: 'yes' } })
    const scale = await rest.patch(`${at('v2')}/it/scale`, 'merge-patch', { spec: { replicas: 3 } }).expect(200)
    expect(scale.body.spec).toEqual({ replicas: 3 })
    const { body: stored } = await rest.call('get', `${at('v1')}/it`)
    expect([stored.spec, stored.status]).toEqual([{ address: 'b:2', size: 3 }, { told: 'yes' }])
  })

  test('what its own version forbids is refused before the webhook is asked', async () => {
    const { rest, hook } = await converting()
    const { body } = await rest.call('post', at('v2'), aThing('v2', 'it', { host: 'a'.repeat(21) })).expect(422)
    expect(body.message).toContain('spec.host: Too long')
    expect(hook.asked).toEqual([])
  })

  test('a list asks once, and not about those that are in the version', async () => {
    const { rest, hook } = await converting()
    for (const name of ['a', 'b', 'c']) await rest.call('post', at('v1'), aThing('v1', name, { address: `${name}:1` })).expect(201)
    await rest.call('get', at('v1')).expect(200)
    expect(hook.asked).toEqual([])
    const { body } = await rest.call('get', at('v3')).expect(200)
    expect(body.items.map(({ spec }: Thing) => spec?.endpoint)).toEqual([
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
    ])
    expect(hook.asked.map(({ objects }) => objects.length)).toEqual([3])
    const table = await rest.call('get', at('v2')).set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
    expect(table.body.rows.map(({ cells }: { cells: string[] }) => cells)).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ])
  })

  test('a watch converts each event, and bookmarks keep its version', async () => {
    const { rest } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'old', { address: 'a:1' })).expect(201)
    const seen = events(rest, `${at('v2')}?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`, 5)
    await rest.call('post', at('v3'), aThing('v3', 'new', { endpoint: ['b', '1'] })).expect(201)
    await rest.patch(`${at('v1')}/new`, 'merge-patch', { spec: { address: 'c:1' } }).expect(200)
    await rest.call('delete', `${at('v1')}/new`).expect(200)
    const shown = (await seen).filter(({ type }) => type !== 'BOOKMARK')
    expect((await seen).every(({ object }) => object.apiVersion === 'ex.example.com/v2')).toBe(true)
    expect(shown.map(({ type, object }) => [type, object.spec?.host])).toEqual([
      ['ADDED', 'a'],
      ['ADDED', 'b'],
      ['MODIFIED', 'c'],
      ['DELETED', 'c'],
    ])
  })

  test('delete and deletecollection answer in the version asked for', async () => {
    const { rest } = await converting()
    for (const name of ['a', 'b']) {
      const metadata = { finalizers: ['ex.example.com/mine'] }
      await rest.call('post', at('v1'), aThing('v1', name, { address: `${name}:1` }, metadata)).expect(201)
    }
    const one = await rest.call('delete', `${at('v2')}/a`).expect(200)
    expect(one.body).toMatchObject({ apiVersion: 'ex.example.com/v2', spec: { host: 'a' } })
    const { body } = await rest.call('delete', at('v3')).expect(200)
    expect(body.items.map(({ spec }: Thing) => spec?.endpoint)).toEqual([
      ['a', '1'],
      ['b', '1'],
    ])
  })
})

describe('a webhook that fails', () => {
  const failing = async (instead: NonNullable<ConversionServer['instead']>, reviews = ['v1']) => {
    const { rest, hook } = await converting({ reviews })
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1' })).expect(201)
    hook.instead = instead
    return { rest, hook }
  }
  const about = 'conversion webhook for ex.example.com/v1, Kind=Thing'
  type Answer = { uid: string; objects: Thing[] }
  const review = (response: object, version = 'v1') => ({
    apiVersion: `apiextensions.k8s.io/${version}`,
    kind: 'ConversionReview',
    response,
  })
  const success = (uid: string, ...convertedObjects: unknown[]) => review({ uid, result: { status: 'Success' }, convertedObjects })
  const changed =
    (change: (object: Thing) => object) =>
    ({ uid, objects: [object] }: Answer) =>
      success(uid, change({ ...(object as Thing), apiVersion: 'ex.example.com/v2' }))
  const meta = (more: object) => changed(object => ({ ...object, metadata: { ...object.metadata, ...more } }))

  test.each<[string, NonNullable<ConversionServer['instead']>, string]>([
    ['says no', ({ uid }) => review({ uid, result: { status: 'Failure', message: 'not today' } }), `${about} failed: not today`],
    ['says nothing', ({ uid }) => review({ uid }), `${about} failed: response.result.status was '', not 'Success'`],
    [
      'answers something else',
      () => ({ apiVersion: 'v1', kind: 'Pod' }),
      `${about} failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /v1, Kind=Pod`,
    ],
    [
      'answers without a response',
      () => ({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview' }),
      `${about} failed: no response provided`,
    ],
    ['loses the object', ({ uid }) => success(uid), `${about} returned 0 objects, expected 1`],
    ['makes no object', ({ uid }) => success(uid, {}), "Object 'Kind' is missing in '{}'"],
    [
      'converts to another version',
      changed(object => ({ ...object, apiVersion: 'ex.example.com/v3' })),
      `${about} returned invalid object at index 0: invalid groupVersion (expected ex.example.com/v2, received ex.example.com/v3)`,
    ],
    [
      'converts to another kind',
      changed(object => ({ ...object, kind: 'Other' })),
      `${about} returned invalid object at index 0: invalid kind (expected Thing, received Other)`,
    ],
    ['renames', meta({ name: 'other' }), `${about} returned invalid object: must have the same name: it != other`],
    ['moves', meta({ namespace: 'other' }), `${about} returned invalid object: must have the same namespace: default != other`],
    [
      'drops metadata',
      changed(({ metadata: _metadata, ...object }) => object),
      `${about} returned invalid object: must have the same name: it != `,
    ],
    [
      'has labels that are none',
      meta({ labels: [] }),
      `${about} returned invalid metadata: invalid metadata.labels of type []interface {} in converted object`,
    ],
    [
      'has a label that is none',
      meta({ labels: { a: 1 } }),
      `${about} returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object`,
    ],
    ['is not there', () => ({ code: 404, text: 'none' }), `${about} failed: the server could not find the requested resource`],
    [
      'breaks down',
      () => ({ code: 500, text: 'ouch' }),
      `${about} failed: an error on the server ("ouch") has prevented the request from succeeding`,
    ],
  ])('%s', async (_name, instead, message) => {
    const { rest, hook } = await failing(instead)
    const { body } = await rest.call('get', `${at('v2')}/it`).expect(500)
    expect(body).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 })
    // A list has nothing to show then, either; the version that is stored has.
    await rest.call('get', at('v2')).expect(500)
    await rest.call('get', at('v1')).expect(200)
    hook.instead = undefined
    await rest.call('get', at('v2')).expect(200)
  })

  test('the uid counts in v1', async () => {
    const { rest } = await failing(({ objects }) => success('other', ...objects))
    const { body } = await rest.call('get', `${at('v2')}/it`).expect(500)
    expect(body.message).toMatch(new RegExp(`^${about} failed: expected response.uid="[0-9a-f-]{36}", got "other"$`))
  })

  test('and not in v1beta1', async () => {
    const { rest, hook } = await failing(
      ({ objects: [object] }) => ({
        response: { result: { status: 'Success' }, convertedObjects: [{ ...object, apiVersion: 'ex.example.com/v2' }] },
      }),
      ['v7', 'v1beta1', 'v1'],
    )
    await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(hook.asked[0]?.apiVersion).toBe('apiextensions.k8s.io/v1beta1')
  })

  test('a watch tells of it, and ends', async () => {
    const { rest } = await failing(() => ({ code: 503, text: '' }))
    const [event] = await events(rest, `${at('v2')}?watch=1`, 1)
    expect(event).toMatchObject({
      type: 'ERROR',
      object: { code: 500, message: `${about} failed: the server is currently unable to handle the request` },
    })
  })

  test('nothing is stored of what cannot be converted', async () => {
    const { rest } = await failing(() => ({ code: 404, text: '' }))
    const { body } = await rest.call('post', at('v2'), aThing('v2', 'new', {})).expect(500)
    expect(body.message).toBe(
      'conversion webhook for ex.example.com/v2, Kind=Thing failed: the server could not find the requested resource',
    )
    await rest.call('get', `${at('v1')}/new`).expect(404)
  })
})

test('a webhook that nobody hears', async () => {
  await using rest = await serveRest()
  await define(rest, aConvertedDefinition({ url: 'https://127.0.0.1:1/convert' }))
  const { body } = await rest.call('post', at('v2'), aThing('v2', 'it', {})).expect(500)
  expect(body.message).toBe(
    'conversion webhook for ex.example.com/v2, Kind=Thing failed: Post "https://127.0.0.1:1/convert?timeout=30s": dial tcp 127.0.0.1:1: connect: connection refused',
  )
})

test('a webhook behind a Service', async () => {
  await using hook = await serveConversion()
  await using rest = await serveRest({ serviceEndpoints: `default/convert=127.0.0.1:${hook.port}` })
  await define(rest, aConvertedDefinition(hook.behindService))
  const { body } = await rest.call('post', at('v2'), aThing('v2', 'it', {})).expect(500)
  expect(body.message).toContain('failed: Post "https://convert.default.svc:443/convert?timeout=30s": service "convert" not found')
  await rest
    .call('post', '/api/v1/namespaces/default/services', { metadata: { name: 'convert' }, spec: { ports: [{ port: 443 }] } })
    .expect(201)
  await rest.call('post', at('v2'), aThing('v2', 'it', {})).expect(201)
})

describe('the storage version changes', () => {
  test('what is stored stays until it is written again, be it as it is', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1' })).expect(201)
    const definition = `${definitions}/things.ex.example.com`
    const operations = [0, 1].map(index => ({ op: 'replace', path: `/spec/versions/${index}/storage`, value: index === 1 }))
    const { body } = await rest.patch(definition, 'json-patch', operations).expect(200)
    expect(body.status.storedVersions).toEqual(['v1', 'v2'])
    await rest.cluster.settle()
    await rest.call('get', `${at('v1')}/it`).expect(200)
    expect(hook.asked).toEqual([])
    const before = await rest.call('get', `${at('v3')}/it`).expect(200)
    expect(before.body.spec).toEqual({ endpoint: ['a', '1'], size: 1 })
    // As a storage migration does.
    const after = await rest.call('put', `${at('v3')}/it`, before.body).expect(200)
    expect(Number(after.body.metadata.resourceVersion)).toBeGreaterThan(Number(before.body.metadata.resourceVersion))
    expect(after.body.metadata.generation).toBe(1)
    const asked = hook.asked.length
    const { body: now } = await rest.call('get', `${at('v2')}/it`).expect(200)
    expect(now.spec).toEqual({ host: 'a', port: '1', size: 1, note: 'none' })
    expect(hook.asked).toHaveLength(asked)
    const unchanged = await rest.call('put', `${at('v3')}/it`, after.body).expect(200)
    expect(unchanged.body.metadata.resourceVersion).toBe(after.body.metadata.resourceVersion)
  })
})

describe('admission webhooks see the version their rule names', () => {
  const admit = (client: object, type: 'Mutating' | 'Validating') => ({
    metadata: { name: 'admit' },
    webhooks: [
      {
        name: 'a.example.com',
        clientConfig: client,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        rules: [{ operations: ['*'], apiGroups: ['ex.example.com'], apiVersions: ['v2'], resources: ['things'] }],
        ...(type === 'Validating'
          ? { matchConditions: [{ name: 'converted', expression: "object == null || object.spec.host != 'skip'" }] }
          : {}),
      },
    ],
  })
  const path = (type: string) => `/apis/admissionregistration.k8s.io/v1/${type}webhookconfigurations`

  test('and change it in that version', async () => {
    await using admission = await serveHook(() => patchOf({ op: 'replace', path: '/spec/port', value: '443' }))
    const { rest } = await converting()
    await rest.call('post', path('mutating'), admit(admission.client, 'Mutating')).expect(201)
    const { body } = await rest.call('post', at('v1'), aThing('v1', 'it', { address: 'a:1' })).expect(201)
    expect(admission.asked[0]?.object).toMatchObject({ apiVersion: 'ex.example.com/v2', spec: { host: 'a', port: '1' } })
    expect([body.apiVersion, body.spec]).toEqual(['ex.example.com/v1', { address: 'a:443', size: 1 }])
    await rest.call('put', `${at('v3')}/it`, { ...aThing('v3', 'it', { endpoint: ['b', '1'] }), metadata: body.metadata }).expect(200)
    expect(admission.asked[1]).toMatchObject({
      requestKind: { version: 'v3' },
      kind: { version: 'v2' },
      object: { spec: { host: 'b' } },
      oldObject: { spec: { host: 'a' } },
    })
    expect((await rest.call('get', `${at('v1')}/it`)).body.spec).toEqual({ address: 'b:443', size: 1 })
  })

  test('their conditions do, too', async () => {
    await using admission = await serveHook(() => ({ allowed: false }))
    const { rest } = await converting()
    await rest.call('post', path('validating'), admit(admission.client, 'Validating')).expect(201)
    await rest.call('post', at('v1'), aThing('v1', 'a', { address: 'skip:1' })).expect(201)
    await rest.call('post', at('v1'), aThing('v1', 'b', { address: 'b:1' })).expect(400)
    await rest.call('delete', `${at('v1')}/a`).expect(400)
    expect(admission.asked.at(-1)?.oldObject).toMatchObject({ apiVersion: 'ex.example.com/v2', spec: { host: 'skip' } })
  })

  test('what cannot be converted is not asked about', async () => {
    await using admission = await serveHook(() => ({ allowed: true }))
    const { rest, hook } = await converting()
    await rest.call('post', path('validating'), admit(admission.client, 'Validating')).expect(201)
    hook.instead = () => ({ code: 404, text: '' })
    const { body } = await rest.call('post', at('v1'), aThing('v1', 'it', {})).expect(500)
    expect(body).toMatchObject({
      reason: 'InternalError',
      message:
        'Internal error occurred: conversion webhook for ex.example.com/v1, Kind=Thing failed: the server could not find the requested resource',
    })
    expect(admission.asked).toEqual([])
  })
})

describe('controllers', () => {
  test('objects go with their owner and their namespace, whatever version they were written in', async () => {
    const { rest } = await converting({ storage: 'v3' }, { controllers: '*' })
    await rest.call('post', '/api/v1/namespaces', { metadata: { name: 'gone' } }).expect(201)
    await rest.cluster.settle()
    await rest.call('post', at('v2').replace('default', 'gone'), aThing('v2', 'it', { host: 'a' })).expect(201)
    const { body: owner } = await rest.call('post', at('v1'), aThing('v1', 'owner', {})).expect(201)
    const ownerReferences = [{ apiVersion: 'ex.example.com/v2', kind: 'Thing', name: 'owner', uid: owner.metadata.uid }]
    await rest.call('post', at('v2'), aThing('v2', 'owned', { host: 'a' }, { ownerReferences })).expect(201)
    await rest.call('delete', `${at('v2')}/owner`).expect(200)
    await rest.call('delete', '/api/v1/namespaces/gone').expect(200)
    await rest.cluster.settle()
    await rest.call('get', `${at('v3')}/owned`).expect(404)
    await rest.call('get', '/api/v1/namespaces/gone').expect(404)
  })

  test('a broken webhook stops the collection of its objects, until it is mended', async () => {
    const { rest, hook } = await converting({}, { controllers: 'garbagecollector', logError: () => {} })
    await rest.call('post', at('v1'), aThing('v1', 'owner', {})).expect(201)
    const { body: owner } = await rest.call('get', `${at('v1')}/owner`)
    const ownerReferences = [{ apiVersion: 'ex.example.com/v1', kind: 'Thing', name: 'owner', uid: owner.metadata.uid }]
    await rest.call('post', at('v1'), aThing('v1', 'owned', {}, { ownerReferences })).expect(201)
    hook.instead = () => ({ code: 500, text: 'ouch' })
    // From now on they are stored in another version than they are read in.
    const operations = [0, 1].map(index => ({ op: 'replace', path: `/spec/versions/${index}/storage`, value: index === 1 }))
    await rest.patch(`${definitions}/things.ex.example.com`, 'json-patch', operations).expect(200)
    await rest.cluster.settle()
    await rest.call('delete', `${at('v1')}/owner`).expect(200)
    await rest.cluster.settle()
    await rest.call('get', `${at('v1')}/owned`).expect(200)
    hook.instead = undefined
    await rest.cluster.clock.advance(600_000)
    await rest.call('get', `${at('v1')}/owned`).expect(404)
  })
})

describe('managers of fields wrote in different versions', () => {
  const managers = ({ metadata }: Thing) =>
    Object.fromEntries(
      (metadata.managedFields ?? []).map(({ manager, apiVersion, fieldsV1 }) => [`${manager} ${apiVersion?.slice(-2)}`, fieldsV1]),
    )
  const applied = async (version: string, by: string, spec: object, more = '') =>
    (await converted).rest.apply(`${at(version)}/it`, aThing(version, 'it', spec), `fieldManager=${by}${more}`)
  let converted: ReturnType<typeof converting>
  const start = async () => {
    converted = converting()
    return converted
  }

  test('what one changes the other loses, in its own version', async () => {
    const { rest } = await start()
    await applied('v1', 'one', { address: 'a:1', size: 2 })
    const { body } = await rest.patch(`${at('v2')}/it?fieldManager=two`, 'merge-patch', { spec: { port: '2' } }).expect(200)
    expect(managers(body)).toEqual({ 'one v1': { 'f:spec': { 'f:size': {} } }, 'two v2': { 'f:spec': { 'f:note': {}, 'f:port': {} } } })
  })

  test('a conflict names the field as its owner knows it', async () => {
    const { rest } = await start()
    await applied('v1', 'one', { address: 'a:1', size: 2 })
    const refused = await applied('v2', 'two', { host: 'b' })
    expect([refused.status, refused.body.message]).toEqual([409, 'Apply failed with 1 conflict: conflict with "one": .spec.address'])
    await applied('v2', 'two', { host: 'a' })
    const { body } = await applied('v3', 'three', { endpoint: ['c', '1'] }, '&force=true')
    expect(managers(body)).toEqual({ 'one v1': { 'f:spec': { 'f:size': {} } }, 'three v3': { 'f:spec': { 'f:endpoint': {} } } })
    expect((await rest.call('get', `${at('v1')}/it`)).body.spec).toEqual({ address: 'c:1', size: 2 })
  })

  test('what was applied in one version is given up in another, if nobody else has it', async () => {
    const { rest } = await start()
    await applied('v1', 'one', { address: 'a:1', size: 2 })
    const { body } = await applied('v2', 'one', { size: 2 })
    expect(body.spec).toEqual({ size: 2 })
    expect(managers(body)).toEqual({ 'one v2': { 'f:spec': { 'f:size': {} } } })
    await applied('v1', 'one', { address: 'a:1' })
    await applied('v3', 'two', { endpoint: ['a', '1'] })
    await applied('v2', 'one', { size: 2 })
    expect((await rest.call('get', `${at('v1')}/it`)).body.spec).toEqual({ address: 'a:1', size: 2 })
  })

  test('whose webhook fails: an update closes the books, and an apply says so', async () => {
    const { rest, hook } = await start()
    await applied('v2', 'one', { host: 'a' })
    hook.instead = () => ({ code: 404, text: '' })
    const refused = await applied('v1', 'two', { size: 3 })
    expect([refused.status, refused.body.message]).toEqual([
      500,
      'conversion webhook for ex.example.com/v1, Kind=Thing failed: the server could not find the requested resource',
    ])
    const { body } = await rest.patch(`${at('v1')}/it`, 'merge-patch', { spec: { size: 3 } }).expect(200)
    expect(body.metadata.managedFields).toBeUndefined()
  })
})
