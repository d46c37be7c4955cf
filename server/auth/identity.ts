// Whom the server believes: its own authority and those of the flags, tokens known beforehand, and accounts.

import { secret } from '../../openapi/kinds/core/secret/index.ts'
import { storageLookup } from '../admission/lookup.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { boundObjects } from '../registry/boundobjects.ts'
import type { User } from '../registry/request.ts'
import type { Storage } from '../storage/storage.ts'
import { Authenticator } from './authenticate.ts'
import type { KeyPair } from './certificates.ts'
import { authoritiesOf, readAuthorities } from './clientcertificates.ts'
import { frontProxyOf, proxyClientOf, toldOf } from './frontproxy.ts'
import { frontProxyCertificate, frontProxyName, type Secrets } from './state.ts'
import { parseTokens, readTokenFile } from './statictokens.ts'
import type { TokenSigner } from './tokens.ts'
import { tokenWebhook } from './tokenwebhook.ts'

export interface Identity {
  authenticator: Authenticator
  /** PEM of everybody whose client certificates may count. */
  clientAuthorities: string
  /** For API servers beside this one: whose certificates and headers count. */
  trust: Readonly<Record<string, string>>
  /** Who this server is to them; undefined: nobody, for their ConfigMap names an authority that is not its own. */
  proxyClient(now: Date): KeyPair | undefined
}

export interface IdentityParts {
  secrets: Secrets
  signer: TokenSigner
  clock: Clock
  storage: Storage
}

/** Throws ConfigError. */
export function createIdentity(config: Config, { secrets, signer, clock, storage }: IdentityParts): Identity {
  const own = secrets.authority.certificate
  const lookup = storageLookup(storage)
  const frontProxy = frontProxyOf(config)
  const proxyClient = proxyClientOf(config)
  const webhook = tokenWebhook(config, clock)
  const clients = own + readAuthorities(config.clientCaFile)
  return {
    authenticator: new Authenticator({
      clients: authoritiesOf(clients),
      ...(frontProxy ? { frontProxy } : {}),
      tokens: staticTokens(config, secrets),
      signer,
      clock,
      isThere: boundObjects(storage),
      ...(webhook ? { webhook } : {}),
      ...(config.enableBootstrapTokenAuth ? { bootstrapSecret: name => lookup.get(secret, 'kube-system', name) } : {}),
    }),
    clientAuthorities: clients + (frontProxy?.bundle ?? ''),
    trust: { 'client-ca-file': clients, ...(frontProxy ? toldOf(config, frontProxy) : frontProxyOfOwn(secrets)) },
    proxyClient: now => proxyClient ?? (frontProxy ? undefined : frontProxyCertificate(secrets, now)),
  }
}

/** What clusters usually have: nobody is believed here, but this server is by those that read it. */
const frontProxyOfOwn = ({ frontProxyAuthority }: Secrets): Record<string, string> => ({
  'requestheader-allowed-names': JSON.stringify([frontProxyName]),
  'requestheader-client-ca-file': frontProxyAuthority.certificate,
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  'requestheader-group-headers': '["X-Remote-Group"]',
  'requestheader-username-headers': '["X-Remote-User"]',
})

/** Throws ConfigError. */
const staticTokens = ({ tokenAuthFile, tokens }: Config, { adminToken }: Secrets): Map<string, User> =>
  new Map([
    ...(tokenAuthFile ? readTokenFile(tokenAuthFile) : []),
    ...parseTokens(tokens, '--tokens'),
    [adminToken, { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }],
  ])
