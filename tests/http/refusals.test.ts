// What is not supported is refused by name or warned of, and docs/differences.md says so.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { notYet } from '../../server/http/route.ts'
import { aPod, pods, serveRest } from '../support/api.ts'

describe('refused by name', () => {
  test('classes that cannot be there', async () => {
    await using rest = await serveRest({ controllers: '*' })
    const forbidden = async (spec: object) => (await rest.call('post', pods, aPod('it', spec)).expect(403)).body.message
    expect(await forbidden({ priorityClassName: 'high' })).toBe('pods "it" is forbidden: no PriorityClass with name high was found')
    expect(await forbidden({ runtimeClassName: 'gvisor' })).toBe('pods "it" is forbidden: pod rejected: RuntimeClass "gvisor" not found')
  })
})

test('network policies are kept with a warning', async () => {
  await using rest = await serveRest()
  const path = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies'
  const { headers } = await rest.call('post', path, { metadata: { name: 'it' }, spec: {} }).expect(201)
  expect(headers.warning).toBe('299 - "kubemock keeps NetworkPolicies but does not enforce them"')
})

test('whatever is refused is written down, and told by the control API', async () => {
  const page = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8').toLowerCase()
  const word = (name: string) => name.replace(/(ies|e?s)$/, '')
  const missing = notYet.filter(name => !page.includes(word(name)))
  expect(missing).toEqual([])
  await using rest = await serveRest()
  expect((await rest.call('get', '/_kubemock/info')).body.unsupported).toEqual(notYet)
})
