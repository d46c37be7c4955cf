// Which rules a role gathers. Pure.
import type { ClusterRole } from '../../openapi/kinds/rbac.authorization.k8s.io/clusterrole.ts'
import type { PolicyRule } from '../../openapi/schemas/rbac.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'

export const gathers = ({ aggregationRule }: ClusterRole): boolean => aggregationRule !== undefined

/** Whether `other` is one of those that `role` gathers; no role gathers itself. */
export const selects = ({ aggregationRule, metadata }: ClusterRole, other: ClusterRole): boolean =>
  other.metadata.name !== metadata.name &&
  (aggregationRule?.clusterRoleSelectors ?? []).some(selector => matchesSelector(selector, other.metadata.labels))

/** Selector after selector, the roles by name, each rule once. */
export function gatheredRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] {
  const rules = new Map<string, PolicyRule>()
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? [])
    for (const other of all) {
      if (!selects({ ...role, aggregationRule: { clusterRoleSelectors: [selector] } }, other)) continue
      for (const rule of other.rules ?? []) if (!rules.has(keyOf(rule))) rules.set(keyOf(rule), rule)
    }
  return [...rules.values()]
}

/** The same for rules that say the same, however their fields are ordered. */
const keyOf = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string =>
  JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs])

export const sameRules = (a: readonly PolicyRule[], b: readonly PolicyRule[]): boolean =>
  a.length === b.length && a.every((rule, index) => keyOf(rule) === keyOf(b[index] as PolicyRule))
