// Nobody may give away rights he does not have: checked where roles and bindings are written, after the strategy and before validation.
import { forbiddenRequest, notFound } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { type ClusterRole, clusterRole } from '../../../openapi/kinds/rbac.authorization.k8s.io/clusterrole.ts'
import { clusterRoleBinding } from '../../../openapi/kinds/rbac.authorization.k8s.io/clusterrolebinding.ts'
import { role } from '../../../openapi/kinds/rbac.authorization.k8s.io/role.ts'
import { type RoleBinding, roleBinding } from '../../../openapi/kinds/rbac.authorization.k8s.io/rolebinding.ts'
import type { PolicyRule } from '../../../openapi/schemas/rbac.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import { type Hook, nothing } from '../../registry/hooks.ts'
import type { RequestContext } from '../../registry/request.ts'
import { type Authorizer, resourceAttributes } from '../attributes.ts'
import { isMaster } from '../authorize.ts'
import type { RbacAuthorizer } from './authorizer.ts'
import type { RbacIndex } from './index.ts'
import { escalationText, missingRules } from './rules.ts'

export interface EscalationParts {
  index: RbacIndex
  rbac: RbacAuthorizer
  /** The whole chain: it may know verbs that roles do not. */
  authorizer: Authorizer
}

const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/** One hook for each of the four kinds. */
export const escalationHooks = (parts: EscalationParts): readonly Hook[] =>
  [role, clusterRole, roleBinding, clusterRoleBinding].map(kind => hook(parts, kind as unknown as Kind))

const hook = (parts: EscalationParts, kind: Kind): Hook => ({
  resource: `${kind.names.plural}.${kind.group}`,
  async reserve(draft, current, request) {
    if (isMaster(request.user) || (current && onlyOwnersChanged(draft, current))) return nothing
    if (kind.kind.endsWith('Binding')) await checkBinding(parts, kind, draft as RoleBinding, request)
    else await checkRole(parts, kind, { draft: draft as ClusterRole, current: current as ClusterRole | undefined }, request)
    return nothing
  },
  afterDelete: () => {},
})

/** What the garbage collector must be able to write without any rights of its own. */
function onlyOwnersChanged(draft: KubeObject, current: KubeObject): boolean {
  const rest = ({ metadata, ...others }: KubeObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managers, resourceVersion: _version, ...kept } = metadata
    return { ...others, metadata: kept }
  }
  return deepEqual(rest(draft), rest(current))
}

async function checkRole(
  { rbac, authorizer }: EscalationParts,
  kind: Kind,
  { draft, current }: { draft: ClusterRole; current: ClusterRole | undefined },
  { user, namespace }: RequestContext,
): Promise<void> {
  const asked = { group: kind.group, resource: kind.names.plural, namespace, name: current?.metadata.name ?? '' }
  if ((await authorizer.authorize(resourceAttributes(user, 'escalate', asked))).decision === 'allow') return
  const owned = rbac.ownRules(user, namespace)
  const aggregates = (object: ClusterRole | undefined) => (object?.aggregationRule?.clusterRoleSelectors ?? []).length > 0
  // What it gathers cannot be known beforehand.
  if ((aggregates(draft) || aggregates(current)) && missingRules(owned.rules, fullAuthority).length > 0)
    throw forbiddenRequest(kind, draft.metadata.name, 'must have cluster-admin privileges to use the aggregationRule')
  refuseMissing(kind, draft, { user, owned, wanted: draft.rules ?? [] })
}

async function checkBinding(
  { index, rbac, authorizer }: EscalationParts,
  kind: Kind,
  draft: RoleBinding,
  request: RequestContext,
): Promise<void> {
  const { user, namespace } = request
  const { roleRef } = draft
  const resource = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles'
  const asked = { group: kind.group, resource, namespace, name: roleRef.name }
  if ((await authorizer.authorize(resourceAttributes(user, 'bind', asked))).decision === 'allow') return
  const wanted = index.rules(roleRef, namespace)
  if (!wanted) throw notFound(kind, roleRef.name)
  refuseMissing(kind, draft, { user, owned: rbac.ownRules(user, namespace), wanted })
}

interface Compared {
  user: RequestContext['user']
  owned: ReturnType<RbacAuthorizer['ownRules']>
  wanted: readonly PolicyRule[]
}

function refuseMissing(kind: Kind, { metadata }: KubeObject, { user, owned, wanted }: Compared): void {
  const text = escalationText(user, owned.rules, wanted)
  if (text === undefined) return
  const unresolved = owned.errors.length > 0 ? `; resolution errors: [${owned.errors.join(', ')}]` : ''
  throw forbiddenRequest(kind, metadata.name, `${text}${unresolved}`)
}
