// What a kubeconfig says: where it leads, and with which credentials.
import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { dirname, resolve } from 'node:path'
import { parseYaml, YamlError } from '../codec/yaml.ts'
import type { ConfigError } from '../config.ts'
import { trusting } from '../trust.ts'

export interface Target {
  url: string
  options: RequestOptions
}

interface Kubeconfig {
  'current-context'?: string
  contexts?: { name: string; context?: { cluster?: string; user?: string } }[]
  clusters?: { name: string; cluster?: Fields }[]
  users?: { name: string; user?: Fields }[]
}
type Fields = Record<string, unknown>

/** How to say what is wrong with it. */
type Refuse = (why: string) => ConfigError

/** A server that is asked. Throws what `refuse` makes. */
export const targetOf = (file: string, refuse: Refuse): Target =>
  reading(file, refuse, (config, files) => {
    const { cluster: clusterName, user } = contextOf(config)
    const cluster = named(config.clusters, clusterName)?.cluster ?? {}
    const url = text(cluster, 'server')
    if (!url) throw refuse('invalid configuration: no server has been provided')
    const options = {
      ...trusting(files.bytes(cluster, 'certificate-authority')),
      ...(text(cluster, 'tls-server-name') ? { servername: text(cluster, 'tls-server-name') } : {}),
      ...(cluster['insecure-skip-tls-verify'] ? { rejectUnauthorized: false } : {}),
      ...credentials(named(config.users, user)?.user ?? {}, files, refuse),
    }
    return { url, options }
  })

/** Credentials for servers, HOST:PORT, by the names of the users: HOST, HOST:PORT, *.DOMAIN or *. Throws what `refuse` makes. */
export const credentialsOf = (file: string, refuse: Refuse): ((host: string) => RequestOptions) =>
  reading(file, refuse, (config, files) => {
    const users = new Map((config.users ?? []).map(({ name, user = {} }) => [name, credentials(user, files, refuse)]))
    const own = contextOf(config).user ?? ''
    return host => {
      const names = [host, ...(host.endsWith(':443') ? [host.slice(0, -':443'.length)] : [])].flatMap(withStars)
      const found = [...names, '*', own].find(name => users.has(name))
      return users.get(found ?? '') ?? {}
    }
  })

/** a.b.c, *.b.c, *.c */
const withStars = (host: string): string[] => {
  const steps = host.split('.')
  return [host, ...steps.slice(1).map((_, index) => `*.${steps.slice(index + 1).join('.')}`)]
}

interface Files {
  read(path: string | undefined): Buffer | undefined
  /** What `name-data` holds, or else the file of `name`. */
  bytes(fields: Fields, name: string): Buffer | undefined
}

function reading<T>(file: string, refuse: Refuse, use: (config: Kubeconfig, files: Files) => T): T {
  const files: Files = {
    read: path => (path ? readFileSync(resolve(dirname(file), path)) : undefined),
    bytes(fields, name) {
      const data = text(fields, `${name}-data`)
      return data ? Buffer.from(data, 'base64') : files.read(text(fields, name))
    },
  }
  try {
    return use((parseYaml(readFileSync(file, 'utf8')).value ?? {}) as Kubeconfig, files)
  } catch (error) {
    if (error instanceof YamlError || (error as NodeJS.ErrnoException).code) throw refuse((error as Error).message)
    throw error
  }
}

const named = <T extends { name: string }>(list: readonly T[] | undefined, name: string | undefined): T | undefined =>
  list?.find(item => item.name === name)
const contextOf = (config: Kubeconfig) => named(config.contexts, config['current-context'])?.context ?? {}
const text = (fields: Fields, name: string): string | undefined => (fields[name] ? String(fields[name]) : undefined)

function credentials(user: Fields, files: Files, refuse: Refuse): RequestOptions {
  for (const way of ['exec', 'auth-provider', 'as'])
    if (user[way])
      throw refuse(`${JSON.stringify(way)} of a user is not supported by kubemock: it may have a token, a password or a certificate`)
  const [name, password] = [text(user, 'username'), text(user, 'password')]
  const token = text(user, 'token') ?? files.read(text(user, 'tokenFile'))?.toString().trim()
  const basic = name ? `Basic ${Buffer.from(`${name}:${password ?? ''}`).toString('base64')}` : undefined
  const authorization = token ? `Bearer ${token}` : basic
  return {
    cert: files.bytes(user, 'client-certificate'),
    key: files.bytes(user, 'client-key'),
    headers: authorization ? { authorization } : {},
  }
}
