// Policies with their bindings, indexed by the resources they name: what a request costs does not grow with those that ask about others.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { BindingSpec, PolicySpec } from '../../openapi/kinds/admissionregistration.k8s.io/policy.ts'
import type { MatchResources } from '../../openapi/schemas/admissionregistration.ts'
import type { Follower } from '../registry/follow.ts'
import { prefixOf } from '../registry/keys.ts'
import { equivalents, type MatchParts } from './matching.ts'

type Policy = KubeObject & { spec: PolicySpec }
type Binding = KubeObject & { spec: BindingSpec }

export class PolicyIndex<P extends Policy, B extends Binding> implements Follower {
  readonly #prefixes: Readonly<Record<'policies' | 'bindings', string>>
  readonly #policies = new Map<string, P>()
  /** By the policy's name, then by their own. */
  readonly #bindings = new Map<string, Map<string, B>>()
  /** Names of policies by RESOURCE.GROUP, either of which may be '*'. */
  readonly #byResource = new Map<string, Set<string>>()
  #following: Promise<void> | undefined

  constructor(policy: Kind<P>, binding: Kind<B>) {
    this.#prefixes = { policies: prefixOf(policy as unknown as Kind, ''), bindings: prefixOf(binding as unknown as Kind, '') }
  }

  /** Those in force that may ask about objects of the kind, in the order of their names. */
  async concerning(kind: Kind, { lookup, kinds }: Pick<MatchParts, 'lookup' | 'kinds'>): Promise<[P, B][]> {
    this.#following ??= lookup.follow('/admissionregistration.k8s.io/', this)
    await this.#following
    if (this.#bindings.size === 0) return []
    const places = new Set(equivalents(kind, kinds()).flatMap(({ group, names }) => placesOf([names.plural, '*'], [group, '*'])))
    const policies = new Set([...places].flatMap(place => [...(this.#byResource.get(place) ?? [])]))
    return [...policies].sort().flatMap(name => {
      const bindings = [...(this.#bindings.get(name)?.values() ?? [])].sort(byName)
      return bindings.map((binding): [P, B] => [this.#policies.get(name) as P, binding])
    })
  }

  reset(): void {
    for (const map of [this.#policies, this.#bindings, this.#byResource]) map.clear()
  }

  change(key: string, before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (key.startsWith(this.#prefixes.policies)) this.#changePolicy(before as P | undefined, now as P | undefined)
    if (key.startsWith(this.#prefixes.bindings)) this.#changeBinding(before as B | undefined, now as B | undefined)
  }

  #changePolicy(before: P | undefined, now: P | undefined): void {
    if (before) {
      this.#policies.delete(before.metadata.name)
      for (const place of placesAsked(before.spec.matchConstraints)) this.#byResource.get(place)?.delete(before.metadata.name)
    }
    if (!now) return
    this.#policies.set(now.metadata.name, now)
    for (const place of placesAsked(now.spec.matchConstraints)) entry(this.#byResource, place, () => new Set()).add(now.metadata.name)
  }

  #changeBinding(before: B | undefined, now: B | undefined): void {
    if (before) this.#bindings.get(before.spec.policyName ?? '')?.delete(before.metadata.name)
    if (now) entry(this.#bindings, now.spec.policyName ?? '', () => new Map()).set(now.metadata.name, now)
  }
}

const byName = (a: KubeObject, b: KubeObject): number => (a.metadata.name < b.metadata.name ? -1 : 1)

const placesOf = (resources: readonly string[], groups: readonly string[]): string[] =>
  resources.flatMap(resource => groups.map(group => `${resource.split('/')[0]}.${group}`))

/** No rules ask about everything. */
const placesAsked = (match: MatchResources | undefined): string[] =>
  match?.resourceRules?.length
    ? match.resourceRules.flatMap(({ resources = [], apiGroups = [] }) => placesOf(resources, apiGroups))
    : placesOf(['*'], ['*'])

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}
