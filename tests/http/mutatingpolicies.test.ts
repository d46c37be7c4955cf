// Mutating admission policies: what they change, in which order, and how they refuse.
import { describe, expect, test } from 'vitest'
import { aConfigMap, aPod, configMaps, pods, type Rest, serveRest } from '../support/api.ts'

const root = '/apis/admissionregistration.k8s.io/v1'
const rulesOf = (resource: string, group = '') => [
  { operations: ['CREATE', 'UPDATE', 'DELETE'], apiGroups: [group], apiVersions: ['v1'], resources: [resource] },
]
const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } })
const patch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })

interface Policy {
  name?: string
  resource?: string
  binding?: object
  [field: string]: unknown
}

const specOf = ({ name: _name, resource = 'configmaps', binding: _binding, ...spec }: Policy) => ({
  matchConstraints: { resourceRules: rulesOf(resource) },
  reinvocationPolicy: 'Never',
  ...spec,
})

async function enforce(rest: Rest, policy: Policy): Promise<void> {
  const { name = 'p', binding = {} } = policy
  const made = await rest.call('post', `${root}/mutatingadmissionpolicies`, { metadata: { name }, spec: specOf(policy) }).expect(201)
  expect(made.headers.warning).toBeUndefined()
  await rest
    .call('post', `${root}/mutatingadmissionpolicybindings`, { metadata: { name: `${name}-b` }, spec: { policyName: name, ...binding } })
    .expect(201)
}

const dataOf = async (rest: Rest, data: Record<string, string> = {}) => {
  const { body } = await rest.call('post', configMaps, aConfigMap('a', data))
  return body.status === 'Failure' ? body.message : body.data
}
const denied = (text: string) => `policy 'p' with binding 'p-b' denied request: ${text}`

describe('what becomes of a ConfigMap', () => {
  const variables = [{ name: 'team', expression: "object.metadata.name + '-team'" }]
  const cases: [string, Policy, unknown][] = [
    ['fields are merged in', { mutations: [apply('Object{data: {"x": "1"}}')] }, { k: 'v', x: '1' }],
    ['with variables', { variables, mutations: [apply('Object{data: {"team": variables.team}}')] }, { k: 'v', team: 'a-team' }],
    ['fields that may be missing', { mutations: [apply('Object{?data: optional.none()}')] }, { k: 'v' }],
    [
      'one after the other',
      { mutations: [apply('Object{data: {"x": "1"}}'), apply('Object{data: {"y": object.data.x}}')] },
      { k: 'v', x: '1', y: '1' },
    ],
    [
      'a JSON patch',
      { mutations: [patch('[JSONPatch{op: "add", path: "/data/" + jsonpatch.escapeKey("a"), value: "b"}]')] },
      { k: 'v', a: 'b' },
    ],
    [
      'of several steps',
      { mutations: [patch('[JSONPatch{op: "copy", from: "/data/k", path: "/data/c"}, JSONPatch{op: "remove", path: "/data/k"}]')] },
      { c: 'v' },
    ],
    [
      'a test that fails leaves all as it is',
      { mutations: [patch('[JSONPatch{op: "test", path: "/data/k", value: "w"}, JSONPatch{op: "remove", path: "/data"}]')] },
      { k: 'v' },
    ],
    [
      'with a choice',
      { mutations: [patch('has(object.data.k) ? [JSONPatch{op: "replace", path: "/data/k", value: "w"}] : []')] },
      { k: 'w' },
    ],
    [
      'nothing by a condition',
      { matchConditions: [{ name: 'c', expression: 'has(object.data.other)' }], mutations: [apply('Object{data: {"x": "1"}}')] },
      { k: 'v' },
    ],
    [
      'nothing by its binding',
      { binding: { matchResources: { objectSelector: { matchLabels: { x: 'y' } } } }, mutations: [apply('Object{data: {"x": "1"}}')] },
      { k: 'v' },
    ],
    [
      'by who asks',
      { mutations: [apply('Object{data: {"admin": string(authorizer.group("").resource("secrets").check("list").allowed())}}')] },
      { k: 'v', admin: 'true' },
    ],
    [
      'it fails',
      { mutations: [apply('Object{data: {"x": object.nope}}')] },
      denied('expression \'Object{data: {"x": object.nope}}\' resulted in error: no such key: nope'),
    ],
    ['it fails, which is ignored', { failurePolicy: 'Ignore', mutations: [apply('Object{data: {"x": object.nope}}')] }, { k: 'v' }],
    [
      'a condition fails',
      { matchConditions: [{ name: 'c', expression: 'object.nope' + " == 'x'" }], mutations: [apply('Object{}')] },
      denied("expression 'object.nope == 'x'' resulted in error: no such key: nope"),
    ],
    [
      'a path that is not there',
      { mutations: [patch('[JSONPatch{op: "remove", path: "/nope/x"}]')] },
      expect.stringMatching(/^policy 'p' with binding 'p-b' denied request: JSONPath: /),
    ],
    [
      'a field that is not there',
      { mutations: [apply('Object{nope: 1}')] },
      denied('error applying patch: failed to convert patch object to typed object: .nope: field not declared in schema'),
    ],
    [
      'a value of another type',
      { mutations: [apply('Object{data: {"x": 1}}')] },
      expect.stringContaining('failed to convert patch object to typed object: .data.x: expected string'),
    ],
    [
      'an object in the wrong place',
      { mutations: [apply('Object{metadata: Object.spec{}}')] },
      denied(
        'type mismatch: unexpected type name "Object.spec", expected "Object.metadata", which matches field name path from root Object type',
      ),
    ],
    [
      'parameters that are missing',
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        binding: { paramRef: { name: 'none', parameterNotFoundAction: 'Deny' } },
        mutations: [apply('Object{}')],
      },
      denied('failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'),
    ],
  ]
  test.each(cases)('%s', async (_what, policy, want) => {
    await using rest = await serveRest()
    await enforce(rest, policy)
    expect(await dataOf(rest, { k: 'v' })).toEqual(want)
  })
})

