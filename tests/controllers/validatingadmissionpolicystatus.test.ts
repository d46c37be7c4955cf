// What is told of a policy whose expressions do not fit the types of its objects.
import { beforeAll, describe, expect, test } from 'vitest'
import { expressionWarnings } from '../../controllers/validatingadmissionpolicystatus/plan.ts'
import { loadCel } from '../../openapi/cel/admission/compile.ts'
import { builtinKinds as kinds } from '../../openapi/kinds/index.ts'
import { serveRest } from '../support/api.ts'

beforeAll(loadCel)

const rule = (apiGroups: string[], resources: string[]) => ({ apiGroups, apiVersions: ['v1'], operations: ['CREATE'], resources })
const undefinedField = (kind: string, text: string, field: string) =>
  `${kind}: ERROR: <input>:1:7: undefined field '${field}'\n | ${text}\n | ......^\n`

describe('an expression', () => {
  const deployments = [rule(['apps'], ['deployments'])]
  const cases: [string, object[], string | undefined][] = [
    ['object.spec.replicas > 1', deployments, undefined],
    ['object.replicas > 1', deployments, undefinedField('apps/v1, Kind=Deployment', 'object.replicas > 1', 'replicas')],
    [
      'object.spec.replicas > "1"',
      deployments,
      "apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'\n | object.spec.replicas > \"1\"\n | .....................^\n",
    ],
    ['oldObject == null || "a" in object.metadata.labels', deployments, undefined],
    ['object.metadata.?labels.orValue({}).size() > 0', deployments, undefined],
    [
      'object.spec.template.spec.containers.all(i, c, quantity(c.resources.limits["cpu"]).isLessThan(quantity("1")))',
      deployments,
      undefined,
    ],
    [
      'object.nope == 1',
      [rule(['', 'apps'], ['pods', 'deployments'])],
      `${undefinedField('/v1, Kind=Pod', 'object.nope == 1', 'nope')}\n${undefinedField('apps/v1, Kind=Deployment', 'object.nope == 1', 'nope')}`,
    ],
    ['object.nope == 1', [rule(['*'], ['pods'])], undefined],
    ['object.nope == 1', [rule([''], ['*', 'pods/exec'])], undefined],
  ]
  test.each(cases)('%s of %j', (expression, resourceRules, warning) => {
    const spec = { matchConstraints: { resourceRules }, validations: [{ expression }] } as never
    expect(expressionWarnings(spec, kinds)).toEqual(warning === undefined ? [] : [{ fieldRef: 'spec.validations[0].expression', warning }])
  })
})

test('the status says for which generation', async () => {
  await using rest = await serveRest({ controllers: '*' })
  const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies'
  const spec = (expression: string) => ({
    matchConstraints: { resourceRules: [rule([''], ['configmaps'])] },
    validations: [{ expression }],
  })
  await rest.call('post', path, { metadata: { name: 'p' }, spec: spec('object.nope == 1') }).expect(201)
  const statusOf = async (generation: number) => {
    const read = async () => (await rest.call('get', `${path}/p`)).body
    await expect.poll(async () => (await read()).status.observedGeneration).toBe(generation)
    return (await read()).status
  }
  expect(await statusOf(1)).toEqual({
    observedGeneration: 1,
    typeChecking: {
      expressionWarnings: [
        { fieldRef: 'spec.validations[0].expression', warning: undefinedField('/v1, Kind=ConfigMap', 'object.nope == 1', 'nope') },
      ],
    },
  })
  const { body } = await rest.call('get', `${path}/p`)
  await rest.call('put', `${path}/p`, { ...body, spec: spec('object.data.size() == 1') }).expect(200)
  expect(await statusOf(2)).toEqual({ observedGeneration: 2, typeChecking: {} })
})
