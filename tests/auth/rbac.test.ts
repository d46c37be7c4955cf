// Authorization by roles: single decisions as a table, and whole clusters of roles against a naive oracle.
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../openapi/kind.ts'
import type { PolicyRule, Subject } from '../../openapi/schemas/rbac.ts'
import { type Attributes, resourceAttributes } from '../../server/auth/attributes.ts'
import { RbacAuthorizer } from '../../server/auth/rbac/authorizer.ts'
import { defaultRbac } from '../../server/auth/rbac/defaults/index.ts'
import { RbacIndex } from '../../server/auth/rbac/index.ts'
import { escalationText, ruleAllows } from '../../server/auth/rbac/rules.ts'
import { createIds } from '../../server/ids.ts'
import type { User } from '../../server/registry/request.ts'

const jane: User = { name: 'jane', groups: ['devs'] }
const path = (verb: string, at: string): Attributes => ({
  ...resourceAttributes(jane, verb, { resource: '' }),
  resourceRequest: false,
  path: at,
})
const rule = (verbs: string, groups: string, resources: string, names?: string): PolicyRule => ({
  verbs: verbs.split(' '),
  apiGroups: groups.split(','),
  resources: resources.split(' '),
  ...(names ? { resourceNames: names.split(' ') } : {}),
})

describe('a rule allows', () => {
  const asked = (verb: string, more: Partial<Attributes> & { resource: string }) => resourceAttributes(jane, verb, more)
  const cases: readonly (readonly [string, PolicyRule, Attributes, boolean])[] = [
    ['the verb it names', rule('get list', '', 'pods'), asked('list', { resource: 'pods' }), true],
    ['no other verb', rule('get list', '', 'pods'), asked('watch', { resource: 'pods' }), false],
    ['every verb with a star', rule('*', '', 'pods'), asked('watch', { resource: 'pods' }), true],
    ['no other group', rule('get', '', 'events'), asked('get', { group: 'events.k8s.io', resource: 'events' }), false],
    ['every group with a star', rule('get', '*', 'events'), asked('get', { group: 'events.k8s.io', resource: 'events' }), true],
    ['no subresource of what it names', rule('get', '', 'pods'), asked('get', { resource: 'pods', subresource: 'log' }), false],
    ['a subresource it names', rule('get', '', 'pods/log'), asked('get', { resource: 'pods', subresource: 'log' }), true],
    ['not the resource of a subresource', rule('get', '', 'pods/log'), asked('get', { resource: 'pods' }), false],
    ['subresources with a star', rule('get', '*', '*'), asked('get', { resource: 'pods', subresource: 'log' }), true],
    ['a subresource of everything', rule('get', '*', '*/scale'), asked('get', { resource: 'x', subresource: 'scale' }), true],
    ['no resource by a subresource of everything', rule('get', '*', '*/scale'), asked('get', { resource: 'scale' }), false],
    ['a name it names', rule('get', '', 'pods', 'a b'), asked('get', { resource: 'pods', name: 'b' }), true],
    ['no list when it names names', rule('list', '', 'pods', 'a'), asked('list', { resource: 'pods' }), false],
    ['a path', { verbs: ['get'], nonResourceURLs: ['/healthz'] }, path('get', '/healthz'), true],
    ['no path below', { verbs: ['get'], nonResourceURLs: ['/healthz'] }, path('get', '/healthz/etcd'), false],
    ['paths below with a star', { verbs: ['get'], nonResourceURLs: ['/healthz/*'] }, path('get', '/healthz/etcd'), true],
    ['no path that is a resource', rule('*', '*', '*'), path('get', '/healthz'), false],
    ['no resource that is a path', { verbs: ['*'], nonResourceURLs: ['*'] }, asked('get', { resource: 'pods' }), false],
  ]
  test.each(cases)('%s', (_it, given, request, allowed) => expect(ruleAllows(given, request)).toBe(allowed))
})

