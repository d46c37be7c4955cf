// Rules about webhooks and policies that no recording covers, and which expressions pass.
import { beforeAll, describe, expect, test } from 'vitest'
import { expressionProblem, loadCel } from '../../openapi/cel/admission/compile.ts'
import type { FieldError } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import { mutatingAdmissionPolicy } from '../../openapi/kinds/admissionregistration.k8s.io/mutatingadmissionpolicy.ts'
import { validatingAdmissionPolicy } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import { validatingAdmissionPolicyBinding } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicybinding.ts'
import { validatingWebhookConfiguration } from '../../openapi/kinds/admissionregistration.k8s.io/validatingwebhookconfiguration.ts'
import { prepared } from '../support/strategy.ts'

beforeAll(loadCel)

const texts = (errors: FieldError[] | undefined) => (errors ?? []).map(e => `${e.field}: ${e.message}`)
const made = (kind: unknown, body: object) => prepared(kind as Kind, { metadata: { name: 'it' }, ...body })
const refused = (kind: unknown, body: object): string[] => texts((kind as Kind).validate?.(made(kind, body)))

const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }]
const hook = (fields: object = {}) => ({
  name: 'a.b.example.com',
  clientConfig: { url: 'https://a.example.com' },
  rules,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  ...fields,
})
const rule = (fields: object) => hook({ rules: [{ ...rules[0], ...fields }] })

describe('a webhook', () => {
  const cases: [string, object, string[]][] = [
    [
      'full name',
      hook({ name: 'A.b.c' }),
      [expect.stringMatching(/^webhooks\[0\]\.name: Invalid value: "A\.b\.c": a lowercase RFC 1123 subdomain/) as never],
    ],
    [
      'nothing asked for',
      rule({ operations: [], apiVersions: [], resources: [] }),
      [
        'webhooks[0].rules[0].operations: Required value',
        'webhooks[0].rules[0].apiVersions: Required value',
        'webhooks[0].rules[0].resources: Required value',
      ],
    ],
    [
      'all and more groups',
      rule({ apiGroups: ['*', ''] }),
      ['webhooks[0].rules[0].apiGroups: Invalid value: ["*",""]: if \'*\' is present, must not specify other API groups'],
    ],
    ['empty version', rule({ apiVersions: [''] }), ['webhooks[0].rules[0].apiVersions[0]: Required value']],
    [
      'all subresources and one',
      rule({ resources: ['pods/*', 'pods/log'] }),
      ['webhooks[0].rules[0].resources[1]: Invalid value: "pods/log": if \'pods/*\' is present, must not specify pods/log'],
    ],
    [
      'one of all resources',
      rule({ resources: ['*/scale', 'pods/scale'] }),
      ['webhooks[0].rules[0].resources[1]: Invalid value: "pods/scale": if \'*/scale\' is present, must not specify pods/scale'],
    ],
    [
      'all and one',
      rule({ resources: ['*', 'pods'] }),
      [
        'webhooks[0].rules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources without subresources',
      ],
    ],
    [
      'url',
      hook({ clientConfig: { url: 'https://me@/x#y' } }),
      [
        'webhooks[0].clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]',
        'webhooks[0].clientConfig.url: Invalid value: "me": user information is not permitted in the URL',
        'webhooks[0].clientConfig.url: Invalid value: "y": fragments are not permitted in the URL',
      ],
    ],
    [
      'path',
      hook({ clientConfig: { service: { name: 'a', namespace: 'b', path: '/x//y/' } } }),
      ['webhooks[0].clientConfig.service.path: Invalid value: "/x//y/": segment[1] may not be empty'],
    ],
    [
      'version twice',
      hook({ admissionReviewVersions: ['v1', 'v1'] }),
      ['webhooks[0].admissionReviewVersions[1]: Invalid value: "v1": duplicate version'],
    ],
    [
      'parameters, which webhooks have not',
      hook({ matchConditions: [{ name: 'a', expression: 'params.x == 1' }] }),
      [
        "webhooks[0].matchConditions[0].expression: Invalid value: \"params.x == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x == 1\n | ^",
      ],
    ],
    [
      'condition twice',
      hook({ matchConditions: [1, 2].map(() => ({ name: 'a', expression: 'true' })) }),
      ['webhooks[0].matchConditions[1].name: Duplicate value: "a"'],
    ],
  ]
  test.each(cases)('%s', (_what, webhook, want) => expect(refused(validatingWebhookConfiguration, { webhooks: [webhook] })).toEqual(want))

  test('that was lenient before may stay so', () => {
    const kind = validatingWebhookConfiguration as unknown as Kind
    const old = made(kind, { webhooks: [hook({ sideEffects: 'Some', admissionReviewVersions: ['v9'] })] })
    expect(texts(kind.validateUpdate?.(old, old))).toEqual([])
    expect(texts(kind.validateUpdate?.(old, made(kind, { webhooks: [hook()] })))).toHaveLength(2)
  })
})

const constraints = { resourceRules: rules }
const policy = (fields: object) => ({ spec: { matchConstraints: constraints, validations: [{ expression: 'true' }], ...fields } })

