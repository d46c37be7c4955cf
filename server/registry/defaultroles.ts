// Writes the roles and bindings of a fresh cluster, past the stores: they are known to be valid, and there are many of them.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { clusterRole } from '../../openapi/kinds/rbac.authorization.k8s.io/clusterrole.ts'
import { clusterRoleBinding } from '../../openapi/kinds/rbac.authorization.k8s.io/clusterrolebinding.ts'
import { role } from '../../openapi/kinds/rbac.authorization.k8s.io/role.ts'
import { roleBinding } from '../../openapi/kinds/rbac.authorization.k8s.io/rolebinding.ts'
import { type DefaultObject, defaultRbac } from '../auth/rbac/defaults/index.ts'
import type { Ids } from '../ids.ts'
import type { Storage } from '../storage/storage.ts'
import { keyOf } from './keys.ts'

const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  [clusterRole, clusterRoleBinding, role, roleBinding].map(kind => [kind.kind, kind as unknown as Kind]),
)

export interface DefaultRolesOptions {
  storage: Storage
  ids: Ids
  /** Now, as metav1.Time. */
  time(): string
}

/** What is there already stays as it is. */
export async function writeDefaultRoles({ storage, ids, time }: DefaultRolesOptions): Promise<void> {
  for (const object of defaultRbac()) {
    const { name, namespace, ...others } = object.metadata
    const metadata = {
      name,
      ...(namespace ? { namespace } : {}),
      uid: ids.uid(),
      creationTimestamp: time(),
      ...others,
      managedFields: [managedBy(object, time())],
    }
    const key = keyOf(kinds[object.kind] as Kind, namespace ?? '', name)
    await storage.write(key, { ...object, metadata } as unknown as KubeObject, 0)
  }
}

const owned = (...names: readonly string[]): object => Object.fromEntries(['.', ...names.map(name => `f:${name}`)].map(key => [key, {}]))

/** As an update by the API server would have left it. */
function managedBy({ metadata, apiVersion, ...object }: DefaultObject, time: string): object {
  const parts = ['rules', 'subjects', 'roleRef'].filter(name => object[name])
  return {
    manager: 'kube-apiserver',
    operation: 'Update',
    apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: {
      ...(object.aggregationRule ? { 'f:aggregationRule': owned('clusterRoleSelectors') } : {}),
      'f:metadata': { 'f:annotations': owned(...Object.keys(metadata.annotations)), 'f:labels': owned(...Object.keys(metadata.labels)) },
      ...Object.fromEntries(parts.map(name => [`f:${name}`, {}])),
    },
  }
}
