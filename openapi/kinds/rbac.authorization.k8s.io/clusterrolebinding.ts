// ClusterRoleBinding.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ClusterRoleBinding as schema } from '../../schemas/rbac.ts'
import { isPathSegmentName } from '../../values/names.ts'
import { bindingColumns, bindingDefaults, bindingErrors, changedRole } from './subjects.ts'

export interface ClusterRoleBinding extends ObjectOf<typeof schema> {}
export type ClusterRoleBindingInput = InputOf<typeof schema>

const roles = ['ClusterRole']

export const clusterRoleBinding = defineKind<ClusterRoleBinding, ClusterRoleBindingInput>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  scope: 'Cluster',
  names: { plural: 'clusterrolebindings', singular: 'clusterrolebinding' },
  schema,
  columns: [...bindingColumns],
  createOnUpdate: true,
  validateName: isPathSegmentName,
  defaults: bindingDefaults,
  validate: binding => bindingErrors(binding, roles),
  validateUpdate: (binding, old) => [...bindingErrors(binding, roles), ...changedRole(binding, old)],
  example: {
    metadata: { name: 'example' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'example' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
  },
})
