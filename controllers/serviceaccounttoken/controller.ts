// tokens-controller: a Secret of type service-account-token is filled with a token of its account, and goes with the account.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Secret, secret as secretKind } from '../../openapi/kinds/core/secret/index.ts'
import { serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { keyOf } from '../runtime/owners.ts'

const tokenType = 'kubernetes.io/service-account-token'
const nameAnnotation = 'kubernetes.io/service-account.name'
const uidAnnotation = 'kubernetes.io/service-account.uid'
/** As long as a token can live: these have no end upstream. */
const expirationSeconds = 2 ** 32

/** `certificate`: PEM of the CA, which lies beside the token. */
export const serviceAccountTokenController = (certificate: string): Controller => ({
  name: 'tokens-controller',
  watches: [
    { kind: secretKind as unknown as Kind, keys: object => ((object as Secret).type === tokenType ? [keyOf(object)] : []) },
    { kind: serviceAccount as unknown as Kind, keys: secretsOf },
  ],
  async reconcile(key, context) {
    const { informer, client } = context
    const found = informer(secretKind).get(key)
    const name = found?.metadata.annotations?.[nameAnnotation]
    if (found?.type !== tokenType || found.metadata.deletionTimestamp || !name) return
    const account = informer(serviceAccount).get({ namespace: key.namespace, name })
    const uid = found.metadata.annotations?.[uidAnnotation]
    if (!account || (uid !== undefined && uid !== account.metadata.uid)) {
      await client.delete(secretKind, key, { preconditions: { uid: found.metadata.uid } })
      return
    }
    const data = {
      'ca.crt': base64(certificate),
      namespace: base64(key.namespace ?? ''),
      token: found.data?.token ?? base64(await tokenFor(found, name, context)),
    }
    if (uid !== undefined && Object.entries(data).every(([field, value]) => found.data?.[field] === value)) return
    await client.update(secretKind, {
      ...found,
      metadata: { ...found.metadata, annotations: { ...found.metadata.annotations, [uidAnnotation]: account.metadata.uid } },
      data: { ...found.data, ...data },
    })
  },
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const secretsOf = ({ metadata }: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(secretKind)
    .list(metadata.namespace ?? '')
    .filter(found => found.type === tokenType && found.metadata.annotations?.[nameAnnotation] === metadata.name)
    .map(keyOf)

async function tokenFor({ metadata }: Secret, name: string, { client }: Context): Promise<string> {
  const boundObjectRef = { kind: 'Secret', apiVersion: 'v1', name: metadata.name, uid: metadata.uid }
  const key = { namespace: metadata.namespace, name }
  const answer = await client.createSubresource(serviceAccount, key, 'token', { spec: { expirationSeconds, boundObjectRef } })
  return (answer as { status: { token: string } }).status.token
}
