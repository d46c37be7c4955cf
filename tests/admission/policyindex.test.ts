// Which policies are looked at for a kind: those whose rules may name it, as they are now.
import { describe, expect, it } from 'vitest'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { validatingAdmissionPolicy } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import { validatingAdmissionPolicyBinding } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicybinding.ts'
import { deployment } from '../../openapi/kinds/apps/deployment.ts'
import { event } from '../../openapi/kinds/core/event/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { storageLookup } from '../../server/admission/lookup.ts'
import { PolicyIndex } from '../../server/admission/policyindex.ts'
import { keyOf } from '../../server/registry/keys.ts'
import { MemoryStorage } from '../../server/storage/memory.ts'

const policies = validatingAdmissionPolicy as unknown as Kind
const bindings = validatingAdmissionPolicyBinding as unknown as Kind

function setUp() {
  const storage = new MemoryStorage()
  const index = new PolicyIndex(validatingAdmissionPolicy, validatingAdmissionPolicyBinding)
  const parts = { lookup: storageLookup(storage), kinds: () => builtinKinds }
  const put = async (kind: Kind, name: string, spec: object | null) => {
    const key = keyOf(kind, '', name)
    const { entry } = await storage.get(key)
    await storage.write(key, spec && ({ metadata: { name, uid: name }, spec } as unknown as KubeObject), entry?.revision ?? 0)
  }
  return {
    policy: (name: string, ...rules: [group: string, resource: string][]) =>
      put(policies, name, {
        matchConstraints: { resourceRules: rules.map(([group, resource]) => ({ apiGroups: [group], resources: [resource] })) },
      }),
    binding: (name: string, policyName: string) => put(bindings, name, { policyName }),
    gone: (kind: Kind, name: string) => put(kind, name, null),
    found: async (kind: unknown) =>
      (await index.concerning(kind as Kind, parts)).map(([{ metadata }, binding]) => `${metadata.name} by ${binding.metadata.name}`),
  }
}

describe('policies that concern a kind', () => {
  it.each<[what: string, rules: [string, string][], expected: boolean]>([
    ['its resource', [['apps', 'deployments']], true],
    ['a subresource', [['apps', 'deployments/scale']], true],
    ['all subresources of all', [['*', '*/scale']], true],
    ['everything', [['*', '*']], true],
    ['its group', [['apps', '*']], true],
    ['its resource in every group', [['*', 'deployments']], true],
    ['another group', [['batch', 'deployments']], false],
    ['another resource', [['apps', 'statefulsets']], false],
    [
      'another first',
      [
        ['batch', 'jobs'],
        ['apps', 'deployments'],
      ],
      true,
    ],
    ['no rules', [], true],
  ])('%s', async (_what, rules, expected) => {
    const { policy, binding, found } = setUp()
    await policy('p', ...rules)
    await binding('b', 'p')
    expect(await found(deployment)).toEqual(expected ? ['p by b'] : [])
  })

  it('by their names, with each of their bindings once', async () => {
    const { policy, binding, found } = setUp()
    await policy('second', ['apps', '*'], ['*', 'deployments'])
    await policy('first', ['apps', 'deployments'])
    await policy('unbound', ['apps', 'deployments'])
    for (const [name, of] of [
      ['z', 'second'],
      ['y', 'first'],
      ['x', 'second'],
      ['w', 'missing'],
    ] as const)
      await binding(name, of)
    expect(await found(deployment)).toEqual(['first by y', 'second by x', 'second by z'])
  })

  it('for the same objects in another group', async () => {
    const { policy, binding, found } = setUp()
    await policy('p', ['events.k8s.io', 'events'])
    await binding('b', 'p')
    expect(await found(event)).toEqual(['p by b'])
  })

  it('as they are after changes', async () => {
    const { policy, binding, gone, found } = setUp()
    await policy('p', ['apps', 'deployments'])
    await binding('b', 'p')
    expect(await found(deployment)).toEqual(['p by b'])
    await policy('p', ['', 'pods'])
    expect(await found(deployment)).toEqual([])
    expect(await found(pod)).toEqual(['p by b'])
    await binding('b', 'other')
    expect(await found(pod)).toEqual([])
    await binding('b', 'p')
    await gone(policies, 'p')
    expect(await found(pod)).toEqual([])
    await policy('p', ['', 'pods'])
    expect(await found(pod)).toEqual(['p by b'])
    await gone(bindings, 'b')
    expect(await found(pod)).toEqual([])
  })
})
