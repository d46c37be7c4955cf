// Rules about FlowSchemas and PriorityLevelConfigurations that no recording covers, as upstream's validation words them.
import { describe, expect, test } from 'vitest'
import type { Kind } from '../../openapi/kind.ts'
import { flowSchema } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import { priorityLevelConfiguration } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import { prepared } from '../support/strategy.ts'

function refused(kind: unknown, name: string, spec: object): string[] {
  const any = kind as Kind
  return (any.validate?.(prepared(any, { metadata: { name }, spec } as never)) ?? []).map(e => `${e.field}: ${e.message}`)
}

const subjects = [{ kind: 'User', user: { name: 'bob' } }]
const resourceRules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['*'] }]
const nonResourceRules = [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }]
const level = { name: 'workload-low' }
const rule = (fields: object) => ({ priorityLevelConfiguration: level, rules: [{ subjects, ...fields }] })

describe('FlowSchema', () => {
  const cases: [string, object, string[]][] = [
    ['nothing but a level', { priorityLevelConfiguration: level }, []],
    ['no level', { rules: [] }, ['spec.priorityLevelConfiguration.name: Required value: must reference a priority level']],
    [
      'precedence below 1',
      { priorityLevelConfiguration: level, matchingPrecedence: -1 },
      ['spec.matchingPrecedence: Invalid value: -1: must be a positive value'],
    ],
    [
      'precedence above 10000',
      { priorityLevelConfiguration: level, matchingPrecedence: 10_001 },
      ['spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000'],
    ],
    [
      'precedence of the exempt',
      { priorityLevelConfiguration: level, matchingPrecedence: 1 },
      ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
    ],
    [
      'distinguisher',
      { priorityLevelConfiguration: level, distinguisherMethod: { type: 'ByDay' } },
      ['spec.distinguisherMethod.type: Unsupported value: {"Type":"ByDay"}: supported values: "ByNamespace", "ByUser"'],
    ],
    [
      'rule without subjects',
      rule({ subjects: [], resourceRules }),
      ['spec.rules[0].subjects: Required value: subjects must contain at least one value'],
    ],
    [
      'rule without rules',
      rule({}),
      ['spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty'],
    ],
    [
      'subject of another kind',
      rule({ nonResourceRules, subjects: [{ kind: 'User', group: { name: 'a' } }] }),
      [
        "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
        "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      ],
    ],
    [
      'account without namespace',
      rule({ nonResourceRules, subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: '*' } }] }),
      ['spec.rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account'],
    ],
    [
      'unknown verb',
      rule({ nonResourceRules: [{ verbs: ['look'], nonResourceURLs: ['/x'] }] }),
      [
        'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["look"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      ],
    ],
    [
      'star and more',
      rule({ resourceRules: [{ verbs: ['*', 'get'], apiGroups: ['*', ''], resources: ['*', 'pods'], namespaces: ['*', 'a'] }] }),
      [
        'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
        'spec.rules[0].resourceRules[0].apiGroups: Invalid value: ["*",""]: if \'*\' is present, must not specify other api groups',
        'spec.rules[0].resourceRules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources',
        'spec.rules[0].resourceRules[0].namespaces: Invalid value: ["*","a"]: if \'*\' is present, must not specify other namespaces',
      ],
    ],
    [
      'nowhere',
      rule({ resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }),
      [
        'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      ],
    ],
    ...(
      [
        ['x', 'must start with slash'],
        ['/a b', 'must not contain white-space'],
        ['/a//b', 'must not contain double slash'],
        ['/a*', 'wildcard can only do suffix matching'],
      ] as const
    ).map(([url, why]): [string, object, string[]] => [
      `path ${url}`,
      rule({ nonResourceRules: [{ verbs: ['get'], nonResourceURLs: [url] }] }),
      [`spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: ${JSON.stringify(url)}: ${why}`],
    ]),
  ]
  test.each(cases)('%s', (_what, spec, want) => expect(refused(flowSchema, 'it', spec)).toEqual(want))

  test('the mandatory ones stay as they are', () => {
    const [error] = refused(flowSchema, 'catch-all', { priorityLevelConfiguration: level })
    expect(error).toMatch(/^spec: Invalid value: \{.*\}: spec of 'catch-all' must equal the fixed value$/)
  })
})

describe('PriorityLevelConfiguration', () => {
  const limited = (fields: object) => ({ type: 'Limited', limited: { limitResponse: { type: 'Reject' }, ...fields } })
  const queuing = (fields: object) => limited({ limitResponse: { type: 'Queue', queuing: fields } })
  const cases: [string, object, string[]][] = [
    ['rejecting', limited({}), []],
    ['no shares', limited({ nominalConcurrencyShares: 0 }), []],
    [
      'shares below zero',
      limited({ nominalConcurrencyShares: -1 }),
      ['spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer'],
    ],
    [
      'percentages',
      limited({ lendablePercent: 101, borrowingLimitPercent: -1 }),
      [
        'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
        'spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer',
      ],
    ],
    ['no limits', { type: 'Limited' }, ['spec.limited: Required value: must not be empty when type is Limited']],
    [
      'another exempt level',
      { type: 'Exempt' },
      ["spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'"],
    ],
    ['unknown type', { type: 'Foo' }, ['spec.type: Unsupported value: "Foo": supported values: "Exempt", "Limited"']],
    [
      'queues of one that rejects',
      limited({ limitResponse: { type: 'Reject', queuing: {} } }),
      ['spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited'],
    ],
    [
      'one that queues without queues',
      limited({ limitResponse: { type: 'Queue' } }),
      ['spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited'],
    ],
    [
      'a hand larger than the deck',
      queuing({ queues: 4, handSize: 5 }),
      ['spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)'],
    ],
    [
      'a hand that no hash can deal',
      queuing({ queues: 1024, handSize: 7 }),
      [
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60',
      ],
    ],
  ]
  test.each(cases)('%s', (_what, spec, want) => expect(refused(priorityLevelConfiguration, 'it', spec)).toEqual(want))

  test('of the exempt level only what it lends may change', () => {
    expect(refused(priorityLevelConfiguration, 'exempt', { type: 'Exempt', exempt: { lendablePercent: 50 } })).toEqual([])
    const [error] = refused(priorityLevelConfiguration, 'catch-all', limited({}))
    expect(error).toMatch(/: spec of 'catch-all' must equal the fixed value$/)
  })
})
