// RoleBinding.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { RoleBinding as schema } from '../../schemas/rbac.ts'
import { isPathSegmentName } from '../../values/names.ts'
import { bindingColumns, bindingDefaults, bindingErrors, changedRole } from './subjects.ts'

export interface RoleBinding extends ObjectOf<typeof schema> {}
export type RoleBindingInput = InputOf<typeof schema>

const roles = ['Role', 'ClusterRole']

export const roleBinding = defineKind<RoleBinding, RoleBindingInput>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  scope: 'Namespaced',
  names: { plural: 'rolebindings', singular: 'rolebinding' },
  schema,
  columns: [...bindingColumns],
  createOnUpdate: true,
  validateName: isPathSegmentName,
  defaults: bindingDefaults,
  validate: binding => bindingErrors(binding, roles),
  validateUpdate: (binding, old) => [...bindingErrors(binding, roles), ...changedRole(binding, old)],
  example: {
    metadata: { name: 'example' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'example' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
  },
})
