// Objects that change while a webhook is asked about them.
import { describe, expect, test } from 'vitest'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { aConfigMap, configMaps, type Rest, serveRest } from '../support/api.ts'
import { onCreate, register, serveHook } from '../support/hook.ts'

describe('what was written while a webhook thought', () => {
  async function slow(rest: Rest): Promise<AsyncDisposable> {
    let asked = 0
    const hook = await serveHook(async () => {
      // Another client, which is not asked about.
      if (++asked === 1) await rest.cluster.client('other').patch(configMap, { namespace: 'default', name: 'a' }, { data: { other: '1' } })
      return { allowed: true }
    })
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    const rules = [{ ...onCreate, operations: ['UPDATE'] }]
    await register(rest, 'mutating', {
      clientConfig: hook.client,
      rules,
      matchConditions: [{ name: 'us', expression: 'request.userInfo.username == "kubernetes-admin"' }],
    })
    return hook
  }

  test('is patched as it is now', async () => {
    await using rest = await serveRest()
    await using _hook = await slow(rest)
    const { body } = await rest.patch(`${configMaps}/a`, 'merge-patch', { data: { mine: '2' } }).expect(200)
    expect(body.data).toEqual({ other: '1', mine: '2' })
  })

  test('is replaced only by who saw it', async () => {
    await using rest = await serveRest()
    await using _hook = await slow(rest)
    const { body } = await rest.call('get', `${configMaps}/a`)
    await rest.call('put', `${configMaps}/a`, { ...body, data: { mine: '2' } }).expect(409)
    expect((await rest.call('get', `${configMaps}/a`)).body.data).toEqual({ other: '1' })
  })

  test('is replaced by who does not care', async () => {
    await using rest = await serveRest()
    await using _hook = await slow(rest)
    const { body } = await rest.call('put', `${configMaps}/a`, aConfigMap('a', { mine: '2' })).expect(200)
    expect(body.data).toEqual({ mine: '2' })
  })
})
