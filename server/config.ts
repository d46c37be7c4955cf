// Every option in one table: default, flag, environment variable. Flags win over the environment, the environment over defaults.

export type Pace = 'instant' | 'fast' | 'real'

export interface Config {
  /** HTTPS port; 0 takes a free one. */
  port: number
  host: string
  /** A name or address of the server that goes into its certificate and the kubeconfig. */
  advertiseHost: string
  /** gRPC port; 0 takes a free one, -1 serves none. */
  grpcPort: number
  /** DNS port, UDP and TCP; 0 takes a free one, -1 serves none. */
  dnsPort: number
  /** Simulated nodes at start. */
  nodes: number
  pace: Pace
  /** Where the CA, keys and the kubeconfig are kept between starts; '' keeps nothing. */
  stateDir: string
  /** Where the kubeconfig is written; '' means kubeconfig in stateDir. */
  kubeconfig: string
  /** Which controllers run: names, '*' for all, '-name' for all but one; '' for none (a bare API server). */
  controllers: string
  /** A CSI driver to provision with instead of the embedded one, as grpc-js takes addresses. */
  csiEndpoint: string
  /** Authorizers in the order they are asked: AlwaysAllow, AlwaysDeny, Node, RBAC. */
  authorizationMode: string
  /** A file of tokens that are known beforehand, as kube-apiserver reads it: token,user,uid,"group1,group2". */
  tokenAuthFile: string
  /** Such lines themselves, for a cluster in one's own process. */
  tokens: string
  /** Where the servers behind Services really listen: NAMESPACE/NAME[:PORT]=HOST:PORT, with commas between. */
  serviceEndpoints: string
  /** Seeds generated names; undefined differs each time. */
  seed: number | undefined
}

interface Option<K extends keyof Config> {
  flag: string
  value: Config[K]
  parse(text: string): Config[K]
  about: string
}

const integer =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < min || value > max)
      throw new ConfigError(`${JSON.stringify(text)} is not a whole number from ${min} to ${max}`)
    return value
  }
const text = (value: string): string => value
const paceOf = (value: string): Pace => {
  if (value === 'instant' || value === 'fast' || value === 'real') return value
  throw new ConfigError(`${JSON.stringify(value)} is not a pace: instant, fast or real`)
}

const authorizers = ['AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC']
const modesOf = (value: string): string => {
  const modes = value.split(',')
  for (const [index, mode] of modes.entries()) {
    if (!authorizers.includes(mode)) throw new ConfigError(`${JSON.stringify(mode)} is not a valid mode: ${authorizers.join(', ')}`)
    if (modes.indexOf(mode) < index) throw new ConfigError(`${JSON.stringify(mode)} is there twice`)
  }
  return value
}

export class ConfigError extends Error {}

/** Each flag with its value, in the order of the names. */
export const flagValues = (config: Config): [name: string, value: string][] =>
  Object.entries(options)
    .map(([key, { flag }]): [string, string] => [flag, String(config[key as keyof Config] ?? '')])
    .sort(([a], [b]) => (a < b ? -1 : 1))

export const options: { readonly [K in keyof Config]: Option<K> } = {
  port: { flag: 'port', value: 6443, parse: integer(0, 65535), about: 'HTTPS port, 0 for a free one' },
  host: { flag: 'host', value: '127.0.0.1', parse: text, about: 'address to listen on' },
  advertiseHost: {
    flag: 'advertise-host',
    value: '',
    parse: text,
    about: 'name or address that goes into the certificate and the kubeconfig',
  },
  grpcPort: { flag: 'grpc-port', value: 6444, parse: integer(-1, 65535), about: 'gRPC port, 0 for a free one, -1 for none' },
  dnsPort: { flag: 'dns-port', value: 10053, parse: integer(-1, 65535), about: 'DNS port (UDP and TCP), 0 for a free one, -1 for none' },
  nodes: { flag: 'nodes', value: 3, parse: integer(0, 5000), about: 'simulated nodes' },
  pace: { flag: 'pace', value: 'fast', parse: paceOf, about: 'how long containers take to start: instant, fast (0.4 s) or real' },
  stateDir: { flag: 'state-dir', value: '.kubemock', parse: text, about: 'where the CA, keys and the kubeconfig are kept' },
  kubeconfig: { flag: 'kubeconfig', value: '', parse: text, about: 'kubeconfig file to write' },
  controllers: { flag: 'controllers', value: '*', parse: text, about: "controllers to run: '*', '*,-NAME', or '' for none" },
  csiEndpoint: { flag: 'csi-endpoint', value: '', parse: text, about: 'a CSI driver to use instead of the embedded one' },
  authorizationMode: {
    flag: 'authorization-mode',
    value: 'RBAC',
    parse: modesOf,
    about: 'authorizers in order: AlwaysAllow, AlwaysDeny, Node, RBAC',
  },
  tokenAuthFile: { flag: 'token-auth-file', value: '', parse: text, about: 'file of static tokens: token,user,uid,"group1,group2"' },
  tokens: { flag: 'tokens', value: '', parse: text, about: 'such lines themselves' },
  serviceEndpoints: {
    flag: 'service-endpoints',
    value: '',
    parse: text,
    about: 'where webhooks and extension servers behind Services listen: NAMESPACE/NAME[:PORT]=HOST:PORT,...',
  },
  seed: { flag: 'seed', value: undefined, parse: integer(0, 2 ** 32 - 1), about: 'makes generated names repeatable' },
}

export const defaults = (): Config =>
  Object.fromEntries(Object.entries(options).map(([name, { value }]) => [name, value])) as unknown as Config

export const environmentName = (flag: string): string => `KUBEMOCK_${flag.toUpperCase().replace(/-/g, '_')}`

/** Flags as given (`--port 0`, `--port=0`) over the environment. Throws ConfigError for anything it does not know. */
export function parseConfig(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Config {
  const config = defaults()
  const given = flagsOf(args)
  for (const [name, option] of Object.entries(options)) {
    const value = given.get(option.flag) ?? environment[environmentName(option.flag)]
    if (value === undefined) continue
    try {
      Object.assign(config, { [name]: option.parse(value) })
    } catch (error) {
      throw error instanceof ConfigError ? new ConfigError(`--${option.flag}: ${error.message}`) : error
    }
    given.delete(option.flag)
  }
  for (const flag of given.keys()) if (!Object.values(options).some(o => o.flag === flag)) throw new ConfigError(`unknown flag --${flag}`)
  return config
}

function flagsOf(args: readonly string[]): Map<string, string> {
  const given = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[i] ?? '')
    if (!match) throw new ConfigError(`unexpected argument ${JSON.stringify(args[i])}`)
    const value = match[2] ?? args[++i]
    if (value === undefined) throw new ConfigError(`--${match[1]} needs a value`)
    given.set(match[1] ?? '', value)
  }
  return given
}
