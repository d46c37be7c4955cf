// Who may do what, put together: the authorizers of the configuration over the roles in storage.
import type { Clock } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import { follow } from '../registry/follow.ts'
import type { Hook } from '../registry/hooks.ts'
import type { Storage } from '../storage/storage.ts'
import type { Authorizer, Mode } from './attributes.ts'
import { AuthorizerChain, alwaysAllow, alwaysDeny } from './authorize.ts'
import { NodeAuthorizer } from './node/authorizer.ts'
import { NodeIndex } from './node/index.ts'
import { RbacAuthorizer } from './rbac/authorizer.ts'
import { nodeRules } from './rbac/defaults/index.ts'
import { escalationHooks } from './rbac/escalation.ts'
import { RbacIndex } from './rbac/index.ts'
import { webhookAuthorizer } from './webhook.ts'

export interface Access {
  authorizer: Authorizer
  hooks: readonly Hook[]
  /** Reads the roles; until then nobody but system:masters may do anything. */
  start(): Promise<void>
  close(): void
}

/** Throws ConfigError. */
export function createAccess(storage: Storage, config: Config, clock: Clock): Access {
  const index = new RbacIndex()
  const ended = new AbortController()
  const rbac = new RbacAuthorizer(index)
  const nodes = new NodeIndex()
  const asked = config.authorizationMode.split(',')
  if (config.authorizationWebhookConfigFile !== '' && !asked.includes('Webhook'))
    throw new ConfigError('cannot specify --authorization-webhook-config-file without mode Webhook')
  const byMode: Readonly<Record<string, () => Mode>> = {
    AlwaysAllow: () => alwaysAllow,
    AlwaysDeny: () => alwaysDeny,
    Node: () => new NodeAuthorizer(nodes, nodeRules()),
    RBAC: () => rbac,
    Webhook: () => webhookAuthorizer(config, clock),
  }
  const authorizer = new AuthorizerChain(asked.flatMap(mode => byMode[mode]?.() ?? []))
  return {
    authorizer,
    hooks: escalationHooks({ index, rbac, authorizer }),
    async start() {
      const followed = [[RbacIndex.prefix, index] as const, ...(asked.includes('Node') ? nodes.followers() : [])]
      await Promise.all(followed.map(([prefix, follower]) => follow(storage, prefix, follower, ended.signal)))
    },
    close: () => ended.abort(),
  }
}