test('lists are merged by their keys, atomic ones not at all', async () => {
  await using rest = await serveRest({ controllers: '*' })
  const sidecar =
    'Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: "mesh", image: "mesh:1", restartPolicy: "Always"}], containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, env: [Object.spec.containers.env{name: "MESH", value: "on"}]})}}'
  await enforce(rest, { resource: 'pods', mutations: [apply(sidecar)] })
  const { body } = await rest.call('post', pods, aPod('it')).expect(201)
  expect(body.spec.initContainers).toEqual([
    expect.objectContaining({ name: 'mesh', image: 'mesh:1', restartPolicy: 'Always', imagePullPolicy: 'IfNotPresent' }),
  ])
  expect(body.spec.containers).toEqual([expect.objectContaining({ env: [{ name: 'MESH', value: 'on' }] })])
  expect(body.spec.containers[0].image).toBe(aPod('it').spec.containers[0]?.image)
  await enforce(rest, {
    name: 'q',
    resource: 'pods',
    mutations: [
      apply('Object{spec: Object.spec{containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, args: ["x"]})}}'),
    ],
  })
  expect((await rest.call('post', pods, aPod('other')).expect(403)).body).toMatchObject({
    reason: 'Invalid',
    message:
      "policy 'q' with binding 'q-b' denied request: error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.containers[0].args",
  })
})

test('each parameter object changes it, in the order of names; IfNeeded sees what came later', async () => {
  await using rest = await serveRest()
  for (const word of ['one', 'two'])
    await rest.call('post', configMaps, aConfigMap(`l-${word}`, { word }, { labels: { limits: 'yes' } })).expect(201)
  await enforce(rest, {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    binding: { paramRef: { selector: { matchLabels: { limits: 'yes' } }, parameterNotFoundAction: 'Deny' } },
    mutations: [apply('Object{data: {params.data.word: "x"}}')],
  })
  await enforce(rest, {
    name: 'a',
    reinvocationPolicy: 'IfNeeded',
    mutations: [apply('Object{data: {"seen": string(size(object.data))}}')],
  })
  await enforce(rest, { name: 'b', mutations: [apply('Object{data: {"b": string(size(object.data))}}')] })
  // a sees k alone, b sees k and seen, p adds two words; a once more sees all five.
  expect(await dataOf(rest, { k: 'v' })).toEqual({ k: 'v', seen: '5', b: '2', one: 'x', two: 'x' })
})

test('a delete is not changed, and a dry run is', async () => {
  await using rest = await serveRest()
  await enforce(rest, { mutations: [apply('Object{data: {"x": "1"}}')] })
  expect((await rest.call('post', `${configMaps}?dryRun=All`, aConfigMap('a', {})).expect(201)).body.data).toEqual({ x: '1' })
  await rest.call('post', configMaps, aConfigMap('a', {})).expect(201)
  await rest.call('delete', `${configMaps}/a`).expect(200)
})

describe('a policy is refused', () => {
  const cases: [string, object, string][] = [
    ['for its syntax', apply('Object{'), 'Syntax error: mismatched input'],
    [
      'for an unknown name',
      apply('Object{data: nope}'),
      "ERROR: <input>:1:14: undeclared reference to 'nope' (in container '')\n | Object{data: nope}\n | .............^",
    ],
    ['for another type of object', apply('Thing{}'), "ERROR: <input>:1:6: undeclared reference to 'Thing' (in container '')"],
    ['for what it makes', apply('{"a": 1}'), 'must evaluate to Object but got map(string, int)'],
    ['for a patch of another type', patch('[1]'), 'must evaluate to list(JSONPatch) but got list(int)'],
    ['for a field of a patch', patch('[JSONPatch{ops: "add"}]'), "undefined field 'ops'"],
    ['for the type of a field', patch('[JSONPatch{op: 1}]'), "expected type of field 'op' is 'string' but provided type is 'int'"],
  ]
  test.each(cases)('%s', async (_what, mutation, words) => {
    await using rest = await serveRest()
    const { body } = await rest
      .call('post', `${root}/mutatingadmissionpolicies`, { metadata: { name: 'p' }, spec: specOf({ mutations: [mutation] }) })
      .expect(422)
    expect(body.details.causes).toHaveLength(1)
    expect(body.details.causes[0].field).toMatch(/^spec\.mutations\[0\]\.\w+\.expression$/)
    expect(body.message).toContain(words)
  })
})
