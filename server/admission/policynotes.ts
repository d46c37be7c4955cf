// What the audit log tells of validating policies: the annotations they make, and what they would have refused.
import { evaluateAll } from '../../openapi/cel/admission/evaluate.ts'
import type { ValidatingAdmissionPolicy } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import type { ValidatingAdmissionPolicyBinding } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicybinding.ts'
import type { Attributes } from './matching.ts'
import type { Composed } from './policyparts.ts'

export interface Annotated {
  /** Key and text. */
  notes: readonly (readonly [key: string, value: string])[]
  /** What could not be worked out. */
  errors: readonly string[]
}

const maxLength = 10 * 1024

/** A text says why there are none to be had. */
export async function annotationsOf(
  { auditAnnotations = [] }: ValidatingAdmissionPolicy['spec'],
  { bindings, budget }: Composed,
): Promise<Annotated | string> {
  const outcomes = await evaluateAll(
    auditAnnotations.map(({ valueExpression }) => valueExpression),
    bindings,
    budget,
  )
  if (typeof outcomes === 'string') return outcomes
  const notes: [string, string][] = []
  const errors: string[] = []
  for (const [index, { key, valueExpression }] of auditAnnotations.entries()) {
    const { value, error } = outcomes[index] ?? {}
    if (error !== undefined) errors.push(`valueExpression '${valueExpression}' resulted in error: ${error}`)
    else if (typeof value === 'string') {
      const text = value.trim().slice(0, maxLength)
      if (text !== '') notes.push([key, text])
    } else if (value !== null)
      errors.push(
        `valueExpression '${valueExpression}' resulted in unsupported return type: ${typeName(value)}. Return type must be either string or null.`,
      )
  }
  return { notes, errors }
}

/** As CEL calls it. */
const typeName = (value: unknown): string =>
  typeof value === 'bigint'
    ? 'int'
    : typeof value === 'boolean'
      ? 'bool'
      : typeof value === 'number'
        ? 'double'
        : Array.isArray(value)
          ? 'list'
          : 'map'

interface Noted {
  attributes: Attributes
  notes: Map<string, string[]>
}

/** Several bindings may have several things to say, but each only once. */
export function addNote({ notes }: Noted, key: string, value: string): void {
  const values = notes.get(key) ?? []
  if (!values.includes(value)) notes.set(key, [...values, value])
}

/** The action Audit: only the first failure has a place. */
export function tellFailure(
  { attributes: { request } }: Noted,
  { metadata, spec }: ValidatingAdmissionPolicyBinding,
  { text, index }: { text: string; index: number },
): void {
  const failure = {
    message: text,
    policy: spec.policyName,
    binding: metadata.name,
    expressionIndex: index,
    validationActions: spec.validationActions,
  }
  request.annotate?.('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([failure]))
}
