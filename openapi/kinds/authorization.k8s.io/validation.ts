// What an access review must ask: one thing, of somebody, and nothing else.
import { type FieldError, forbidden, invalid, required } from '../../errors.ts'
import type { Kind, KubeInput } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import type { ResourceAttributes, SelfSubjectAccessReviewSpec, SubjectAccessReviewSpec } from '../../schemas/authorization.ts'
import { isLabelValue, isQualifiedName } from '../../values/names.ts'

export type AccessSpec = SelfSubjectAccessReviewSpec & SubjectAccessReviewSpec
export interface AccessReview extends KubeInput {
  spec: AccessSpec
}

/** For all three kinds; upstream's order: the spec, then the metadata. */
export function validateReview({ kind }: Pick<Kind, 'kind'>, { metadata, spec }: AccessReview): FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec
  const errors: FieldError[] = []
  if (resource && path)
    errors.push(
      invalid(
        'spec.nonResourceAttributes',
        goForm('@authorization.v1.NonResourceAttributes', path),
        'cannot be specified in combination with resourceAttributes',
      ),
    )
  if (!resource && !path)
    errors.push(invalid('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'))
  if (kind !== 'SelfSubjectAccessReview' && !spec.user && !spec.groups?.length)
    errors.push(invalid('spec.user', spec.user ?? '', 'at least one of user or group must be specified'))
  if (resource) errors.push(...selectorErrors(resource))
  const { managedFields: _managers, namespace, ...rest } = metadata
  const local = kind === 'LocalSubjectAccessReview'
  if (Object.values({ ...rest, namespace: local ? undefined : namespace }).some(value => value !== undefined))
    errors.push(invalid('metadata', metadata, local ? 'must be empty except for namespace' : 'must be empty'))
  if (local && resource && (resource.namespace ?? '') !== namespace)
    errors.push(invalid('spec.resourceAttributes.namespace', resource.namespace ?? '', 'must match metadata.namespace'))
  if (local && path)
    errors.push(
      invalid('spec.nonResourceAttributes', goForm('@authorization.v1.NonResourceAttributes', path), 'disallowed on this kind of request'),
    )
  return errors
}

type Selector = NonNullable<ResourceAttributes['fieldSelector']>

const selectorErrors = ({ fieldSelector, labelSelector }: ResourceAttributes): FieldError[] => [
  ...(fieldSelector ? oneSelectorErrors(fieldSelector, 'spec.resourceAttributes.fieldSelector') : []),
  ...(labelSelector ? oneSelectorErrors(labelSelector, 'spec.resourceAttributes.labelSelector') : []),
]

function oneSelectorErrors({ rawSelector = '', requirements = [] }: Selector, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (rawSelector && requirements.length > 0)
    errors.push(invalid(`${path}.rawSelector`, rawSelector, 'may not specified at the same time as requirements'))
  if (!rawSelector && requirements.length === 0)
    errors.push(required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`))
  const labels = path.endsWith('labelSelector')
  for (const [index, requirement] of requirements.entries())
    errors.push(...requirementErrors(requirement, `${path}.requirements[${index}]`, labels ? 'labels' : 'fields'))
  return errors
}

/** An operator that is not known is left to newer servers. */
function requirementErrors(
  { key, operator, values = [] }: NonNullable<Selector['requirements']>[number],
  path: string,
  of: 'labels' | 'fields',
): FieldError[] {
  const errors: FieldError[] = of === 'fields' && !key ? [required(`${path}.key`, 'must be specified')] : []
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
    errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
    errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  if (of === 'fields') return errors
  errors.push(...isQualifiedName(key ?? '').map(why => invalid(`${path}.key`, key ?? '', why)))
  for (const [index, value] of values.entries())
    errors.push(...isLabelValue(value).map(why => invalid(`${path}.values[${index}]`, value, why)))
  return errors
}
