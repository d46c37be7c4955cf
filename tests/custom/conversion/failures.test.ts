// Conversion webhooks that fail, answer wrongly or are away.
import { describe, expect, test } from 'vitest'
import { serveRest } from '../../support/api.ts'
import { aConvertedDefinition, type ConversionServer, serveConversion, type Thing } from '../../support/conversion.ts'
import { aThing, at, converting, events } from '../../support/converting.ts'
import { define } from '../../support/custom.ts'

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
