// Whether a webhook is called: its matchConditions say.
import { celBindings } from '../../../openapi/cel/admission/evaluate.ts'
import { forbiddenRequest } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import type { MatchCondition } from '../../../openapi/schemas/admissionregistration.ts'
import type { Authorizer } from '../../auth/attributes.ts'
import { authorizerFor } from '../authorizer.ts'
import { conditionsHold } from '../conditions.ts'
import type { Attributes } from '../matching.ts'
import { requestOf } from './review.ts'

/** `attributes`: with the objects as `kind` has them. Throws when that cannot be found out, unless such failures are ignored. */
export async function isCalled(
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
  const { hold, error } = await conditionsHold(matchConditions, { ...json, authorizer: await authorizerFor(authorizer, attributes, kind) })
  if (error === undefined || failurePolicy === 'Ignore') return hold
  throw forbiddenRequest(attributes.kind, attributes.name, error)
}
