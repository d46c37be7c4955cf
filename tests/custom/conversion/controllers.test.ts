// Controllers and custom resources that a webhook converts.
import { describe, test } from 'vitest'
import { aThing, at, converting } from '../../support/converting.ts'
import { definitions } from '../../support/custom.ts'

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
