// What Roles and ClusterRoles share: policy rules that make sense.
import { type FieldError, invalid, required } from '../../errors.ts'
import type { PolicyRule } from '../../schemas/rbac.ts'

/** Stored, an empty list of rules is null: it is always printed. */
export function noEmptyRules(role: { rules?: PolicyRule[] }): void {
  if (!role.rules?.length) role.rules = null as never
}

export const ruleErrors = (rules: readonly PolicyRule[] | undefined | null, scope: 'Namespaced' | 'Cluster'): FieldError[] =>
  (rules ?? []).flatMap((rule, index) => oneRuleErrors(rule, scope, `rules[${index}]`))

function oneRuleErrors(rule: PolicyRule, scope: 'Namespaced' | 'Cluster', path: string): FieldError[] {
  const { verbs, nonResourceURLs: urls = [], apiGroups = [], resources = [], resourceNames = [] } = rule
  const errors = verbs?.length ? [] : [required(`${path}.verbs`, 'verbs must contain at least one value')]
  if (urls.length > 0) {
    if (scope === 'Namespaced') errors.push(invalid(`${path}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'))
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      errors.push(invalid(`${path}.nonResourceURLs`, urls, 'rules cannot apply to both regular resources and non-resource URLs'))
    return errors
  }
  if (apiGroups.length === 0) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  if (resources.length === 0) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  return errors
}
