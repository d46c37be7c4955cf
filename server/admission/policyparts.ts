// What validating and mutating policies have in common: whether they are asked, with which parameters, and what their expressions see.
import { loadCel } from '../../openapi/cel/admission/compile.ts'
import { addVariable, type Budget, celBindings, policyBudget } from '../../openapi/cel/admission/evaluate.ts'
import { StatusError } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import type { BindingSpec, PolicySpec } from '../../openapi/kinds/admissionregistration.k8s.io/policy.ts'
import { namespace as namespaceKind } from '../../openapi/kinds/core/namespace.ts'
import type { MatchResources } from '../../openapi/schemas/admissionregistration.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import type { Authorizer } from '../auth/attributes.ts'
import { authorizerFor } from './authorizer.ts'
import { type Attributes, type MatchParts, matchingKind } from './matching.ts'
import { requestOf } from './webhooks/review.ts'

export type Bindings = Readonly<Record<string, unknown>>

export interface PolicyParts extends MatchParts {
  authorizer: Authorizer
}

export interface Situation {
  attributes: Attributes
  parts: PolicyParts
}

/** No policy may be in the way of finding out who somebody is, and what he may. */
export const isReview = ({ group, kind }: Kind): boolean =>
  (group === 'authentication.k8s.io' || group === 'authorization.k8s.io') && kind.endsWith('Review')

/** The kind as which the request is shown, when it matches. */
export const asked = (match: MatchResources | undefined, { attributes, parts }: Situation): Promise<Kind | undefined> =>
  matchingKind(
    {
      rules: match?.resourceRules ?? [],
      emptyMatchesAll: true,
      exclude: match?.excludeResourceRules,
      matchPolicy: match?.matchPolicy,
      namespaceSelector: match?.namespaceSelector,
      objectSelector: match?.objectSelector,
    },
    attributes,
    parts,
  )

/** The objects that hold parameters, one null for none; a text says why there are none to be had. */
export async function paramsOf(
  { paramKind }: PolicySpec,
  { paramRef }: BindingSpec,
  { attributes, parts }: Situation,
): Promise<(KubeObject | null)[] | string> {
  if (!paramKind || !paramRef) return [null]
  const kind = parts.kinds().find(k => apiVersionOf(k) === paramKind.apiVersion && k.kind === paramKind.kind)
  if (!kind) return `paramKind kind \`${paramKind.apiVersion}, Kind=${paramKind.kind}\` not known`
  const namespaced = kind.scope === 'Namespaced'
  if (!namespaced && paramRef.namespace) return 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`'
  const namespace = namespaced ? paramRef.namespace || attributes.namespace : ''
  if (namespaced && namespace === '') return 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources'
  const all = await candidates(kind, { namespace, name: paramRef.name }, parts)
  if (!all) return `paramKind kind \`${paramKind.apiVersion}, Kind=${paramKind.kind}\` not yet synced to use for admission`
  const found = all.filter(({ metadata }) => !paramRef.selector || matchesSelector(paramRef.selector, metadata.labels))
  if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny')
    return 'no params found for policy binding with `Deny` parameterNotFoundAction'
  return found
}

/** undefined: they cannot be converted into the version that is asked for. */
async function candidates(
  kind: Kind,
  { namespace, name }: { namespace: string; name: string | undefined },
  { lookup }: PolicyParts,
): Promise<readonly KubeObject[] | undefined> {
  try {
    if (!name) return await lookup.list(kind, namespace)
    const one = await lookup.get(kind, namespace, name)
    return one ? [one] : []
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}

/** `attributes`: with the objects as `kind` has them. */
export async function bindingsOf(
  spec: PolicySpec,
  param: KubeObject | null,
  { attributes, parts, kind }: Situation & { kind: Kind },
): Promise<Bindings> {
  const { object, old, namespace } = attributes
  const json = celBindings({
    object: object ?? null,
    oldObject: old ?? null,
    request: requestOf(attributes, kind),
    namespaceObject: namespace === '' ? null : ((await parts.lookup.get(namespaceKind, '', namespace)) ?? null),
    ...(spec.paramKind ? { params: param } : {}),
  })
  return { ...json, authorizer: await authorizerFor(parts.authorizer, attributes, kind) }
}

export interface Composed {
  bindings: Bindings
  budget: Budget
}

/** With the variables of the policy, all within one budget. */
export async function composed({ variables = [] }: PolicySpec, bindings: Bindings): Promise<Composed> {
  await loadCel()
  const budget = policyBudget()
  if (variables.length === 0) return { bindings, budget }
  const values: Record<string, unknown> = {}
  for (const variable of variables) addVariable(values, variable, { bindings, budget })
  return { bindings: { ...bindings, variables: values }, budget }
}
