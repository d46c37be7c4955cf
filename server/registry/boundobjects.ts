// What tokens are bound to, looked up as it is stored.
import type { Kind } from '../../openapi/kind.ts'
import { node } from '../../openapi/kinds/core/node/index.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { secret } from '../../openapi/kinds/core/secret/index.ts'
import { serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import type { BoundObject } from '../auth/authenticate.ts'
import type { Storage } from '../storage/storage.ts'
import { keyOf } from './keys.ts'

const kinds: Readonly<Record<BoundObject['kind'], Kind>> = {
  ServiceAccount: serviceAccount as never,
  Pod: pod as never,
  Secret: secret as never,
  Node: node as never,
}

export const boundObjects =
  (storage: Storage) =>
  async ({ kind, namespace, name, uid }: BoundObject): Promise<boolean> => {
    const { entry } = await storage.get(keyOf(kinds[kind], namespace, name))
    return entry !== undefined && (uid === undefined || entry.value.metadata.uid === uid)
  }
