// namespaces/finalize: an update that may change spec.finalizers, which no other way can.
import { invalidObject, notFound } from '../../../openapi/errors.ts'
import { finalizerErrors, type Namespace, namespace as namespaceKind } from '../../../openapi/kinds/core/namespace.ts'
import { Namespace as schema } from '../../../openapi/schemas/core.ts'
import { deepCopy } from '../../../openapi/values/copy.ts'
import type { Store } from '../store.ts'
import type { Subresource } from './index.ts'

export const finalizeSubresource = (namespaces: Store<Namespace>): Subresource => ({
  path: 'namespaces/finalize',
  method: 'PUT',
  apiVersion: 'v1',
  bodyKind: 'Namespace',
  schema,
  async create({ name, body, request }) {
    const given = deepCopy(body) as unknown as Namespace
    const errors = (given.spec?.finalizers ?? []).flatMap((finalizer, index) => finalizerErrors(finalizer, `spec.finalizers[${index}]`))
    const { object } = await namespaces.update({ ...request, namespace: '', subresource: 'finalize' }, name, current => {
      if (!current) throw notFound(namespaceKind, name)
      namespaceKind.defaults?.(given)
      if (errors.length > 0) throw invalidObject(namespaceKind, name, errors)
      if (given.spec?.finalizers?.length === 0) delete given.spec.finalizers
      return { object: { ...given, status: current.status } }
    })
    return object
  },
})
