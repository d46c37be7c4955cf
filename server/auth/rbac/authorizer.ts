// Authorization by roles: allowed is what some role that is bound to the user allows.
import { aggregate } from '../../../openapi/errors.ts'
import type { PolicyRule, Subject } from '../../../openapi/schemas/rbac.ts'
import type { User } from '../../registry/request.ts'
import type { Attributes, Decision, Mode, RulesOf } from '../attributes.ts'
import type { Grant, RbacIndex } from './index.ts'
import { ruleAllows } from './rules.ts'

export class RbacAuthorizer implements Mode {
  readonly #index: RbacIndex

  constructor(index: RbacIndex) {
    this.#index = index
  }

  authorize(asked: Attributes): Decision {
    const missing = new Set<string>()
    for (const grant of this.#index.grantsOf(asked.user, asked.resourceRequest ? asked.namespace : '')) {
      const rules = this.#index.rules(grant.roleRef, grant.namespace)
      if (!rules) missing.add(notThere(grant))
      else if (rules.some(rule => ruleAllows(rule, asked))) return { decision: 'allow', reason: `RBAC: allowed by ${describe(grant)}` }
    }
    return { decision: 'no opinion', reason: missing.size === 0 ? '' : `RBAC: ${aggregate([...missing])}` }
  }

  rulesFor(user: User, namespace: string): RulesOf {
    const { rules, errors } = this.ownRules(user, namespace)
    return {
      resourceRules: rules
        .filter(rule => rule.resources?.length)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames?.length ? { resourceNames } : {}),
        })),
      nonResourceRules: rules
        .filter(rule => rule.nonResourceURLs?.length)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      errors,
      incomplete: false,
    }
  }

  /** All rules that hold for somebody there; `errors`: roles that are bound and missing. */
  ownRules(user: User, namespace: string): { rules: PolicyRule[]; errors: string[] } {
    const rules: PolicyRule[] = []
    const errors: string[] = []
    for (const grant of inOrder(this.#index.grantsOf(user, namespace))) {
      const found = this.#index.rules(grant.roleRef, grant.namespace)
      if (found) rules.push(...found)
      else errors.push(notThere(grant))
    }
    return { rules, errors }
  }
}

/** The cluster's bindings first; a binding that reaches somebody twice counts once. */
function inOrder(grants: Iterable<Grant>): Grant[] {
  const byBinding = new Map<string, Grant>()
  for (const grant of grants) byBinding.set(`${grant.namespace}/${grant.binding.replace(/^system:/, '')}`, grant)
  return [...byBinding].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant)
}

const notThere = ({ roleRef: { kind, name } }: Grant): string =>
  `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`

function describe({ namespace, binding, roleRef, subject }: Grant): string {
  const [kind, name] = namespace === '' ? ['ClusterRoleBinding', binding] : ['RoleBinding', `${binding}/${namespace}`]
  return `${kind} ${JSON.stringify(name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subjectText(subject, namespace)}`
}

const subjectText = ({ kind, name, namespace }: Subject, bindingNamespace: string): string =>
  `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${namespace || bindingNamespace}` : name)}`
