// ValidatingAdmissionPolicy: the demands of each policy that a binding puts in force. policy/validating/dispatcher.go and validator.go.
import { celBindings, evaluate, type Outcome } from '../../openapi/cel/admission/evaluate.ts'
import { forbiddenRequest } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import {
  type ValidatingAdmissionPolicy,
  validatingAdmissionPolicy,
} from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import {
  type ValidatingAdmissionPolicyBinding,
  validatingAdmissionPolicyBinding,
} from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicybinding.ts'
import { namespace as namespaceKind } from '../../openapi/kinds/core/namespace.ts'
import type { MatchResources } from '../../openapi/schemas/admissionregistration.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import type { AdmissionPlugin } from './chain.ts'
import { type Attributes, attributesOf, isShown, type MatchParts, matchingKind, shownAttributes } from './matching.ts'
import { type Annotated, addNote, annotationsOf, tellFailure } from './policynotes.ts'
import { requestOf } from './webhooks/review.ts'

type Spec = ValidatingAdmissionPolicy['spec']
type Validation = NonNullable<Spec['validations']>[number]
type Bindings = Readonly<Record<string, unknown>>

export const validatingPolicies = (parts: MatchParts): AdmissionPlugin => ({
  name: 'ValidatingAdmissionPolicy',
  bodies: true,
  async validate(request) {
    if (!isShown(request) || isReview(request.kind)) return
    const bindings = await parts.lookup.list(validatingAdmissionPolicyBinding, '')
    if (bindings.length === 0) return
    const attributes = attributesOf(request)
    const denials: Denial[] = []
    const situation = { attributes, parts, notes: new Map<string, string[]>() }
    for (const policy of await parts.lookup.list(validatingAdmissionPolicy, ''))
      for (const binding of bindings)
        if (binding.spec.policyName === policy.metadata.name) denials.push(...(await denialsOf(policy, binding, situation)))
    for (const [key, values] of situation.notes) request.request.annotate?.(key, values.join(', '))
    for (const { kind: action, text, policy, binding } of denials)
      if (action === 'Warn')
        attributes.request.warn(`Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${text}`)
    const first = denials.find(({ kind: action }) => action === 'Deny')
    if (first) throw refusal(attributes, first)
  },
})

/** No policy may be in the way of finding out who somebody is, and what he may. */
const isReview = ({ group, kind }: Kind): boolean =>
  (group === 'authentication.k8s.io' || group === 'authorization.k8s.io') && kind.endsWith('Review')

interface Denial {
  kind: string
  policy: string
  binding: string
  text: string
  reason: string
}

const codes: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413, Invalid: 422 }

