// NamespaceLifecycle: nothing is created in a namespace that is missing or going, and the first namespaces stay.
import { forbiddenRequest, notFound } from '../../openapi/errors.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import type { AdmissionPlugin } from './chain.ts'
import type { Lookup } from './lookup.ts'

const immortal = new Set(['default', 'kube-system', 'kube-public'])

export const namespaceLifecycle = (lookup: Lookup): AdmissionPlugin => ({
  name: 'NamespaceLifecycle',
  bodies: true,
  async admit({ operation, kind, object, request, ...asked }) {
    if (operation !== 'CREATE' || kind.scope === 'Cluster' || kind.group === 'authorization.k8s.io') return
    const name = object.metadata.namespace ?? request.namespace
    const found = await lookup.get(namespace, '', name)
    if (!found) throw notFound(namespace, name)
    if (!found.metadata.deletionTimestamp) return
    const error = forbiddenRequest(
      kind,
      asked.name ?? object.metadata.name ?? '',
      `unable to create new content in namespace ${name} because it is being terminated`,
    )
    error.status.details = {
      ...error.status.details,
      causes: [{ reason: 'NamespaceTerminating', message: `namespace ${name} is being terminated`, field: 'metadata.namespace' }],
    }
    throw error
  },
  validate({ operation, kind, object }) {
    if (operation === 'DELETE' && kind.kind === 'Namespace' && kind.group === '' && immortal.has(object.metadata.name))
      throw forbiddenRequest(kind, object.metadata.name, 'this namespace may not be deleted')
  },
})
