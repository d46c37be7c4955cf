// Who may approve and sign certificate requests: verbs on the signer, by its name or by all names of its domain.
import { type Authorizer, resourceAttributes } from '../auth/attributes.ts'
import type { User } from '../registry/request.ts'

export async function mayActForSigner(authorizer: Authorizer, user: User, verb: 'approve' | 'sign', signer: string): Promise<boolean> {
  const [domain = ''] = signer.split('/')
  for (const name of [signer, `${domain}/*`]) {
    const asked = resourceAttributes(user, verb, { group: 'certificates.k8s.io', resource: 'signers', name })
    if ((await authorizer.authorize(asked)).decision === 'allow') return true
  }
  return false
}
