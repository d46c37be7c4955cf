// A front proxy: who shows a certificate of its authority says in headers for whom it asks.
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { type Config, ConfigError } from '../config.ts'
import type { User } from '../registry/request.ts'
import type { KeyPair } from './certificates.ts'
import { type Authorities, authoritiesOf, commonNameOf, type Presented, readAuthorities, vouches } from './clientcertificates.ts'
import { withAuthenticated } from './groups.ts'

export interface FrontProxy {
  authorities: Authorities
  /** PEM. */
  bundle: string
  /** Common names; none allows all. */
  allowedNames: readonly string[]
  /** In lower case, as Node keeps them. */
  usernameHeaders: readonly string[]
  groupHeaders: readonly string[]
  uidHeaders: readonly string[]
  extraPrefixes: readonly string[]
}

type Headers = 'requestheaderUsernameHeaders' | 'requestheaderGroupHeaders' | 'requestheaderUidHeaders' | 'requestheaderExtraHeadersPrefix'
type Listed = Headers | 'requestheaderAllowedNames'

/** undefined: none is believed, for it has no authority. Throws ConfigError. */
export function frontProxyOf(config: Config): FrontProxy | undefined {
  const bundle = readAuthorities(config.requestheaderClientCaFile)
  const [usernameHeaders, groupHeaders, uidHeaders, extraPrefixes] = (
    [
      ['requestheader-username-headers', 'requestheaderUsernameHeaders'],
      ['requestheader-group-headers', 'requestheaderGroupHeaders'],
      ['requestheader-uid-headers', 'requestheaderUidHeaders'],
      ['requestheader-extra-headers-prefix', 'requestheaderExtraHeadersPrefix'],
    ] as const
  ).map(([flag, key]) => {
    const names = itemsOf(config, key)
    if (names.some(name => name.trim() === '')) throw new ConfigError(`empty value in ${JSON.stringify(flag)}`)
    return names.map(name => name.toLowerCase())
  }) as [string[], string[], string[], string[]]
  if (bundle === '') return undefined
  const allowedNames = itemsOf(config, 'requestheaderAllowedNames')
  return { authorities: authoritiesOf(bundle), bundle, allowedNames, usernameHeaders, groupHeaders, uidHeaders, extraPrefixes }
}

const itemsOf = (config: Config, key: Listed): string[] => (config[key] === '' ? [] : config[key].split(','))

export const isProxy = ({ authorities, allowedNames }: FrontProxy, presented: Presented): boolean =>
  vouches(authorities, presented) && (allowedNames.length === 0 || allowedNames.includes(commonNameOf(presented.certificate)))

export interface Asking {
  headers: IncomingHttpHeaders
  /** Each line by itself: Node joins them otherwise. */
  rawHeaders: readonly string[]
}

/** undefined: the headers name nobody. They are taken off the request. */
export function proxiedUser(proxy: FrontProxy, { headers, rawHeaders }: Asking): User | undefined {
  const lines: [name: string, value: string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push([(rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? ''])
  const values = (names: readonly string[]) =>
    names.flatMap(name => lines.flatMap(([header, value]) => (header === name && value !== '' ? [value] : [])))
  const [name] = values(proxy.usernameHeaders)
  if (name === undefined) return undefined
  const [uid] = values(proxy.uidHeaders)
  const groups = values(proxy.groupHeaders)
  const extra = extraOf(proxy, lines)
  for (const header of Object.keys(headers)) if (isOurs(proxy, header)) delete headers[header]
  return { name, ...(uid ? { uid } : {}), groups: withAuthenticated(name, groups), ...(Object.keys(extra).length > 0 ? { extra } : {}) }
}

function extraOf({ extraPrefixes }: FrontProxy, lines: readonly (readonly [string, string])[]): Record<string, string[]> {
  const extra: Record<string, string[]> = {}
  for (const prefix of extraPrefixes)
    for (const [header, value] of lines) {
      if (!header.startsWith(prefix)) continue
      const key = unescaped(header.slice(prefix.length))
      extra[key] = [...(extra[key] ?? []), value]
    }
  return extra
}

const isOurs = ({ usernameHeaders, groupHeaders, uidHeaders, extraPrefixes }: FrontProxy, header: string): boolean =>
  [usernameHeaders, groupHeaders, uidHeaders].some(names => names.includes(header)) ||
  extraPrefixes.some(prefix => header.startsWith(prefix))

/** Percent-encoded, as keys with slashes must be. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** How other API servers are told of it, as the flags say it. */
export const toldOf = (config: Config, { bundle }: FrontProxy): Record<string, string> => ({
  'requestheader-allowed-names': listText(config, 'requestheaderAllowedNames'),
  'requestheader-client-ca-file': bundle,
  'requestheader-extra-headers-prefix': listText(config, 'requestheaderExtraHeadersPrefix'),
  'requestheader-group-headers': listText(config, 'requestheaderGroupHeaders'),
  ...(config.requestheaderUidHeaders === '' ? {} : { 'requestheader-uid-headers': listText(config, 'requestheaderUidHeaders') }),
  'requestheader-username-headers': listText(config, 'requestheaderUsernameHeaders'),
})

const listText = (config: Config, key: Listed): string => JSON.stringify(itemsOf(config, key))

/** Who this server is to other API servers, when flags say so. Throws ConfigError. */
export function proxyClientOf({ proxyClientCertFile, proxyClientKeyFile }: Config): KeyPair | undefined {
  if (proxyClientCertFile === '' && proxyClientKeyFile === '') return undefined
  if (proxyClientCertFile === '' || proxyClientKeyFile === '')
    throw new ConfigError('--proxy-client-cert-file and --proxy-client-key-file belong together')
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8')
    } catch (error) {
      throw new ConfigError(`unable to load proxy client certificate: ${(error as Error).message}`)
    }
  }
  return { certificate: read(proxyClientCertFile), key: read(proxyClientKeyFile) }
}
