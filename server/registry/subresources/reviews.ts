// Reviews: questions about users and rights, answered and not stored. A POST to the collection asks.

import { badRequest, invalidObject } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { apiVersionOf } from '../../../openapi/kind.ts'
import { selfSubjectReview } from '../../../openapi/kinds/authentication.k8s.io/selfsubjectreview.ts'
import { tokenReview } from '../../../openapi/kinds/authentication.k8s.io/tokenreview.ts'
import { localSubjectAccessReview } from '../../../openapi/kinds/authorization.k8s.io/localsubjectaccessreview.ts'
import { selfSubjectAccessReview } from '../../../openapi/kinds/authorization.k8s.io/selfsubjectaccessreview.ts'
import { selfSubjectRulesReview } from '../../../openapi/kinds/authorization.k8s.io/selfsubjectrulesreview.ts'
import { subjectAccessReview } from '../../../openapi/kinds/authorization.k8s.io/subjectaccessreview.ts'
import { type AccessReview, type AccessSpec, validateReview } from '../../../openapi/kinds/authorization.k8s.io/validation.ts'
import { parseFieldSelector, parseLabelSelector } from '../../../openapi/values/selector.ts'
import type { Attributes, Authorizer } from '../../auth/attributes.ts'
import { exactFields, pathAttributes, resourceAttributes } from '../../auth/attributes.ts'
import { defaultIssuer } from '../../auth/tokens.ts'
import { TokenError, type TokenSource } from '../../auth/tokensource.ts'
import { managersOfUnstored } from '../managedfields.ts'
import type { User } from '../request.ts'
import type { Subresource, SubresourceCall } from './index.ts'

export interface ReviewOptions {
  authorizer: Authorizer
  authenticateToken: TokenSource
  /** Now, as metav1.Time. */
  time(): string
}

export const reviewSubresources = (options: ReviewOptions): readonly Subresource[] => [
  review(selfSubjectAccessReview as unknown as Kind, call => reviewAccess(options, call, () => call.request.user)),
  review(subjectAccessReview as unknown as Kind, call => reviewAccess(options, call, userOf)),
  review(localSubjectAccessReview as unknown as Kind, call => reviewAccess(options, call, userOf)),
  review(selfSubjectRulesReview as unknown as Kind, call => reviewRules(options, call)),
  review(selfSubjectReview as unknown as Kind, async ({ request }) => ({
    metadata: { creationTimestamp: options.time() },
    status: { userInfo: userInfo(request.user) },
  })),
  review(tokenReview as unknown as Kind, call => reviewToken(options, call)),
]

function review(kind: Kind, answer: (call: SubresourceCall) => Promise<object>): Subresource {
  const type = { kind: kind.kind, apiVersion: apiVersionOf(kind) }
  return {
    path: `${kind.group}/${kind.names.plural}/`,
    apiVersion: type.apiVersion,
    bodyKind: kind.kind,
    schema: kind.schema,
    checkName: false,
    create: async call => ({ ...type, ...(await answer(call)) }),
  }
}

const withManagers = ({ kind, body, request }: SubresourceCall, now: string): KubeObject['metadata'] => ({
  ...(body.metadata as KubeObject['metadata']),
  ...managersOfUnstored({ kind, body, manager: request.fieldManager, subresource: '', now }),
})

async function reviewAccess({ authorizer, time }: ReviewOptions, call: SubresourceCall, who: (spec: AccessSpec) => User): Promise<object> {
  const { body, request } = call
  const spec = (body.spec ?? {}) as AccessSpec
  const metadata = { ...withManagers(call, time()), ...(call.kind.scope === 'Namespaced' ? { namespace: request.namespace } : {}) }
  const errors = validateReview(call.kind, { metadata, spec } as AccessReview)
  if (errors.length > 0) throw invalidObject({ group: 'authorization.k8s.io', kind: '' }, '', errors)
  const { decision, reason, error } = await authorizer.authorize(attributesOf(who(spec), spec))
  const evaluationError = [...(error ? [error] : []), ...unread(spec.resourceAttributes)].join('; ')
  return {
    metadata,
    spec,
    status: {
      allowed: decision === 'allow',
      ...(decision === 'deny' ? { denied: true } : {}),
      ...(reason ? { reason } : {}),
      ...(evaluationError ? { evaluationError } : {}),
    },
  }
}

