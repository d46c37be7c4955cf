// Custom resources over HTTP: what the recordings do not have.
import { expect, test } from 'vitest'
import { customResourceDefinition } from '../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { serveRest } from '../support/api.ts'
import { aDefinition, aThing, define, things } from '../support/custom.ts'

test('a pattern that takes others for ever takes no time', async () => {
  await using rest = await serveRest()
  await define(rest, aDefinition({ type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } }))
  const start = performance.now()
  await rest.call('post', things, aThing('it', { a: `${'a'.repeat(5000)}!` })).expect(422)
  expect(performance.now() - start).toBeLessThan(2000)
})

test('conversion webhooks are not called: other versions are refused by name, and the definition is warned of', async () => {
  await using rest = await serveRest()
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const definition = aDefinition(
    {},
    {
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://hook.example.com/' } },
      },
      versions: ['v1', 'v2'].map(name => ({ name, served: true, storage: name === 'v1', schema })),
    },
  )
  const { headers } = await define(rest, definition)
  expect(headers.warning).toContain('kubemock does not call conversion webhooks')
  await rest.call('post', things, aThing('it', {})).expect(201)
  const { body } = await rest.call('get', `${things.replace('v1', 'v2')}/it`).expect(501)
  expect(body.message).toBe(
    'kubemock does not support conversion webhooks: conversion webhook for ex.example.com/v2, Kind=Thing is not called',
  )
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
  const start = performance.now()
  for (let i = 0; i < 1000; i++) {
    const { spec } = aDefinition({ type: 'object' }, { names: { plural: `things${i}`, kind: `Thing${i}` } })
    await client.create(customResourceDefinition, { metadata: { name: `things${i}.ex.example.com` }, spec: spec as never })
  }
  await rest.cluster.settle()
  const { body } = await rest.call('get', '/apis/ex.example.com/v1').expect(200)
  expect(body.resources).toHaveLength(1000)
  expect(performance.now() - start).toBeLessThan(30_000)
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
