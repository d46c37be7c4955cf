// token-cleaner: Secrets of bootstrap tokens go when the tokens are over. As in kube-controller-manager it runs only where it is named.
import type { Kind } from '../../openapi/kind.ts'
import { type Secret, secret } from '../../openapi/kinds/core/secret/index.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { isBootstrapToken, remainingMs } from './plan.ts'

export const tokenCleaner: Controller = {
  name: 'token-cleaner',
  onlyByName: true,
  watches: [
    {
      kind: secret as unknown as Kind,
      keys: object => (object.metadata.namespace === 'kube-system' && isBootstrapToken(object as Secret) ? self(object) : []),
    },
  ],
  async reconcile(key, { client, clock, informer }) {
    const found = informer(secret).get(key)
    const leftMs = found && remainingMs(found, clock.now())
    if (!found || leftMs === undefined) return undefined
    if (leftMs > 0) return { requeueAfterMs: leftMs }
    await client.delete(secret, key, { preconditions: { uid: found.metadata.uid } })
    return undefined
  },
}
