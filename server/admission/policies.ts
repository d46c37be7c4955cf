// ValidatingAdmissionPolicy: the demands of each policy that a binding puts in force. policy/validating/dispatcher.go and validator.go.
import { forbiddenRequest } from '../../openapi/errors.ts'
import {
  type ValidatingAdmissionPolicy,
  validatingAdmissionPolicy,
} from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import {
  type ValidatingAdmissionPolicyBinding,
  validatingAdmissionPolicyBinding,
} from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicybinding.ts'
import type { AdmissionPlugin } from './chain.ts'
import { type Attributes, attributesOf, isShown, shownAttributes } from './matching.ts'
import { PolicyIndex } from './policyindex.ts'
import { type Annotated, addNote, annotationsOf, tellFailure } from './policynotes.ts'
import {
  asked,
  type Bindings,
  bindingsOf,
  type Composed,
  conditionsOf,
  failure,
  isReview,
  type PolicyParts,
  paramsOf,
  run,
  type Situation,
  withVariables,
} from './policyparts.ts'

type Spec = ValidatingAdmissionPolicy['spec']
type Validation = NonNullable<Spec['validations']>[number]

export const validatingPolicies = (
  parts: PolicyParts,
  index = new PolicyIndex(validatingAdmissionPolicy, validatingAdmissionPolicyBinding),
): AdmissionPlugin => ({
  name: 'ValidatingAdmissionPolicy',
  bodies: true,
  async validate(request) {
    if (!isShown(request) || isReview(request.kind)) return
    const inForce = await index.concerning(request.kind, parts)
    if (inForce.length === 0) return
    const attributes = attributesOf(request)
    const denials: Denial[] = []
    const situation = { attributes, parts, notes: new Map<string, string[]>() }
    for (const [policy, binding] of inForce) denials.push(...(await denialsOf(policy, binding, situation)))
    for (const [key, values] of situation.notes) request.request.annotate?.(key, values.join(', '))
    for (const { kind: action, text, policy, binding } of denials)
      if (action === 'Warn')
        attributes.request.warn(`Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${text}`)
    const first = denials.find(({ kind: action }) => action === 'Deny')
    if (first) throw refusal(attributes, first)
  },
})

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

interface Judging extends Situation {
  /** For the audit log: what policies have to say, by POLICY/KEY. */
  notes: Map<string, string[]>
}

/** One for each demand that is not met, and each action of the binding. */
async function denialsOf(
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  situation: Judging,
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
  const { hold, error } = await conditionsOf(spec, bindings)
  if (error !== undefined) return { found: [{ index: 0, text: error, reason: 'Invalid', error: true }], annotated: nothing }
  if (!hold) return { found: [], annotated: nothing }
  const composed = await withVariables(spec, bindings)
  const found = await Promise.all((spec.validations ?? []).map((validation, index) => judged(validation, composed, index)))
  return { found: found.filter(u => u !== undefined), annotated: await annotationsOf(spec, expression => run(expression, composed)) }
}

const broken = (expression: string, error: string, index: number): Unmet => ({
  index,
  text: failure(expression, error),
  reason: 'Invalid',
  error: true,
})

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
