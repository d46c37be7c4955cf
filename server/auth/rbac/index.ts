// The roles and bindings, indexed by whom they are given to: what a request costs does not grow with roles that do not concern it.
import type { KubeObject } from '../../../openapi/kind.ts'
import { type ClusterRole, clusterRole } from '../../../openapi/kinds/rbac.authorization.k8s.io/clusterrole.ts'
import { type ClusterRoleBinding, clusterRoleBinding } from '../../../openapi/kinds/rbac.authorization.k8s.io/clusterrolebinding.ts'
import { type Role, role } from '../../../openapi/kinds/rbac.authorization.k8s.io/role.ts'
import { type RoleBinding, roleBinding } from '../../../openapi/kinds/rbac.authorization.k8s.io/rolebinding.ts'
import type { PolicyRule, RoleRef, Subject } from '../../../openapi/schemas/rbac.ts'
import type { Follower } from '../../registry/follow.ts'
import { prefixOf } from '../../registry/keys.ts'
import type { User } from '../../registry/request.ts'

/** One binding for one of its subjects. */
export interface Grant {
  /** '' for the whole cluster. */
  namespace: string
  binding: string
  roleRef: RoleRef
  subject: Subject
}

const prefixes = {
  roles: prefixOf(role as never, ''),
  clusterRoles: prefixOf(clusterRole as never, ''),
  roleBindings: prefixOf(roleBinding as never, ''),
  clusterRoleBindings: prefixOf(clusterRoleBinding as never, ''),
}

export class RbacIndex implements Follower {
  /** By 'namespace/name', '/name' for a ClusterRole. */
  readonly #rules = new Map<string, readonly PolicyRule[]>()
  /** By 'User:name' or 'Group:name', then by namespace. */
  readonly #grants = new Map<string, Map<string, Grant[]>>()
  /** What it reads. */
  static readonly prefix = '/rbac.authorization.k8s.io/'

  reset(): void {
    this.#rules.clear()
    this.#grants.clear()
  }

  change(key: string, before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (key.startsWith(prefixes.roles)) this.#setRules(key.slice(prefixes.roles.length), now as Role | undefined)
    else if (key.startsWith(prefixes.clusterRoles))
      this.#setRules(`/${key.slice(prefixes.clusterRoles.length)}`, now as ClusterRole | undefined)
    else if (key.startsWith(prefixes.roleBindings) || key.startsWith(prefixes.clusterRoleBindings)) {
      if (before) this.#removeBinding(before as RoleBinding | ClusterRoleBinding)
      if (now) this.#addBinding(now as RoleBinding | ClusterRoleBinding)
    }
  }

  #setRules(key: string, object: { rules?: PolicyRule[] } | undefined): void {
    if (object) this.#rules.set(key, object.rules ?? [])
    else this.#rules.delete(key)
  }

  #addBinding({ metadata, roleRef, subjects }: RoleBinding | ClusterRoleBinding): void {
    const { name, namespace = '' } = metadata
    for (const subject of subjects ?? []) {
      const key = subjectKey(subject, namespace)
      const byNamespace = this.#grants.get(key) ?? new Map<string, Grant[]>()
      this.#grants.set(key, byNamespace)
      const grants = byNamespace.get(namespace) ?? []
      byNamespace.set(namespace, grants)
      grants.push({ namespace, binding: name, roleRef, subject })
    }
  }

  #removeBinding({ metadata, subjects }: RoleBinding | ClusterRoleBinding): void {
    const { name, namespace = '' } = metadata
    for (const key of new Set((subjects ?? []).map(subject => subjectKey(subject, namespace)))) {
      const byNamespace = this.#grants.get(key)
      const left = (byNamespace?.get(namespace) ?? []).filter(grant => grant.binding !== name)
      if (left.length > 0) byNamespace?.set(namespace, left)
      else byNamespace?.delete(namespace)
      if (byNamespace?.size === 0) this.#grants.delete(key)
    }
  }

  /** What bindings give somebody: those of the cluster, then those of the namespace. */
  *grantsOf({ name, groups }: User, namespace: string): Generator<Grant> {
    const subjects = [`User:${name}`, ...groups.map(group => `Group:${group}`)]
    for (const where of namespace === '' ? [''] : ['', namespace])
      for (const subject of subjects) yield* this.#grants.get(subject)?.get(where) ?? []
  }

  /** undefined: there is no such role. `namespace` is the binding's. */
  rules({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    return this.#rules.get(kind === 'ClusterRole' ? `/${name}` : `${namespace}/${name}`)
  }
}

/** An account is a user by another name. */
function subjectKey({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  if (kind !== 'ServiceAccount') return `${kind}:${name}`
  return `User:system:serviceaccount:${namespace || bindingNamespace}:${name}`
}
