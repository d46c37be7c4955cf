// serviceaccounts/token: TokenRequest.

import { badRequest, type FieldError, invalid, invalidObject, notFound } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { tokenRequest } from '../../../openapi/kinds/authentication.k8s.io/tokenrequest.ts'
import type { ServiceAccount } from '../../../openapi/kinds/core/serviceaccount.ts'
import { printTime } from '../../../openapi/values/time.ts'
import { defaultIssuer, type TokenSigner } from '../../auth/tokens.ts'
import type { Clock } from '../../clock.ts'
import type { Ids } from '../../ids.ts'
import { managersOfUnstored } from '../managedfields.ts'
import type { RequestContext } from '../request.ts'
import type { Store } from '../store.ts'
import type { Subresource } from './index.ts'

const defaultSeconds = 3600
const minSeconds = 600
const maxSeconds = 2 ** 32

export interface TokenStores {
  accounts: Store<ServiceAccount>
  /** Finds the Pod, Secret or Node a token is bound to. */
  bound(request: RequestContext, kind: string, name: string): Promise<KubeObject>
  signer: TokenSigner
  clock: Clock
  ids: Ids
}

interface Spec {
  audiences?: string[]
  expirationSeconds?: number
  boundObjectRef?: { kind?: string; apiVersion?: string; name?: string; uid?: string }
}

export const tokenSubresource = (stores: TokenStores): Subresource => ({
  path: 'serviceaccounts/token',
  apiVersion: 'authentication.k8s.io/v1',
  bodyKind: 'TokenRequest',
  schema: tokenRequest.schema,
  checkName: false,
  async create({ name, body, request }) {
    const spec = (body.spec ?? {}) as Spec
    const account = await stores.accounts.get(request, name)
    const given = (body.metadata as { name?: string } | undefined)?.name
    if (given && given !== name)
      throw invalidObject(tokenRequest, name, [invalid('metadata.name', given, 'must match the service account name if specified')])
    const seconds = spec.expirationSeconds ?? defaultSeconds
    const errors = checkSpec(seconds)
    if (errors.length > 0) throw invalidObject(tokenRequest, '', errors)
    const audiences = spec.audiences?.length ? spec.audiences : [defaultIssuer]
    const bound = await boundClaims(stores, request, spec)
    const nowSeconds = Math.floor(stores.clock.now().getTime() / 1000)
    const jti = stores.ids.uid()
    request.annotate?.('authentication.kubernetes.io/issued-credential-id', `JTI=${jti}`)
    const token = stores.signer.sign({
      aud: audiences,
      exp: nowSeconds + seconds,
      iat: nowSeconds,
      iss: defaultIssuer,
      jti,
      'kubernetes.io': { namespace: request.namespace, ...bound, serviceaccount: { name, uid: account.metadata.uid } },
      nbf: nowSeconds,
      sub: `system:serviceaccount:${request.namespace}:${name}`,
    })
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {
        name,
        namespace: request.namespace,
        uid: stores.ids.uid(),
        creationTimestamp: printTime(stores.clock.now()),
        ...managersOfUnstored({
          kind: tokenRequest as unknown as Kind,
          body: { ...body, spec: { ...spec, expirationSeconds: seconds } },
          manager: request.fieldManager,
          subresource: 'token',
          now: printTime(stores.clock.now()),
        }),
      },
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
      status: { token, expirationTimestamp: printTime(new Date((nowSeconds + seconds) * 1000)) },
    }
  },
})

function checkSpec(seconds: number): FieldError[] {
  if (seconds < minSeconds) return [invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes')]
  if (seconds > maxSeconds) return [invalid('spec.expirationSeconds', seconds, 'may not specify a duration larger than 2^32 seconds')]
  return []
}

async function boundClaims(stores: TokenStores, request: RequestContext, { boundObjectRef: ref }: Spec) {
  if (!ref) return {}
  const { kind = '', name = '', apiVersion: group = '' } = ref
  if (!['Pod', 'Secret', 'Node'].includes(kind))
    throw badRequest(`cannot bind token to object of type ${group.includes('/') ? group : `/${group}`}, Kind=${kind}`)
  const object = await stores.bound(request, kind, name)
  if (ref.uid && ref.uid !== object.metadata.uid) throw notFound({ group: '', names: { plural: `${kind.toLowerCase()}s` } }, name)
  return { [kind.toLowerCase()]: { name, uid: object.metadata.uid } }
}
