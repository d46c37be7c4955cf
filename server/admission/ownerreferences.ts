// OwnerReferencesPermissionEnforcement: who names an owner could have the object deleted, so he must be allowed to delete it himself; and who
// lets it hold its owner back must be allowed to do so.
import type { KubeObject } from '../../openapi/kind.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { type Attributes, type Authorizer, resourceAttributes } from '../auth/attributes.ts'
import { type AdmissionPlugin, type AdmissionRequest, refused } from './chain.ts'
import type { MatchParts } from './matching.ts'

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number]

const ownersOf = (object: KubeObject | undefined): readonly Owner[] => object?.metadata.ownerReferences ?? []

export function ownerReferencesPermissionEnforcement(authorizer: Authorizer, kinds: MatchParts['kinds']): AdmissionPlugin {
  /** Why not; undefined: he may. */
  async function refusal(attributes: Attributes): Promise<string | undefined> {
    const { decision, reason } = await authorizer.authorize(attributes)
    return decision === 'allow' ? undefined : `${reason}, <nil>`
  }
  return {
    name: 'OwnerReferencesPermissionEnforcement',
    async validate(asked) {
      const { operation, kind, object, old, request } = asked
      if (operation === 'DELETE' || (kind.kind === 'Pod' && request.subresource === 'status')) return
      if (deepEqual(ownersOf(object), ownersOf(old))) return
      const { namespace = '', name } = object.metadata
      const resource = { group: kind.group, resource: kind.names.plural, subresource: request.subresource ?? '', namespace, name }
      const mayNot = operation === 'CREATE' ? undefined : await refusal(resourceAttributes(request.user, 'delete', resource))
      if (mayNot) throw refused(asked, `cannot set an ownerRef on a resource you can't delete: ${mayNot}`)
      for (const owner of newlyBlocking(object, old)) await mustMayBlock(asked, owner)
    },
  }

  async function mustMayBlock(asked: AdmissionRequest, { apiVersion, kind: ownerKind, name }: Owner): Promise<void> {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    const found = kinds().find(k => k.group === group && k.version === version && k.kind === ownerKind)
    if (!found)
      throw refused(
        asked,
        `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${ownerKind}: no matches for kind ${JSON.stringify(ownerKind)} in version ${JSON.stringify(apiVersion)}`,
      )
    const namespace = found.scope === 'Namespaced' ? (asked.object.metadata.namespace ?? '') : ''
    const owner = { group: found.group, resource: found.names.plural, subresource: 'finalizers', namespace, name }
    const mayNot = await refusal(resourceAttributes(asked.request.user, 'update', owner))
    if (mayNot)
      throw refused(asked, `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${mayNot}`)
  }
}

function newlyBlocking(object: KubeObject, old: KubeObject | undefined): Owner[] {
  const before = new Set(ownersOf(old).flatMap(owner => (owner.blockOwnerDeletion ? [owner.uid] : [])))
  return ownersOf(object).filter(({ uid, blockOwnerDeletion }) => blockOwnerDeletion && !before.has(uid))
}
