// matchConditions: CEL expressions that must all be true for a webhook to be called.
import { celBindings, evaluate } from '../../../openapi/cel/admission/evaluate.ts'
import { aggregate, forbiddenRequest } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import type { MatchCondition } from '../../../openapi/schemas/admissionregistration.ts'
import type { Authorizer } from '../../auth/attributes.ts'
import { authorizerFor } from '../authorizer.ts'
import type { Attributes } from '../matching.ts'
import { requestOf } from './review.ts'

/** `attributes`: with the objects as `kind` has them. matchconditions/matcher.go: one that is false decides; else an error does, by the failure policy. */
export async function conditionsHold(
  { matchConditions = [], failurePolicy }: { matchConditions?: readonly MatchCondition[]; failurePolicy?: string },
  attributes: Attributes,
  kind: Kind,
  authorizer: Authorizer,
): Promise<boolean> {
  if (matchConditions.length === 0) return true
  const json = celBindings({
    object: attributes.object ?? null,
    oldObject: attributes.old ?? null,
    request: requestOf(attributes, kind),
  })
  const bindings = { ...json, authorizer: await authorizerFor(authorizer, attributes, kind) }
  const errors: string[] = []
  for (const { expression } of matchConditions) {
    const outcome = await evaluate(expression, bindings)
    if (outcome.value === false) return false
    if (outcome.error !== undefined) errors.push(`expression '${expression}' resulted in error: ${outcome.error}`)
  }
  if (errors.length === 0) return true
  if (failurePolicy === 'Ignore') return false
  throw forbiddenRequest(attributes.kind, attributes.name, aggregate(errors))
}
