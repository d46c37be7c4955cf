// ValidatingAdmissionPolicy: the demands of each policy that a binding puts in force. policy/validating/dispatcher.go and validator.go.
import { evaluateAll, type Outcome } from '../../openapi/cel/admission/evaluate.ts'
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
import { conditionsHold, failure } from './conditions.ts'
import { type Attributes, attributesOf, isShown, shownAttributes } from './matching.ts'
import { PolicyIndex } from './policyindex.ts'
import { type Annotated, addNote, annotationsOf, tellFailure } from './policynotes.ts'
import { asked, type Bindings, bindingsOf, composed, isReview, type PolicyParts, paramsOf, type Situation } from './policyparts.ts'

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
  const { hold, error } = await conditionsHold(spec.matchConditions ?? [], bindings)
  if (error !== undefined) return undecided(error)
  if (!hold) return { found: [], annotated: nothing }
  const { validations = [] } = spec
  const demands = await composed(spec, bindings)
  const outcomes = await evaluateAll(
    validations.map(({ expression }) => expression),
    demands.bindings,
    demands.budget,
  )
  if (typeof outcomes === 'string') return undecided(outcomes)
  // Upstream makes every message, needed or not: all of them count.
  const messages = await evaluateAll(
    validations.map(({ messageExpression }) => messageExpression || "''"),
    demands.bindings,
    demands.budget,
  )
  const found = validations.map((validation, index) =>
    judged(validation, { outcome: outcomes[index] ?? {}, message: typeof messages === 'string' ? messages : messages[index], index }),
  )
  const annotated = await annotationsOf(spec, await composed(spec, bindings))
  return typeof annotated === 'string' ? undecided(annotated) : { found: found.filter(u => u !== undefined), annotated }
}

const undecided = (text: string): Judgement => ({ found: [broken(text, 0)], annotated: nothing })
const broken = (text: string, index: number): Unmet => ({ index, text, reason: 'Invalid', error: true })

/** `message`: a text says why there are none. */
function judged(
  { expression, message: fixed, reason = 'Invalid' }: Validation,
  { outcome: { value, error }, message, index }: { outcome: Outcome; message: Outcome | string | undefined; index: number },
): Unmet | undefined {
  if (error !== undefined) return broken(failure(expression, error), index)
  if (typeof message === 'string') return broken(`failed messageExpression: ${message}`, index)
  if (value === true) return undefined
  const made = message?.value
  const usable = typeof made === 'string' && made.trim() !== '' && !/[\n\r]/.test(made.trim()) && made.length <= maxMessage
  return { text: usable ? made.trim() : fixed?.trim() || `failed expression: ${expression.trim()}`, reason, index }
}

const maxMessage = 5 * 1024