function attributesOf(user: User, { resourceAttributes: resource, nonResourceAttributes: path }: AccessSpec): Attributes {
  if (resource)
    return resourceAttributes(user, resource.verb ?? '', { ...resource, resource: resource.resource ?? '', fields: fieldsOf(resource) })
  return pathAttributes(user, path?.verb ?? '', path?.path ?? '')
}

type Limits = Pick<NonNullable<AccessSpec['resourceAttributes']>, 'fieldSelector' | 'labelSelector'>

function fieldsOf({ fieldSelector }: Limits): Record<string, string> | undefined {
  const { rawSelector, requirements = [] } = fieldSelector ?? {}
  if (rawSelector) return exactFields(rawSelector)
  const exact = requirements.flatMap(({ key, operator, values = [] }) =>
    operator === 'In' && values.length === 1 ? [[key, values[0] ?? ''] as const] : [],
  )
  return Object.fromEntries(exact)
}

/** What selectors ask that cannot be understood: it limits nothing, and the answer tells. authorization/util/helpers.go BuildEvaluationError */
function unread({ fieldSelector, labelSelector }: Limits = {}): string[] {
  const { rawSelector: fields, requirements = [] } = fieldSelector ?? {}
  const strange = requirements.filter(({ operator, values = [] }) => !['In', 'NotIn'].includes(operator) || values.length !== 1)
  const told = (selector: keyof Limits, how = 'ignored') => `spec.resourceAttributes.${selector} ${how} due to parse error`
  return [
    ...(fields && !parses(() => parseFieldSelector(fields)) ? [told('fieldSelector')] : []),
    ...(strange.length > 0 ? [told('fieldSelector', strange.length < requirements.length ? 'partially ignored' : 'ignored')] : []),
    ...(labelSelector?.rawSelector && !parses(() => parseLabelSelector(labelSelector.rawSelector ?? '')) ? [told('labelSelector')] : []),
  ]
}

function parses(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

const userOf = ({ user = '', uid, groups = [], extra }: AccessSpec): User => ({
  name: user,
  groups,
  ...(uid ? { uid } : {}),
  ...(extra ? { extra } : {}),
})

async function reviewRules({ authorizer }: ReviewOptions, { body, request }: SubresourceCall): Promise<object> {
  const { namespace = '' } = (body.spec ?? {}) as { namespace?: string }
  if (namespace === '') throw badRequest('no namespace on request')
  const { resourceRules, nonResourceRules, errors, incomplete } = authorizer.rulesFor(request.user, namespace)
  const evaluationError = errors.length > 1 ? `[${errors.join(', ')}]` : errors[0]
  return {
    metadata: {},
    spec: {},
    status: { resourceRules, nonResourceRules, incomplete, ...(evaluationError ? { evaluationError } : {}) },
  }
}

async function reviewToken(options: ReviewOptions, call: SubresourceCall): Promise<object> {
  const spec = (call.body.spec ?? {}) as { token?: string; audiences?: string[] }
  if (!spec.token) throw badRequest('token is required for TokenReview in authentication')
  const metadata = withManagers(call, options.time())
  try {
    const found = await options.authenticateToken(spec.token, spec.audiences?.length ? spec.audiences : [defaultIssuer])
    if (!found) throw new TokenError('invalid bearer token')
    return { metadata, spec, status: { authenticated: true, user: userInfo(found.user), audiences: found.audiences } }
  } catch (error) {
    if (error instanceof TokenError) return { metadata, spec, status: { user: {}, error: error.message } }
    throw error
  }
}

const userInfo = ({ name, uid, groups, extra }: User): object => ({
  username: name,
  ...(uid ? { uid } : {}),
  ...(groups.length > 0 ? { groups } : {}),
  ...(extra ? { extra } : {}),
})
