// Owner references: making, reading, and the keys of owners.
import { apiVersionOf, type Kind, type KubeInput, type KubeObject } from '../../openapi/kind.ts'
import type { ObjectKey } from './controller.ts'

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number]

export const controllerOf = ({ metadata }: KubeInput): Owner | undefined => metadata.ownerReferences?.find(owner => owner.controller)

/** The reference a controlled object carries. */
export const controllerReference = (kind: Kind, owner: KubeObject): Owner => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
})

/** A Watch's keys: the owner of this kind, if it controls the object. */
export const owner =
  (kind: Kind) =>
  (object: KubeObject): readonly ObjectKey[] => {
    const reference = controllerOf(object)
    if (!reference || reference.kind !== kind.kind || reference.apiVersion !== apiVersionOf(kind)) return []
    return [{ namespace: object.metadata.namespace, name: reference.name }]
  }

/** A Watch's keys: the object itself. */
export const self = ({ metadata }: KubeObject): readonly ObjectKey[] => [keyOf({ metadata })]

export const keyOf = ({ metadata }: Pick<KubeObject, 'metadata'>): ObjectKey =>
  metadata.namespace ? { namespace: metadata.namespace, name: metadata.name } : { name: metadata.name }