describe('what is given away', () => {
  const owned = [rule('get list', '', 'pods'), rule('*', 'apps', '*'), { verbs: ['get'], nonResourceURLs: ['/a/*'] }]
  const cases: readonly (readonly [string, PolicyRule, string | undefined])[] = [
    ['within what one has', rule('get', '', 'pods'), undefined],
    ['narrowed to a name', rule('get', '', 'pods', 'a'), undefined],
    ['by a star', rule('delete', 'apps', 'deployments deployments/scale'), undefined],
    ['a path below', { verbs: ['get'], nonResourceURLs: ['/a/b'] }, undefined],
    ['a verb too many', rule('get delete', '', 'pods'), '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}'],
    ['a star', rule('*', '', 'pods'), '{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'],
    [
      'two verbs on one resource are one line',
      rule('get list', '', 'secrets'),
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    ],
    ['another path', { verbs: ['get'], nonResourceURLs: ['/b'] }, '{NonResourceURLs:["/b"], Verbs:["get"]}'],
  ]
  test.each(cases)('%s', (_it, wanted, line) => {
    const head = 'user "jane" (groups=["devs"]) is attempting to grant RBAC permissions not currently held:'
    expect(escalationText(jane, owned, [wanted])).toBe(line && `${head}\n${line}`)
  })
})

const keyOf = ({ kind, metadata }: { kind: string; metadata: { namespace?: string; name: string } }): string =>
  `/rbac.authorization.k8s.io/${kind.toLowerCase()}s/${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`

function indexOf(objects: readonly object[]): RbacIndex {
  const index = new RbacIndex()
  for (const object of objects as KubeObject[]) index.change(keyOf(object), undefined, object)
  return index
}

test('bindings of others are not even looked at', () => {
  const bindingOf = (name: string) => ({
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'User', name }],
  })
  const index = indexOf(Array.from({ length: 1000 }, (_, i) => bindingOf(`user-${i}`)).concat(bindingOf('jane')))
  expect([...index.grantsOf(jane, 'default')].map(({ binding }) => binding)).toEqual(['jane'])
})

