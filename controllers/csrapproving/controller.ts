// certificatesigningrequest-approving-controller: kubelets get their client certificates when their user may ask for such.

import type { Kind } from '../../openapi/kind.ts'
import { subjectAccessReview } from '../../openapi/kinds/authorization.k8s.io/subjectaccessreview.ts'
import {
  type CertificateSigningRequest,
  certificateSigningRequest,
} from '../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { approval, recognitions } from './plan.ts'

export const csrApprovingController: Controller = {
  name: 'certificatesigningrequest-approving-controller',
  watches: [{ kind: certificateSigningRequest as unknown as Kind, keys: self }],
  async reconcile(key, context) {
    const request = context.informer(certificateSigningRequest).get(key)
    if (!request) return
    for (const { subresource, message } of recognitions(request)) {
      if (!(await mayAsk(request, subresource, context))) continue
      const conditions = [...(request.status.conditions ?? []), approval(message)]
      await context.client.patch(certificateSigningRequest, key, { status: { conditions } }, 'approval')
      return
    }
  },
}

async function mayAsk({ spec }: CertificateSigningRequest, subresource: string, { client }: Context): Promise<boolean> {
  const { username: user, groups, uid, extra } = spec
  const resourceAttributes = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', verb: 'create', subresource }
  const review = await client.createSubresource(subjectAccessReview, { name: '' }, '', {
    spec: { user, groups, uid, extra, resourceAttributes },
  })
  return (review as { status: { allowed: boolean } }).status.allowed
}
