// --audit-policy-file: which rule counts for a request, and what is no policy.
import { describe, expect, test } from 'vitest'
import { type Asked, parsePolicy } from '../../server/audit/policy.ts'
import { ConfigError } from '../../server/config.ts'
import { serveRest } from '../support/api.ts'
import { policyOf } from '../support/audit.ts'
import { aFile } from '../support/clientcerts.ts'

const all = { level: 'RequestResponse' }

describe('the policy', () => {
  const jane = { name: 'jane', groups: ['devs'] }
  const asked = (more: Partial<Asked> = {}): Asked => ({
    user: jane,
    verb: 'get',
    resourceRequest: true,
    path: '',
    group: '',
    resource: 'pods',
    subresource: '',
    namespace: 'default',
    name: 'p',
    ...more,
  })
  const path = (text: string) => asked({ resourceRequest: false, path: text, resource: '', namespace: '', name: '' })
  const of = (resources: string[], more: object = {}) => ({ resources: [{ resources, ...more }] })
  const cases: [string, object, Asked, boolean][] = [
    ['of nothing fits all', {}, asked(), true],
    ['of a user', { users: ['jane'] }, asked(), true],
    ['of another user', { users: ['joe'] }, asked(), false],
    ['of a user, and nobody is known', { users: ['jane'] }, asked({ user: undefined }), false],
    ['of a group', { userGroups: ['devs', 'x'] }, asked(), true],
    ['of another group', { userGroups: ['x'] }, asked(), false],
    ['of a verb', { verbs: ['list', 'get'] }, asked(), true],
    ['of another verb', { verbs: ['list'] }, asked(), false],
    ['of a namespace', { namespaces: ['default'] }, asked(), true],
    ['of no namespace', { namespaces: [''] }, asked(), false],
    ['of a namespace, of a path', { namespaces: [''] }, path('/api'), false],
    ['of a resource', of(['pods']), asked(), true],
    ['of a resource, not of what is below', of(['pods']), asked({ subresource: 'log' }), false],
    ['of a subresource', of(['pods/log']), asked({ subresource: 'log' }), true],
    ['of all below', of(['pods/*']), asked({ subresource: 'log' }), true],
    ['of that below all', of(['*/log']), asked({ subresource: 'log' }), true],
    ['of that below all, not of what is above', of(['*/log']), asked(), false],
    ['of all', of(['*']), asked({ subresource: 'log' }), true],
    ['of a whole group', { resources: [{ group: 'apps' }] }, asked({ group: 'apps' }), true],
    ['of another group of resources', of(['pods'], { group: 'apps' }), asked(), false],
    ['of a name', of(['pods'], { resourceNames: ['p'] }), asked(), true],
    ['of another name', of(['pods'], { resourceNames: ['q'] }), asked(), false],
    ['of a path', { nonResourceURLs: ['/healthz'] }, path('/healthz'), true],
    ['of paths', { nonResourceURLs: ['/health*'] }, path('/healthz'), true],
    ['of all paths', { nonResourceURLs: ['*'] }, path('/x'), true],
    ['of all paths, of a resource', { nonResourceURLs: ['*'] }, asked(), false],
  ]
  test.each(cases)('%s', (_what, rule, request, fits) => {
    const policy = parsePolicy(policyOf({ level: 'Metadata', ...rule }), 'f')
    expect(policy(request)?.level).toBe(fits ? 'Metadata' : undefined)
  })

  test('counts by its first rule that fits, and joins what is left out', () => {
    const text = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
omitManagedFields: true
unknown: is let through
rules:
- level: None
  verbs: [watch]
- level: Request
  omitStages: [Panic]
  omitManagedFields: false
- level: Metadata
`
    const policy = parsePolicy(text, 'f')
    expect(policy(asked({ verb: 'watch' }))).toMatchObject({ level: 'None', omitManagedFields: true })
    expect(policy(asked())).toEqual({ level: 'Request', omitStages: new Set(['RequestReceived', 'Panic']), omitManagedFields: false })
  })

  const bad: [string, string, string][] = [
    ['no rules', policyOf(), 'loaded illegal policy with 0 rules'],
    ['no level', policyOf({}), 'rules[0].level: Required value'],
    [
      'a level nobody knows',
      policyOf({ level: 'All' }),
      'rules[0].level: Unsupported value: "All": supported values: "None", "Metadata", "Request", "RequestResponse"',
    ],
    [
      'two problems',
      policyOf({ level: 'None', nonResourceURLs: ['x', '/a*b'] }),
      '[rules[0].nonResourceURLs[0]: Invalid value: "x": non-resource URL rules must begin with a \'/\' character, rules[0].nonResourceURLs[1]: Invalid value: "/a*b": non-resource URL wildcards \'*\' must be the final character of the rule]',
    ],
    [
      'resources and paths',
      policyOf({ level: 'None', nonResourceURLs: ['/x'], namespaces: ['a'] }),
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
    [
      'names of no resource',
      policyOf({ level: 'None', resources: [{ resourceNames: ['a'] }] }),
      'rules[0].resources.resourceNames: Invalid value: ["a"]: using resourceNames requires at least one resource',
    ],
    [
      'a stage nobody knows',
      policyOf({ level: 'None', omitStages: ['Late'] }),
      'rules[0].omitStages[0]: Invalid value: "Late": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
    ],
    [
      'another version',
      '{"apiVersion":"audit.k8s.io/v2","kind":"Policy"}',
      'failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v2"',
    ],
    ['no kind', '{}', "failed decoding: Object 'Kind' is missing in"],
    [
      'a wrong type',
      policyOf({ level: 'None', verbs: 'get' }),
      'failed decoding: json: cannot unmarshal string into Go struct field PolicyRule.rules.verbs of type []string',
    ],
  ]
  test.each(bad)('with %s is refused', async (_what, text, says) => {
    const start = serveRest({ auditPolicyFile: aFile(text), auditLogPath: '-' })
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(`loading audit policy file: ${says}`)
  })
  test('that is not there is refused', () =>
    expect(serveRest({ auditPolicyFile: '/no/such', auditLogPath: '-' })).rejects.toThrow(
      'loading audit policy file: failed to read file path "/no/such"',
    ))
  test.each([
    [{ auditLogPath: '-', auditLogFormat: 'xml' }, 'invalid audit log format xml, allowed formats are "legacy,json"'],
    [{ auditWebhookConfigFile: '/no/such' }, 'initializing audit webhook: '],
    [
      { auditWebhookConfigFile: 'x', auditWebhookMode: 'often' },
      'invalid audit webhook mode often, allowed modes are "batch,blocking,blocking-strict"',
    ],
  ])('and so is %o', async (options, says) => {
    await expect(serveRest({ auditPolicyFile: aFile(policyOf(all)), ...options })).rejects.toThrow(says)
  })
})
