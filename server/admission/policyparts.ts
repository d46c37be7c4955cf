// What validating and mutating policies have in common: whether they are asked, with which parameters, and what their expressions see.
import { celBindings, evaluate, type Outcome } from '../../openapi/cel/admission/evaluate.ts'
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
  const one = paramRef.name ? await parts.lookup.get(kind, namespace, paramRef.name) : undefined
  const all = paramRef.name ? (one ? [one] : []) : await parts.lookup.list(kind, namespace)
  const found = all.filter(({ metadata }) => !paramRef.selector || matchesSelector(paramRef.selector, metadata.labels))
  if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny')
    return 'no params found for policy binding with `Deny` parameterNotFoundAction'
  return found
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
  /** Why a variable has no value: told when it is used. */
  failed: ReadonlyMap<string, string>
}

export async function withVariables({ variables = [] }: PolicySpec, bindings: Bindings): Promise<Composed> {
  const values: Record<string, unknown> = {}
  const failed = new Map<string, string>()
  for (const { name, expression } of variables) {
    const { value, error } = await run(expression, { bindings: { ...bindings, variables: values }, failed })
    if (error === undefined) values[name] = value
    else failed.set(name, error)
  }
  return { bindings: variables.length > 0 ? { ...bindings, variables: values } : bindings, failed }
}

/** `patches`: it makes objects or JSON patches. */
export async function run(expression: string, { bindings, failed }: Composed, patches = false): Promise<Outcome> {
  const outcome = await evaluate(expression, bindings, patches)
  const missing = failed.get(/^no such key: (.*)$/.exec(outcome.error ?? '')?.[1] ?? '')
  const name = outcome.error?.replace(/^no such key: /, '')
  return missing === undefined ? outcome : { error: `composited variable ${JSON.stringify(name)} fails to evaluate: ${missing}` }
}

/** The first of these decides that is false, else the first error: the failure policy says what becomes of that. */
export async function conditionsOf({ matchConditions = [] }: PolicySpec, bindings: Bindings): Promise<{ hold: boolean; error?: string }> {
  const outcomes = await Promise.all(matchConditions.map(({ expression = '' }) => evaluate(expression, bindings)))
  if (outcomes.some(({ value }) => value === false)) return { hold: false }
  const failed = outcomes.findIndex(({ error }) => error !== undefined)
  return failed < 0
    ? { hold: true }
    : { hold: false, error: failure(matchConditions[failed]?.expression ?? '', outcomes[failed]?.error ?? '') }
}

export const failure = (expression: string, error: string): string => `expression '${expression}' resulted in error: ${error}`
