// NamespaceAutoProvision: a namespace comes with the first object that is put into it.
import { alreadyExists, isReason } from '../../openapi/errors.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { type AdmissionPlugin, type AdmissionRequest, refused } from './chain.ts'
import type { Lookup } from './lookup.ts'

/** `make`: creates the namespace. */
export function namespaceAutoProvision(lookup: Lookup, make: (name: string) => Promise<void>): AdmissionPlugin {
  async function provide(asked: AdmissionRequest): Promise<void> {
    const { operation, kind, object, request } = asked
    const name = object.metadata.namespace || request.namespace
    if (operation !== 'CREATE' || kind.scope === 'Cluster' || request.dryRun) return
    if (await lookup.get(namespace, '', name)) return
    try {
      await make(name)
    } catch (error) {
      // Somebody was faster.
      if (!isReason(error, alreadyExists(namespace, name).reason)) throw refused(asked, (error as Error).message)
    }
  }
  return { name: 'NamespaceAutoProvision', bodies: true, admit: provide }
}
