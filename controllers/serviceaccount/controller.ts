// serviceaccount-controller: every namespace has a service account named default.

import type { Kind } from '../../openapi/kind.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import type { Controller } from '../runtime/controller.ts'

export const serviceAccountController: Controller = {
  name: 'serviceaccount-controller',
  watches: [
    { kind: namespace as unknown as Kind, keys: ({ metadata }) => [{ name: metadata.name }] },
    { kind: serviceAccount as unknown as Kind, keys: ({ metadata }) => [{ name: metadata.namespace ?? '' }] },
  ],
  async reconcile({ name }, { client, informer }) {
    const found = informer(namespace).get({ name })
    if (!found || found.metadata.deletionTimestamp || informer(serviceAccount).get({ namespace: name, name: 'default' })) return
    await client.create(serviceAccount, { metadata: { namespace: name, name: 'default' } })
  },
}