describe('a policy', () => {
  const cases: [string, unknown, object, string[]][] = [
    [
      'constraints without rules',
      validatingAdmissionPolicy,
      policy({ matchConstraints: {} }),
      ['spec.matchConstraints.resourceRules: Required value'],
    ],
    [
      'names twice',
      validatingAdmissionPolicy,
      policy({ matchConstraints: { resourceRules: [{ ...rules[0], resourceNames: ['a/b', 'c', 'c'] }] } }),
      [
        'spec.matchConstraints.resourceRules[0].resourceNames[0]: Invalid value: "a/b": may not contain \'/\'',
        'spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "c"',
      ],
    ],
    [
      'kind of parameters',
      validatingAdmissionPolicy,
      policy({ paramKind: { apiVersion: 'a/b/c', kind: '9' } }),
      [
        'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
        expect.stringContaining(
          'spec.paramKind.kind: Invalid value: "9": may have mixed case, but should otherwise match: a DNS-1035 label',
        ) as never,
      ],
    ],
    [
      'message',
      validatingAdmissionPolicy,
      policy({ validations: [{ expression: 'true', message: 'a\nb', messageExpression: ' ' }] }),
      [
        'spec.validations[0].messageExpression: Invalid value: " ": must be non-empty if specified',
        'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
      ],
    ],
    [
      'a variable that is used',
      validatingAdmissionPolicy,
      policy({ variables: [{ name: 'n', expression: '1' }], validations: [{ expression: 'variables.n == 1' }] }),
      [],
    ],
    [
      'a variable without a policy of some',
      validatingAdmissionPolicy,
      policy({ validations: [{ expression: 'variables.n == 1' }] }),
      [expect.stringContaining("undeclared reference to 'variables' (in container '')") as never],
    ],
    [
      'notes twice',
      validatingAdmissionPolicy,
      policy({ auditAnnotations: [1, 2].map(() => ({ key: 'a', valueExpression: '"x"' })) }),
      ['spec.auditAnnotations[1].key: Duplicate value: "a"'],
    ],
    [
      'parameters of a binding',
      validatingAdmissionPolicyBinding,
      { spec: { policyName: 'p', validationActions: ['Deny', 'Deny'], paramRef: { name: 'x', parameterNotFoundAction: 'Ask' } } },
      [
        'spec.paramRef.parameterNotFoundAction: Unsupported value: "Ask": supported values: "Deny", "Allow"',
        'spec.validationActions[1]: Duplicate value: "Deny"',
      ],
    ],
    [
      'mutations',
      mutatingAdmissionPolicy,
      { spec: { matchConstraints: constraints, mutations: [] } },
      ['spec.mutations: Required value: mutations must contain at least one item', 'spec.reinvocationPolicy: Required value'],
    ],
    [
      'a mutation of another type',
      mutatingAdmissionPolicy,
      {
        spec: {
          matchConstraints: constraints,
          reinvocationPolicy: 'Never',
          mutations: [{ patchType: 'JSONPatch', applyConfiguration: { expression: 'Object{}' } }],
        },
      },
      [
        'spec.mutations[0].applyConfiguration: Forbidden: must not be specified when patchType is JSONPatch',
        'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
      ],
    ],
  ]
  test.each(cases)('%s', (_what, kind, body, want) => expect(refused(kind, body)).toEqual(want))
})

describe('an expression', () => {
  const fine = [
    "object.metadata.name.startsWith('a') && request.operation == 'CREATE'",
    "object.spec.containers.all(c, c.image.matches('^registry/'))",
    "has(object.metadata.labels) && 'team' in object.metadata.labels",
    "request.userInfo.groups.exists(g, g == 'admins')",
    "quantity(object.spec.size).isLessThan(quantity('1Gi'))",
    "object.spec.ports.map(p, p.name).join(',') == 'a'",
    'object.metadata.?labels.orValue({}).size() > 0',
    "authorizer.group('').resource('pods').check('get').allowed()",
    "sets.contains(['a'], object.list)",
    'namespaceObject.metadata.name != "x"',
    'object.list.all(i, v, v > i)',
  ]
  test.each(fine)('%s', text => expect(expressionProblem(text, ['bool'], { authorizer: true })).toBeUndefined())

  const wrong: [string, string][] = [
    ['object.x', 'must evaluate to bool but got dyn'],
    ['request.name', 'must evaluate to bool but got string'],
    ['[1, 2]', 'must evaluate to bool but got list(int)'],
    ['request.nope == 1', "compilation failed: ERROR: <input>:1:8: undefined field 'nope'\n | request.nope == 1\n | .......^"],
    [
      '1 + "a" == 2',
      "compilation failed: ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + \"a\" == 2\n | ..^",
    ],
    [
      'true &&\n nope(1)',
      "compilation failed: ERROR: <input>:2:6: undeclared reference to 'nope' (in container '')\n |  nope(1)\n | .....^",
    ],
  ]
  test.each(wrong)('%j', (text, want) => expect(expressionProblem(text, ['bool'], {})).toBe(want))
})
