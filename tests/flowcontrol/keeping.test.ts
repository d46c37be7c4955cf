// What a fresh cluster has of flow control is put back when it was changed or deleted.
import { describe, expect, test } from 'vitest'
import { bootstrapLevels } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/bootstrap.ts'
import type { ControlledClock } from '../../server/clock.ts'
import { type Kept, keptAnnotation, stepsFor } from '../../server/flowcontrol/keeping.ts'
import { type Rest, serveRest } from '../support/api.ts'

const spec = { matchingPrecedence: 1 }
const other = { matchingPrecedence: 2 }
const exempt = (nominalConcurrencyShares: number, type = 'Exempt') => ({ type, exempt: { nominalConcurrencyShares } })
const bootstrap = { must: spec, may: spec, exempt: exempt(0) }
const mandatory = { must: spec, exempt: exempt(0) }

const kept = (name: string, its: object, annotation: string | undefined, generation = 2): Kept =>
  ({
    metadata: { name, generation, ...(annotation === undefined ? {} : { annotations: { [keptAnnotation]: annotation } }) },
    spec: its,
  }) as never
const whole = [kept('must', spec, 'true'), kept('may', spec, 'true'), kept('exempt', exempt(0), 'true')]

describe('steps', () => {
  test.each<[string, Kept | string, object[]]>([
    ['nothing when nothing is different', kept('may', spec, 'true'), []],
    ['a suggested one that was deleted', 'may', [{ do: 'create', object: { metadata: { name: 'may' }, spec } }]],
    ['a mandatory one that was deleted', 'must', [{ do: 'create', object: { metadata: { name: 'must' }, spec } }]],
    ['a suggested one that was changed', kept('may', other, 'true'), [{ do: 'update', object: kept('may', spec, 'true') }]],
    ['a suggested one that is everybody’s own', kept('may', other, 'false'), []],
    ['a mandatory one that is not', kept('must', other, 'false'), [{ do: 'update', object: kept('must', spec, 'true') }]],
    ['a mandatory one whose annotation alone is wrong', kept('must', spec, 'f'), [{ do: 'update', object: kept('must', spec, 'true') }]],
    ['without the annotation and untouched', kept('may', other, undefined, 1), [{ do: 'update', object: kept('may', spec, 'true', 1) }]],
    ['without the annotation and touched', kept('may', other, undefined), [{ do: 'update', object: kept('may', other, 'false') }]],
    ['an annotation that says nothing', kept('may', other, 'perhaps'), [{ do: 'update', object: kept('may', other, 'false') }]],
    ['Go’s other ways to say yes', kept('may', spec, 'T'), []],
    ['one of earlier times', kept('old', spec, '1'), [{ do: 'delete', name: 'old' }]],
    ['one of earlier times that is kept', kept('old', spec, 'false'), []],
    ['one of somebody’s own', kept('mine', spec, undefined, 1), []],
    ['what the exempt level lends', kept('exempt', exempt(7), 'true'), []],
    [
      'the exempt level beside that',
      kept('exempt', exempt(7, 'Limited'), 'true'),
      [{ do: 'update', object: kept('exempt', exempt(0), 'true') }],
    ],
  ])('%s', (_what, changed, want) => {
    const current = new Map(whole.map(object => [object.metadata.name, object]))
    if (typeof changed === 'string') current.delete(changed)
    else current.set(changed.metadata.name, changed)
    expect(stepsFor(current, bootstrap, mandatory)).toMatchObject(want)
    expect(stepsFor(current, bootstrap, mandatory)).toHaveLength(want.length)
  })

  test('suggested ones come first', () =>
    expect(stepsFor(new Map(), bootstrap, mandatory).map(step => step.do === 'create' && step.object.metadata.name)).toEqual([
      'may',
      'must',
      'exempt',
    ]))
})

const root = '/apis/flowcontrol.apiserver.k8s.io/v1'
const get = async (rest: Rest, path: string) => (await rest.call('get', `${root}/${path}`)).body

test('by the minute, through the API', async () => {
  await using rest = await serveRest()
  const { clock } = rest.cluster
  const level = 'prioritylevelconfigurations/workload-low'
  await clock.advance(20_000)
  const shares = { spec: { limited: { nominalConcurrencyShares: 1 } } }
  await rest.patch(`${root}/${level}`, 'merge-patch', shares).expect(200)
  await rest.call('delete', `${root}/flowschemas/probes`).expect(200)
  await rest.call('delete', `${root}/flowschemas/exempt`).expect(200)
  await rest.cluster.settle()
  // Who is exempt stays so meanwhile; the level is still there.
  const { headers } = await rest.call('get', `${root}/${level}`).expect(200)
  expect(headers['x-kubernetes-pf-prioritylevel-uid']).toBe((await get(rest, 'prioritylevelconfigurations/exempt')).metadata.uid)
  await clock.advance(39_000)
  expect((await get(rest, level)).spec.limited.nominalConcurrencyShares).toBe(1)
  await clock.advance(1_000)
  expect(await get(rest, level)).toMatchObject({
    metadata: { generation: 3, managedFields: [{ manager: 'api-priority-and-fairness-config-producer-v1' }] },
    spec: bootstrapLevels['workload-low'],
  })
  for (const name of ['probes', 'exempt'])
    expect(await get(rest, `flowschemas/${name}`)).toMatchObject({ metadata: { generation: 1, annotations: { [keptAnnotation]: 'true' } } })
})

test('not what is somebody’s own from now on', async () => {
  await using rest = await serveRest()
  const level = 'prioritylevelconfigurations/workload-low'
  const mine = { metadata: { annotations: { [keptAnnotation]: 'false' } }, spec: { limited: { nominalConcurrencyShares: 1 } } }
  await rest.patch(`${root}/${level}`, 'merge-patch', mine).expect(200)
  await rest.cluster.settle()
  await rest.cluster.clock.advance(120_000)
  expect((await get(rest, level)).spec.limited.nominalConcurrencyShares).toBe(1)
})

test('no timer runs while nothing changes', async () => {
  await using rest = await serveRest()
  await rest.cluster.clock.advance(60_000)
  expect((rest.cluster.clock as ControlledClock).untilNextMs()).toBeUndefined()
})