describe('the default roles', () => {
  const authorizer = new RbacAuthorizer(indexOf(defaultRbac()))
  const as = (name: string, ...groups: string[]): User => ({ name, groups: [...groups, 'system:authenticated'] })
  const cases: readonly (readonly [string, User, string, Partial<Attributes> & { resource: string }, boolean])[] = [
    ['anybody asks what he may', as('x'), 'create', { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' }, true],
    ['anybody else reads no pods', as('x'), 'get', { resource: 'pods' }, false],
    ['the scheduler binds', as('system:kube-scheduler'), 'create', { resource: 'pods', subresource: 'binding', namespace: 'a' }, true],
    [
      'the job controller makes pods',
      as('system:serviceaccount:kube-system:job-controller'),
      'create',
      { resource: 'pods', namespace: 'a' },
      true,
    ],
    [
      'an account of another namespace does not',
      as('system:serviceaccount:a:job-controller'),
      'create',
      { resource: 'pods', namespace: 'a' },
      false,
    ],
    [
      'the token cleaner deletes secrets there',
      as('system:serviceaccount:kube-system:token-cleaner'),
      'delete',
      { resource: 'secrets', namespace: 'kube-system' },
      true,
    ],
    [
      'and nowhere else',
      as('system:serviceaccount:kube-system:token-cleaner'),
      'delete',
      { resource: 'secrets', namespace: 'default' },
      false,
    ],
    ['nodes have no role of their own', as('system:node:a', 'system:nodes'), 'get', { resource: 'nodes', name: 'a' }, false],
  ]
  test.each(cases)('%s', (_it, user, verb, what, allowed) =>
    expect(authorizer.authorize(resourceAttributes(user, verb, what)).decision === 'allow').toBe(allowed),
  )
})

describe('against an oracle', () => {
  const names = {
    users: ['u1', 'u2', 'system:serviceaccount:n1:s', 'system:serviceaccount:n2:s'],
    groups: ['g1', 'g2'],
    namespaces: ['n1', 'n2'],
  }
  const words = { verbs: ['get', 'list', '*'], groups: ['', 'apps', '*'], resources: ['a', 'b', 'a/x', '*/x', '*'], names: ['o1', 'o2'] }

  /** Nothing but the words of the documentation: all bindings, all rules, one after the other. */
  function oracle(objects: readonly ReturnType<typeof randomObjects>[number][], asked: Attributes): boolean {
    return objects.some(binding => {
      if (!binding.roleRef || (binding.metadata.namespace && binding.metadata.namespace !== asked.namespace)) return false
      const mine = (binding.subjects ?? []).some(({ kind, name, namespace }) =>
        kind === 'User'
          ? name === asked.user.name
          : kind === 'Group'
            ? asked.user.groups.includes(name)
            : asked.user.name === `system:serviceaccount:${namespace ?? binding.metadata.namespace}:${name}`,
      )
      const role = objects.find(
        ({ kind, metadata }) =>
          kind === binding.roleRef?.kind &&
          metadata.name === binding.roleRef.name &&
          (kind === 'ClusterRole' || metadata.namespace === binding.metadata.namespace),
      )
      return mine && (role?.rules ?? []).some(r => allows(r, asked))
    })
  }

  function allows({ verbs, apiGroups = [], resources = [], resourceNames = [] }: PolicyRule, asked: Attributes): boolean {
    const what = asked.subresource ? [`${asked.resource}/${asked.subresource}`, `*/${asked.subresource}`] : [asked.resource]
    return (
      ['*', asked.verb].some(v => verbs.includes(v)) &&
      ['*', asked.group].some(g => apiGroups.includes(g)) &&
      ['*', ...what].some(r => resources.includes(r)) &&
      (resourceNames.length === 0 || resourceNames.includes(asked.name))
    )
  }

  interface Made {
    kind: string
    metadata: { name: string; namespace?: string }
    rules?: PolicyRule[]
    roleRef?: { apiGroup: string; kind: string; name: string }
    subjects?: Subject[]
  }

  function randomObjects(fraction: () => number): Made[] {
    const one = <T>(list: readonly T[]): T => list[Math.floor(fraction() * list.length)] as T
    const some = <T>(list: readonly T[]): T[] => [...new Set([one(list), one(list)])]
    const roles = ['r1', 'r2', 'r3']
    const rules = () =>
      [0, 1].map(() => ({
        verbs: some(words.verbs),
        apiGroups: some(words.groups),
        resources: some(words.resources),
        ...(fraction() < 0.3 ? { resourceNames: some(words.names) } : {}),
      }))
    const subject = (): Subject => {
      const kind = one(['User', 'Group', 'ServiceAccount'])
      if (kind === 'ServiceAccount')
        return { kind, name: 's', ...(fraction() < 0.5 ? { namespace: one(names.namespaces) } : { namespace: 'n1' }) }
      return { kind, name: one(kind === 'User' ? names.users : names.groups) }
    }
    const apiGroup = 'rbac.authorization.k8s.io'
    const made: Made[] = []
    for (const name of roles) {
      if (fraction() < 0.8) made.push({ kind: 'ClusterRole', metadata: { name }, rules: rules() })
      for (const namespace of names.namespaces)
        if (fraction() < 0.8) made.push({ kind: 'Role', metadata: { name, namespace }, rules: rules() })
    }
    for (const name of ['b1', 'b2'])
      made.push({
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup, kind: 'ClusterRole', name: one(roles) },
        subjects: [subject()],
      })
    for (const name of ['b1', 'b2'])
      for (const namespace of names.namespaces)
        made.push({
          kind: 'RoleBinding',
          metadata: { name, namespace },
          roleRef: { apiGroup, kind: one(['Role', 'ClusterRole']), name: one(roles) },
          subjects: [subject(), subject()],
        })
    return made
  }

  test('every triple of 150 clusters is decided the same, also after some roles and bindings went', () => {
    const { fraction } = createIds(7)
    for (let round = 0; round < 150; round++) {
      const objects = randomObjects(fraction)
      const index = indexOf(objects)
      const left = objects.filter(object => {
        if (fraction() < 0.8) return true
        index.change(keyOf(object), object as unknown as KubeObject, undefined)
        return false
      })
      const authorizer = new RbacAuthorizer(index)
      for (const asked of requests())
        if ((authorizer.authorize(asked).decision === 'allow') !== oracle(left, asked))
          throw new Error(JSON.stringify({ round, asked, left }))
    }
  })

  function* requests(): Generator<Attributes> {
    for (const name of names.users)
      for (const groups of [[], ['g1'], ['g1', 'g2']])
        for (const namespace of ['', ...names.namespaces])
          for (const verb of ['get', 'list', 'delete'])
            for (const [resource, subresource] of [
              ['a', ''],
              ['a', 'x'],
              ['c', 'x'],
              ['b', ''],
            ] as const)
              for (const group of ['', 'apps'])
                for (const object of ['', 'o1'])
                  yield resourceAttributes({ name, groups }, verb, { group, resource, subresource, namespace, name: object })
  }
})
