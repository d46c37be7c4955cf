// Role.
import { createdAtColumn, nameColumn } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Role as schema } from '../../schemas/rbac.ts'
import { isPathSegmentName } from '../../values/names.ts'
import { noEmptyRules, ruleErrors } from './rules.ts'

export interface Role extends ObjectOf<typeof schema> {}
export type RoleInput = InputOf<typeof schema>

export const role = defineKind<Role, RoleInput>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  scope: 'Namespaced',
  names: { plural: 'roles', singular: 'role' },
  schema,
  columns: [nameColumn, createdAtColumn],
  createOnUpdate: true,
  validateName: isPathSegmentName,
  prepareForCreate: noEmptyRules,
  prepareForUpdate: noEmptyRules,
  validate: ({ rules }) => ruleErrors(rules, 'Namespaced'),
  validateUpdate: ({ rules }) => ruleErrors(rules, 'Namespaced'),
  example: { metadata: { name: 'example' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
})
