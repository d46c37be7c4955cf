// Policy rules: what they allow, whether some cover others, and how refusals print them. Pure.
import type { PolicyRule } from '../../../openapi/schemas/rbac.ts'
import type { Attributes } from '../attributes.ts'

const has = (list: readonly string[] | undefined, ...values: readonly string[]): boolean =>
  list !== undefined && values.some(value => list.includes(value))

export function ruleAllows(rule: PolicyRule, asked: Attributes): boolean {
  if (!has(rule.verbs, '*', asked.verb)) return false
  if (!asked.resourceRequest) return (rule.nonResourceURLs ?? []).some(url => urlCovers(url, asked.path))
  if (!has(rule.apiGroups, '*', asked.group)) return false
  const combined = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource
  if (!has(rule.resources, '*', combined) && !(asked.subresource && has(rule.resources, `*/${asked.subresource}`))) return false
  return !rule.resourceNames?.length || rule.resourceNames.includes(asked.name)
}

/** '*' may stand at the end. */
const urlCovers = (pattern: string, url: string): boolean =>
  pattern === '*' || pattern === url || (pattern.endsWith('*') && url.startsWith(pattern.slice(0, -1).replace(/\*+$/, '')))

/** Those single rights of `wanted` that no rule of `owned` gives. */
export const missingRules = (owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] =>
  wanted.flatMap(singleRules).filter(single => !owned.some(rule => covers(rule, single)))

/** One verb on one resource or path each. */
function singleRules({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): PolicyRule[] {
  const ofResources = apiGroups.flatMap(group =>
    resources.flatMap(resource =>
      verbs.flatMap(verb => {
        const rule = { apiGroups: [group], resources: [resource], verbs: [verb] }
        return resourceNames.length === 0 ? [rule] : resourceNames.map(name => ({ ...rule, resourceNames: [name] }))
      }),
    ),
  )
  return [...ofResources, ...nonResourceURLs.flatMap(url => verbs.map(verb => ({ nonResourceURLs: [url], verbs: [verb] })))]
}

function covers(owner: PolicyRule, single: PolicyRule): boolean {
  const all = (mine: readonly string[] | undefined, theirs: readonly string[] | undefined, covered: (value: string) => boolean) =>
    has(mine, '*') || (theirs ?? []).every(value => has(mine, value) || covered(value))
  const never = () => false
  if (!all(owner.verbs, single.verbs, never)) return false
  if (single.nonResourceURLs)
    return single.nonResourceURLs.every(url => (owner.nonResourceURLs ?? []).some(pattern => urlCovers(pattern, url)))
  if (!all(owner.apiGroups, single.apiGroups, never)) return false
  const anyParent = (resource: string) => resource.includes('/') && has(owner.resources, `*/${resource.split('/')[1]}`)
  if (!all(owner.resources, single.resources, anyParent)) return false
  if (!owner.resourceNames?.length) return true
  return (single.resourceNames ?? []).some(name => has(owner.resourceNames, name))
}

/** Rules about one resource (and name) become one; the others stay. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const simple = new Map<string, PolicyRule>()
  const others: PolicyRule[] = []
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
    if (apiGroups.length !== 1 || resources.length !== 1 || resourceNames.length > 1 || nonResourceURLs.length > 0) {
      others.push(rule)
      continue
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames])
    const known = simple.get(key)
    simple.set(key, known ? { ...known, verbs: [...new Set([...known.verbs, ...rule.verbs])] } : rule)
  }
  return [...simple.values(), ...others]
}

const quotedList = (list: readonly string[]): string => `[${list.map(text => JSON.stringify(text)).join(' ')}]`

/** As refusals print it: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  })
  return `{${parts.flatMap(([name, list]) => (list?.length ? [`${name}:${quotedList(list)}`] : [])).join(', ')}}`
}

/** Throws nothing: the text of a refusal, or undefined when `owned` covers what is wanted. */
export function escalationText(
  user: { name: string; groups: readonly string[] },
  owned: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): string | undefined {
  const missing = compactRules(missingRules(owned, wanted))
  if (missing.length === 0) return undefined
  const lines = missing.map(ruleText).sort()
  return `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`
}
