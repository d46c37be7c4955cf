// NamespaceExists: nothing is written in a namespace that is not there.
import { notFound } from '../../openapi/errors.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import type { Lookup } from './lookup.ts'

export function namespaceExists(lookup: Lookup): AdmissionPlugin {
  async function check({ operation, kind, object, request }: AdmissionRequest): Promise<void> {
    if (operation === 'CONNECT' || kind.scope === 'Cluster') return
    const name = object.metadata.namespace || request.namespace
    if (!(await lookup.get(namespace, '', name))) throw notFound(namespace, name)
  }
  return { name: 'NamespaceExists', bodies: true, validate: check }
}
