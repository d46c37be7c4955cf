// Who may approve and sign certificate requests: verbs on the signer, by its name or by all names of its domain.
import { type Authorizer, resourceAttributes } from '../auth/attributes.ts'
import type { User } from '../registry/request.ts'

export function mayActForSigner(authorizer: Authorizer, user: User, verb: 'approve' | 'sign', signer: string): boolean {
  const [domain = ''] = signer.split('/')
  return [signer, `${domain}/*`].some(name => {
    const asked = resourceAttributes(user, verb, { group: 'certificates.k8s.io', resource: 'signers', name })
    return authorizer.authorize(asked).decision === 'allow'
  })
}
