// certificatesigningrequest-cleaner-controller: decided requests go after an hour, those that nobody decides after a day.

import type { Kind } from '../../openapi/kind.ts'
import { certificateSigningRequest } from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { deadlineOf } from './plan.ts'

export const csrCleanerController: Controller = {
  name: 'certificatesigningrequest-cleaner-controller',
  watches: [{ kind: certificateSigningRequest as unknown as Kind, keys: self }],
  async reconcile(key, { client, clock, informer }) {
    const request = informer(certificateSigningRequest).get(key)
    const deadline = request && deadlineOf(request)
    if (!request || deadline === undefined) return undefined
    const left = deadline - clock.now().getTime()
    if (left > 0) return { requeueAfterMs: left }
    await client.delete(certificateSigningRequest, key, { preconditions: { uid: request.metadata.uid } })
    return undefined
  },
}