function refusal({ kind, name }: Attributes, { policy, binding, text, reason }: Denial): Error {
  const message = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${text}`
  const error = forbiddenRequest(kind, name, message)
  Object.assign(error.status, { reason, code: codes[reason] ?? 422, details: { ...error.status.details, causes: [{ message }] } })
  return error
}

interface Situation {
  attributes: Attributes
  parts: MatchParts
  /** For the audit log: what policies have to say, by POLICY/KEY. */
  notes: Map<string, string[]>
}

/** One for each demand that is not met, and each action of the binding. */
async function denialsOf(
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  situation: Situation,
): Promise<Denial[]> {
  const kind = await asked(policy.spec.matchConstraints, situation)
  if (!kind || (binding.spec.matchResources && !(await asked(binding.spec.matchResources, situation)))) return []
  const common = { policy: policy.metadata.name, binding: binding.metadata.name }
  const ignores = policy.spec.failurePolicy === 'Ignore'
  const params = await paramsOf(policy.spec, binding.spec, situation)
  if (typeof params === 'string')
    return ignores ? [] : [{ ...common, kind: 'Deny', text: `failed to configure binding: ${params}`, reason: 'Invalid' }]
  const { parts } = situation
  const attributes = await shownAttributes(situation.attributes, kind, parts)
  const denials: Denial[] = []
  for (const param of params) {
    const { found, annotated } = await unmet(policy.spec, await bindingsOf(policy.spec, param, { attributes, parts, kind }))
    for (const { error, text, reason, index } of found) {
      if (error && ignores) continue
      for (const action of binding.spec.validationActions) denials.push({ ...common, kind: action, text, reason })
      if (binding.spec.validationActions.includes('Audit')) tellFailure(situation, binding, { text, index })
    }
    const { notes, errors } = annotated
    if (!ignores) for (const text of errors) denials.push({ ...common, kind: 'Deny', text, reason: 'Invalid' })
    for (const [key, value] of notes) addNote(situation, `${common.policy}/${key}`, value)
  }
  return denials
}

const asked = (match: MatchResources | undefined, { attributes, parts }: Situation): Promise<Kind | undefined> =>
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
async function paramsOf(
  { paramKind }: Spec,
  { paramRef }: ValidatingAdmissionPolicyBinding['spec'],
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

async function bindingsOf(
  spec: Spec,
  param: KubeObject | null,
  { attributes, parts, kind }: Omit<Situation, 'notes'> & { kind: Kind },
): Promise<Bindings> {
  const { object, old, namespace } = attributes
  return celBindings({
    object: object ?? null,
    oldObject: old ?? null,
    request: requestOf(attributes, kind),
    namespaceObject: namespace === '' ? null : ((await parts.lookup.get(namespaceKind, '', namespace)) ?? null),
    ...(spec.paramKind ? { params: param } : {}),
  })
}

interface Unmet {
  text: string
  reason: string
  /** Among the validations. */
  index: number
  /** It could not be found out: the failure policy decides. */
  error?: true
}

interface Judgement {
  found: Unmet[]
  annotated: Annotated
}

const nothing: Annotated = { notes: [], errors: [] }

async function unmet(spec: Spec, bindings: Bindings): Promise<Judgement> {
  const conditions = await Promise.all((spec.matchConditions ?? []).map(({ expression }) => evaluate(expression, bindings)))
  if (conditions.some(({ value }) => value === false)) return { found: [], annotated: nothing }
  const failed = conditions.findIndex(({ error }) => error !== undefined)
  if (failed >= 0)
    return { found: [broken(spec.matchConditions?.[failed]?.expression ?? '', conditions[failed]?.error ?? '', 0)], annotated: nothing }
  const composed = await withVariables(spec, bindings)
  const found = await Promise.all((spec.validations ?? []).map((validation, index) => judged(validation, composed, index)))
  return { found: found.filter(u => u !== undefined), annotated: await annotationsOf(spec, expression => run(expression, composed)) }
}

const broken = (expression: string, error: string, index: number): Unmet => ({
  index,
  text: `expression '${expression}' resulted in error: ${error}`,
  reason: 'Invalid',
  error: true,
})

interface Composed {
  bindings: Bindings
  /** Why a variable has no value: told when it is used. */
  failed: ReadonlyMap<string, string>
}

async function withVariables({ variables = [] }: Spec, bindings: Bindings): Promise<Composed> {
  const values: Record<string, unknown> = {}
  const failed = new Map<string, string>()
  for (const { name, expression } of variables) {
    const { value, error } = await run(expression, { bindings: { ...bindings, variables: values }, failed })
    if (error === undefined) values[name] = value
    else failed.set(name, error)
  }
  return { bindings: variables.length > 0 ? { ...bindings, variables: values } : bindings, failed }
}

async function run(expression: string, { bindings, failed }: Composed): Promise<Outcome> {
  const outcome = await evaluate(expression, bindings)
  const missing = failed.get(/^no such key: (.*)$/.exec(outcome.error ?? '')?.[1] ?? '')
  const name = outcome.error?.replace(/^no such key: /, '')
  return missing === undefined ? outcome : { error: `composited variable ${JSON.stringify(name)} fails to evaluate: ${missing}` }
}

async function judged(
  { expression, message, messageExpression, reason = 'Invalid' }: Validation,
  composed: Composed,
  index: number,
): Promise<Unmet | undefined> {
  const { value, error } = await run(expression, composed)
  if (error !== undefined) return broken(expression, error, index)
  if (value === true) return undefined
  const made = messageExpression ? (await run(messageExpression, composed)).value : undefined
  const usable = typeof made === 'string' && made.trim() !== '' && !/[\n\r]/.test(made.trim()) && made.length <= maxMessage
  return { text: usable ? made.trim() : message?.trim() || `failed expression: ${expression.trim()}`, reason, index }
}

const maxMessage = 5 * 1024
