// Validating admission policies: what the recordings do not show.
import { describe, expect, test } from 'vitest'
import { aConfigMap, configMaps, type Rest, serveRest } from '../support/api.ts'

const root = '/apis/admissionregistration.k8s.io/v1'
const rules = [{ operations: ['CREATE', 'UPDATE', 'DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]

async function enforce(rest: Rest, spec: object, binding: object = {}) {
  const policy = { matchConstraints: { resourceRules: rules }, ...spec }
  const made = await rest.call('post', `${root}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: policy }).expect(201)
  const bound = { policyName: 'p', validationActions: ['Deny'], ...binding }
  await rest.call('post', `${root}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: bound }).expect(201)
  return made
}

const denied = (text: string) => `configmaps "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${text}`
const failing = { validations: [{ expression: 'false', message: 'no' }] }
const create = async (rest: Rest, data: Record<string, string> = {}): Promise<string> =>
  (await rest.call('post', configMaps, aConfigMap('a', data))).body.message ?? ''

describe('what a policy is about', () => {
  const cases: [string, object, object, string][] = [
    ['all its rules name', failing, {}, denied('no')],
    ['not what it excludes', { ...failing, matchConstraints: { resourceRules: rules, excludeResourceRules: rules } }, {}, ''],
    ['only some names', { ...failing, matchConstraints: { resourceRules: [{ ...rules[0], resourceNames: ['b'] }] } }, {}, ''],
    ['less by its binding', failing, { matchResources: { objectSelector: { matchLabels: { x: 'y' } } } }, ''],
    ['all of it by an empty binding', failing, { matchResources: {} }, denied('no')],
    ['less by a condition', { ...failing, matchConditions: [{ name: 'c', expression: "object.metadata.name == 'b'" }] }, {}, ''],
    [
      'nothing when a condition fails',
      { ...failing, matchConditions: [{ name: 'c', expression: "object.x == 'b'" }] },
      {},
      denied("expression 'object.x == 'b'' resulted in error: no such key: x"),
    ],
  ]
  test.each(cases)('%s', async (_what, spec, binding, want) => {
    await using rest = await serveRest()
    await enforce(rest, spec, binding)
    expect(await create(rest)).toBe(want)
  })
})

describe('what an expression sees', () => {
  const cases: [string, object, string][] = [
    ['the namespace', { validations: [{ expression: "namespaceObject.metadata.name == 'other'", message: 'm' }] }, denied('m')],
    ['who asks', { validations: [{ expression: "request.userInfo.username != 'kubernetes-admin'", message: 'm' }] }, denied('m')],
    ['nothing old', { validations: [{ expression: 'oldObject != null', message: 'm' }] }, denied('m')],
    [
      'variables that use each other',
      {
        variables: [
          { name: 'one', expression: '1' },
          { name: 'two', expression: 'variables.one + 1' },
        ],
        validations: [{ expression: 'variables.two == 3', messageExpression: "'two is ' + string(variables.two)" }],
      },
      denied('two is 2'),
    ],
    [
      'a variable that fails',
      { variables: [{ name: 'v', expression: "object.nope == ''" }], validations: [{ expression: 'variables.v' }] },
      denied('expression \'variables.v\' resulted in error: composited variable "v" fails to evaluate: no such key: nope'),
    ],
    [
      'a variable that is not used',
      { variables: [{ name: 'v', expression: "object.nope == ''" }], validations: [{ expression: 'true' }] },
      '',
    ],
    [
      'what does not fit together',
      { validations: [{ expression: 'object.metadata.name + 1 == 2' }] },
      denied("expression 'object.metadata.name + 1 == 2' resulted in error: no such overload"),
    ],
    ['a message that is none', { validations: [{ expression: 'false', message: 'm', messageExpression: "'  '" }] }, denied('m')],
  ]
  test.each(cases)('%s', async (_what, spec, want) => {
    await using rest = await serveRest()
    await enforce(rest, spec)
    expect(await create(rest)).toBe(want)
  })

  test('what is deleted', async () => {
    await using rest = await serveRest()
    await rest.call('post', configMaps, aConfigMap('a', { keep: 'yes' })).expect(201)
    await enforce(rest, { validations: [{ expression: "request.operation != 'DELETE' || !('keep' in oldObject.data)", message: 'kept' }] })
    expect((await rest.call('delete', `${configMaps}/a`).expect(422)).body.message).toBe(denied('kept'))
  })
})

describe('parameters', () => {
  const spec = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConstraints: { resourceRules: [{ ...rules[0], operations: ['CREATE'] }] },
    validations: [
      { expression: "params == null || !('forbidden' in object.data) || object.data.forbidden != params.data.word", message: 'm' },
    ],
  }
  const limit = (name: string, word: string) => aConfigMap(name, { word }, { labels: { limits: 'yes' } })
  const cases: [string, object, string][] = [
    ['by name', { name: 'l1', parameterNotFoundAction: 'Deny' }, denied('m')],
    ['by labels, each of them', { selector: { matchLabels: { limits: 'yes' } }, parameterNotFoundAction: 'Deny' }, denied('m')],
    ['that may be missing', { name: 'none', parameterNotFoundAction: 'Allow' }, ''],
    [
      'that may not',
      { name: 'none', parameterNotFoundAction: 'Deny' },
      denied('failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'),
    ],
  ]
  test.each(cases)('%s', async (_what, paramRef, want) => {
    await using rest = await serveRest()
    await rest.call('post', configMaps, limit('l1', 'x')).expect(201)
    await rest.call('post', configMaps, limit('l2', 'y')).expect(201)
    await enforce(rest, spec, { paramRef })
    expect(await create(rest, { forbidden: 'x' })).toBe(want)
  })
  test('that the binding does not name are null', async () => {
    await using rest = await serveRest()
    await enforce(rest, spec)
    expect(await create(rest, { forbidden: 'x' })).toBe('')
  })
})

describe('the authorizer', () => {
  const cases: [string, boolean][] = [
    ["authorizer.group('').resource('pods').namespace('default').check('create').allowed()", true],
    ["authorizer.path('/healthz').check('get').allowed()", true],
    ["authorizer.serviceAccount('default', 'nobody').group('').resource('secrets').namespace('default').check('get').allowed()", false],
    ["authorizer.serviceAccount('default', 'nobody').path('/healthz').check('get').allowed()", false],
    ["authorizer.group('apps').resource('deployments').subresource('scale').name('x').check('get').reason() != 'x'", true],
    ["authorizer.group('').resource('pods').fieldSelector('spec.nodeName=x').labelSelector('a=b').check('list').errored()", false],
    ["authorizer.group('').resource('pods').check('list').error() == ''", true],
    ["authorizer.requestResource.check('delete').allowed()", true],
  ]
  test.each(cases)('%s', async (expression, allowed) => {
    await using rest = await serveRest()
    await enforce(rest, { validations: [{ expression, message: 'no' }] })
    expect(await create(rest)).toBe(allowed ? '' : denied('no'))
  })
  test('what it may not be asked', async () => {
    await using rest = await serveRest()
    await enforce(rest, { validations: [{ expression: "authorizer.group('').resource(' ').check('get').allowed()" }] })
    expect(await create(rest)).toContain('resulted in error: resource must not be empty')
  })
})

describe('what all of a policy may cost', () => {
  const checks = (count: number) => Array.from({ length: count }, () => "authorizer.requestResource.check('get').allowed()").join(' && ')
  // A check costs 350,000.
  const two = checks(2)
  const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)
  const spent = 'validation failed due to running out of cost budget, no further validation rules will be run'
  const cases: [string, object, string][] = [
    [
      'is limited for each expression',
      { validations: [{ expression: checks(3) }] },
      denied(`expression '${checks(3)}' resulted in error: operation cancelled: actual cost limit exceeded`),
    ],
    ['is enough for many', { validations: times(14, { expression: two }) }, ''],
    ['is limited for all of them', { validations: times(15, { expression: two }) }, denied(spent)],
    [
      'counts variables when they are used',
      {
        variables: [{ name: 'v', expression: two }],
        validations: [...times(13, { expression: two }), { expression: `variables.v && ${two}` }],
      },
      denied(spent),
    ],
    ['counts variables once', { variables: [{ name: 'v', expression: two }], validations: times(100, { expression: 'variables.v' }) }, ''],
    [
      'counts no variable that is not used',
      { variables: times(3, { expression: two }).map((v, i) => ({ ...v, name: `v${i}` })), validations: times(14, { expression: two }) },
      '',
    ],
    [
      'counts messages, needed or not',
      {
        validations: [
          ...times(14, { expression: two }),
          { expression: 'true', messageExpression: "object.data.x.matches('^[a-z]+[a-z]+$') ? 'a' : 'b'" },
        ],
      },
      denied(`failed messageExpression: ${spent}`),
    ],
    [
      'is less for conditions',
      { ...failing, matchConditions: times(4, 0).map((_, i) => ({ name: `c${i}`, expression: two })) },
      denied(spent),
    ],
  ]
  test.each(cases)('%s', async (_what, spec, want) => {
    await using rest = await serveRest()
    await enforce(rest, spec)
    expect(await create(rest, { x: 'a'.repeat(900_000) })).toBe(want)
  })
})

