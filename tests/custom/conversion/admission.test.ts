// Which version of a custom resource admission webhooks see.
import { describe, expect, test } from 'vitest'
import { aConfigMap, configMaps, type Rest } from '../../support/api.ts'
import { aThing, at, converting } from '../../support/converting.ts'
import { patchOf, serveHook } from '../../support/hook.ts'

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

describe('parameters of policies are seen in the version that the policy names', () => {
  const root = '/apis/admissionregistration.k8s.io/v1'
  const enforce = async (rest: Rest, version: string, expression: string) => {
    const resourceRules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]
    const paramKind = { apiVersion: `ex.example.com/${version}`, kind: 'Thing' }
    const spec = { paramKind, matchConstraints: { resourceRules }, validations: [{ expression }] }
    await rest.call('post', `${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec }).expect(201)
    const paramRef = { name: 'limits', parameterNotFoundAction: 'Deny' }
    const bound = { policyName: 'p', validationActions: ['Deny'], paramRef }
    await rest.call('post', `${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: bound }).expect(201)
  }

  test.each([
    ['v1', "params.spec.address == 'a:1'"],
    ['v2', "params.apiVersion == 'ex.example.com/v2' && params.spec.host == 'a' && params.spec.port == '1'"],
    ['v3', "params.spec.endpoint == ['a', '1']"],
  ])('%s', async (version, expression) => {
    const { rest } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'limits', { address: 'a:1' })).expect(201)
    await enforce(rest, version, expression)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  })

  test('and are not there when they cannot be converted', async () => {
    const { rest, hook } = await converting()
    await rest.call('post', at('v1'), aThing('v1', 'limits', { address: 'a:1' })).expect(201)
    await enforce(rest, 'v2', 'true')
    hook.instead = () => ({ code: 404, text: '' })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(422)
    expect(body.message).toContain(
      'failed to configure binding: paramKind kind `ex.example.com/v2, Kind=Thing` not yet synced to use for admission',
    )
  })
})
