// Managers of fields that wrote in different versions.
import { describe, expect, test } from 'vitest'
import type { Thing } from '../../support/conversion.ts'
import { aThing, at, converting } from '../../support/converting.ts'

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
