// ClusterRole.
import { createdAtColumn, nameColumn } from '../../columns.ts'
import { type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import { ClusterRole as schema } from '../../schemas/rbac.ts'
import { isPathSegmentName } from '../../values/names.ts'
import { noEmptyRules, ruleErrors } from './rules.ts'

export interface ClusterRole extends ObjectOf<typeof schema> {}
export type ClusterRoleInput = InputOf<typeof schema>

function validate({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const errors = ruleErrors(rules, 'Cluster')
  if (!aggregationRule) return errors
  const path = 'aggregationRule.clusterRoleSelectors'
  const selectors = aggregationRule.clusterRoleSelectors ?? []
  if (selectors.length === 0) errors.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'))
  for (const [index, selector] of selectors.entries()) {
    const found = validateLabelSelector(selector, `${path}[${index}]`)
    errors.push(...found)
    if (found.length > 0) errors.push(invalid(`${path}[${index}]`, null, 'invalid label selector.'))
  }
  return errors
}

export const clusterRole = defineKind<ClusterRole, ClusterRoleInput>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  scope: 'Cluster',
  names: { plural: 'clusterroles', singular: 'clusterrole' },
  schema,
  columns: [nameColumn, createdAtColumn],
  createOnUpdate: true,
  validateName: isPathSegmentName,
  prepareForCreate: noEmptyRules,
  prepareForUpdate: noEmptyRules,
  validate,
  validateUpdate: validate,
  example: { metadata: { name: 'example' }, rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }] },
})
