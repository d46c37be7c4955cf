// Who may do what, put together: the authorizers of the configuration over the roles in storage.
import { follow } from '../registry/follow.ts'
import type { Hook } from '../registry/hooks.ts'
import type { Storage } from '../storage/storage.ts'
import type { Authorizer } from './attributes.ts'
import { AuthorizerChain, alwaysAllow, alwaysDeny } from './authorize.ts'
import { RbacAuthorizer } from './rbac/authorizer.ts'
import { escalationHooks } from './rbac/escalation.ts'
import { RbacIndex } from './rbac/index.ts'

export interface Access {
  authorizer: Authorizer
  hooks: readonly Hook[]
  /** Reads the roles; until then nobody but system:masters may do anything. */
  start(): Promise<void>
  close(): void
}

/** `modes` as --authorization-mode takes them. */
export function createAccess(storage: Storage, modes: string): Access {
  const index = new RbacIndex()
  const ended = new AbortController()
  const rbac = new RbacAuthorizer(index)
  const byMode: Readonly<Record<string, Authorizer>> = { AlwaysAllow: alwaysAllow, AlwaysDeny: alwaysDeny, RBAC: rbac }
  const authorizer = new AuthorizerChain(modes.split(',').flatMap(mode => byMode[mode] ?? []))
  return {
    authorizer,
    hooks: escalationHooks({ index, rbac, authorizer }),
    start: () => follow(storage, RbacIndex.prefix, index, ended.signal),
    close: () => ended.abort(),
  }
}