test("Kubernetes' own functions are known", async () => {
  await using rest = await serveRest()
  const expression = "quantity(object.data.size).isLessThan(quantity('1Gi')) && isURL('https://a.b/c') && ['b', 'a'].max() == 'b'"
  const { headers } = await enforce(rest, { validations: [{ expression, message: 'too large' }] })
  expect(headers.warning).toBeUndefined()
  expect(await create(rest, { size: '512Mi' })).toBe('')
  expect(await create(rest, { size: '2Gi' })).toContain('denied request: too large')
})

test('a policy that only audits lets pass', async () => {
  await using rest = await serveRest()
  await enforce(rest, failing, { validationActions: ['Audit'] })
  expect(await create(rest)).toBe('')
})

test('variables stay of the type that they are', async () => {
  await using rest = await serveRest()
  const variables = [
    { name: 'size', expression: "quantity('1Gi')" },
    { name: 'time', expression: "timestamp('2026-01-01T00:00:00Z')" },
    { name: 'span', expression: "duration('60m')" },
    { name: 'two', expression: '2.0' },
  ]
  const parts = [
    "variables.size.isLessThan(quantity('2Gi'))",
    'variables.time.getFullYear() == 2026',
    "variables.span == duration('1h')",
    'variables.two / 4.0 == 0.5',
  ]
  await enforce(rest, { variables, validations: parts.map(expression => ({ expression })) })
  expect(await create(rest)).toBe('')
})

test('an expression that would take for ever is refused', async () => {
  await using rest = await serveRest()
  const loops = "['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']"
  const expression = [...'abcdefg'].reduceRight((inner, name) => `${loops}.all(${name}, ${inner})`, 'true')
  await enforce(rest, {
    validations: [{ expression }, { expression: "!object.data.text.matches('^(a+)+$') && object.data.text.find('a+') != ''" }],
  })
  const refused = await create(rest, { text: `${'a'.repeat(5000)}!` })
  expect(refused).toContain('resulted in error: operation cancelled: actual cost limit exceeded')
  expect(refused).not.toContain('matches')
})
