// What the two bindings share: defaults, checks and columns of a role and its subjects.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, notSupported, required } from '../../errors.ts'
import { goForm } from '../../rules/goform.ts'
import type { RoleRef, Subject } from '../../schemas/rbac.ts'
import { deepEqual } from '../../values/equal.ts'
import { isDns1123Subdomain, isPathSegmentName } from '../../values/names.ts'

export const rbacGroup = 'rbac.authorization.k8s.io'

interface Binding {
  roleRef: RoleRef
  subjects?: Subject[]
}

/** Roles, users and groups are of this group unless they say otherwise. */
export function bindingDefaults({ roleRef, subjects }: Binding): void {
  if (!roleRef.apiGroup) roleRef.apiGroup = rbacGroup
  for (const subject of subjects ?? [])
    if ((subject.kind === 'User' || subject.kind === 'Group') && !subject.apiGroup) subject.apiGroup = rbacGroup
}

/** `roles`: the kinds of role that may be bound; a namespaced binding may leave out an account's namespace. */
export const bindingErrors = ({ roleRef, subjects }: Binding, roles: readonly string[]): FieldError[] => [
  ...roleRefErrors(roleRef, roles),
  ...(subjects ?? []).flatMap((subject, index) => subjectErrors(subject, roles.includes('Role'), `subjects[${index}]`)),
]

function roleRefErrors({ apiGroup, kind, name }: RoleRef, roles: readonly string[]): FieldError[] {
  const errors = apiGroup === rbacGroup ? [] : [notSupported('roleRef.apiGroup', apiGroup ?? '', [rbacGroup])]
  if (!roles.includes(kind)) errors.push(notSupported('roleRef.kind', kind ?? '', roles))
  if (!name) errors.push(required('roleRef.name'))
  else errors.push(...isPathSegmentName(name, false).map(why => invalid('roleRef.name', name, why)))
  return errors
}

function subjectErrors({ apiGroup = '', kind, name, namespace }: Subject, namespaced: unknown, path: string): FieldError[] {
  const errors = name ? [] : [required(`${path}.name`)]
  if (kind === 'ServiceAccount') {
    if (name) errors.push(...isDns1123Subdomain(name).map(why => invalid(`${path}.name`, name, why)))
    if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']))
    if (!namespaced && !namespace) errors.push(required(`${path}.namespace`))
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [rbacGroup]))
  } else errors.push(notSupported(`${path}.kind`, kind ?? '', ['ServiceAccount', 'User', 'Group']))
  return errors
}

export const changedRole = (next: Binding, old: Binding): FieldError[] =>
  deepEqual(next.roleRef, old.roleRef) ? [] : [invalid('roleRef', goForm('@rbac.v1.RoleRef', next.roleRef), 'cannot change roleRef')]

const names = ({ subjects }: Binding, kind: string): string =>
  (subjects ?? [])
    .filter(subject => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')

export const bindingColumns = [
  nameColumn,
  text<Binding>('Role', 'Kind and name of the role it gives.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  text<Binding>('Users', 'Users who get the role.', binding => names(binding, 'User'), 1),
  text<Binding>('Groups', 'Groups who get the role.', binding => names(binding, 'Group'), 1),
  text<Binding>('ServiceAccounts', 'Accounts who get the role, as namespace/name.', binding => names(binding, 'ServiceAccount'), 1),
] as const
