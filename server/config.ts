// Every option in one table: default, flag, environment variable. Flags win over the environment, the environment over defaults.

import { type AuditConfig, auditOptions } from './audit/options.ts'
import { ConfigError, duration, integer, type Option, oneOf, text, yesOrNo } from './option.ts'

export { ConfigError } from './option.ts'

export type Pace = 'instant' | 'fast' | 'real'

export interface Config extends AuditConfig {
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
  /** Authorizers in the order they are asked: AlwaysAllow, AlwaysDeny, Node, RBAC, Webhook. */
  authorizationMode: string
  /** A kubeconfig of the server that Webhook asks, the version of its SubjectAccessReviews, and for how long a yes, and all else, holds. */
  authorizationWebhookConfigFile: string
  authorizationWebhookVersion: string
  authorizationWebhookCacheAuthorizedTtl: string
  authorizationWebhookCacheUnauthorizedTtl: string
  /** How many reads, and how many writes, are served at once; priority levels share the sum. */
  maxRequestsInflight: number
  maxMutatingRequestsInflight: number
  /** Admission plugins to ask besides those that are asked anyway, and those of them not to ask: upstream's names, separated by commas. */
  enableAdmissionPlugins: string
  disableAdmissionPlugins: string
  /** How they are configured: a file of an apiserver.config.k8s.io/v1 AdmissionConfiguration. */
  admissionControlConfigFile: string
  /** A PEM bundle of authorities whose client certificates name users too, beside the cluster's own. */
  clientCaFile: string
  /** A PEM bundle of authorities: whoever shows a certificate of theirs is a front proxy, and says in headers for whom it asks. */
  requestheaderClientCaFile: string
  /** Common names of front proxies, separated by commas; none allows all. */
  requestheaderAllowedNames: string
  /** Names of the headers in which a front proxy tells user, groups and uid, and beginnings of those of extra attributes. */
  requestheaderUsernameHeaders: string
  requestheaderGroupHeaders: string
  requestheaderUidHeaders: string
  requestheaderExtraHeadersPrefix: string
  /** PEM files of the certificate, and its key, that this server shows to extension API servers; '' for its own, or none beside --requestheader-client-ca-file. */
  proxyClientCertFile: string
  proxyClientKeyFile: string
  /** A file of tokens that are known beforehand, as kube-apiserver reads it: token,user,uid,"group1,group2". */
  tokenAuthFile: string
  /** Such lines themselves, for a cluster in one's own process. */
  tokens: string
  /** A kubeconfig of the server that is asked whose other tokens are, for how long its answers hold, and the version of its TokenReviews. */
  authenticationTokenWebhookConfigFile: string
  authenticationTokenWebhookCacheTtl: string
  authenticationTokenWebhookVersion: string
  /** Secrets of type bootstrap.kubernetes.io/token in kube-system are tokens. */
  enableBootstrapTokenAuth: boolean
  /** Where the servers behind Services really listen: NAMESPACE/NAME[:PORT]=HOST:PORT, with commas between. */
  serviceEndpoints: string
  /** Seeds generated names; undefined differs each time. */
  seed: number | undefined
}

const paceOf = (value: string): Pace => {
  if (value === 'instant' || value === 'fast' || value === 'real') return value
  throw new ConfigError(`${JSON.stringify(value)} is not a pace: instant, fast or real`)
}

const authorizers = ['AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC', 'Webhook']
const modesOf = (value: string): string => {
  const modes = value.split(',')
  for (const [index, mode] of modes.entries()) {
    if (!authorizers.includes(mode)) throw new ConfigError(`${JSON.stringify(mode)} is not a valid mode: ${authorizers.join(', ')}`)
    if (modes.indexOf(mode) < index) throw new ConfigError(`${JSON.stringify(mode)} is there twice`)
  }
  return value
}

/** Each flag with its value, in the order of the names. */
export const flagValues = (config: Config): [name: string, value: string][] =>
  Object.entries(options)
    .map(([key, { flag }]): [string, string] => [flag, String(config[key as keyof Config] ?? '')])
    .sort(([a], [b]) => (a < b ? -1 : 1))

export const options: { readonly [K in keyof Config]: Option<Config[K]> } = {
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
    about: 'authorizers in order: AlwaysAllow, AlwaysDeny, Node, RBAC, Webhook',
  },
  authorizationWebhookConfigFile: {
    flag: 'authorization-webhook-config-file',
    value: '',
    parse: text,
    about: 'kubeconfig of the server that Webhook asks',
  },
  authorizationWebhookVersion: {
    flag: 'authorization-webhook-version',
    value: 'v1beta1',
    parse: oneOf('v1beta1', 'v1'),
    about: 'version of its SubjectAccessReviews',
  },
  authorizationWebhookCacheAuthorizedTtl: {
    flag: 'authorization-webhook-cache-authorized-ttl',
    value: '5m0s',
    parse: duration,
    about: 'for how long a yes of it holds',
  },
  authorizationWebhookCacheUnauthorizedTtl: {
    flag: 'authorization-webhook-cache-unauthorized-ttl',
    value: '30s',
    parse: duration,
    about: 'for how long all else that it says holds',
  },
  maxRequestsInflight: {
    flag: 'max-requests-inflight',
    value: 400,
    parse: integer(1, 1_000_000),
    about: 'reads served at once; with the writes, what priority levels share',
  },
  maxMutatingRequestsInflight: {
    flag: 'max-mutating-requests-inflight',
    value: 200,
    parse: integer(1, 1_000_000),
    about: 'writes served at once',
  },
  enableAdmissionPlugins: {
    flag: 'enable-admission-plugins',
    value: '',
    parse: text,
    about: 'admission plugins to ask besides the usual ones',
  },
  disableAdmissionPlugins: { flag: 'disable-admission-plugins', value: '', parse: text, about: 'admission plugins not to ask' },
  admissionControlConfigFile: {
    flag: 'admission-control-config-file',
    value: '',
    parse: text,
    about: 'how admission plugins are configured',
  },
  ...auditOptions,
  clientCaFile: { flag: 'client-ca-file', value: '', parse: text, about: 'PEM bundle of authorities whose client certificates count too' },
  requestheaderClientCaFile: {
    flag: 'requestheader-client-ca-file',
    value: '',
    parse: text,
    about: 'PEM bundle of authorities whose clients say in headers for whom they ask',
  },
  requestheaderAllowedNames: {
    flag: 'requestheader-allowed-names',
    value: '',
    parse: text,
    about: 'common names of those clients; none allows all',
  },
  requestheaderUsernameHeaders: {
    flag: 'requestheader-username-headers',
    value: '',
    parse: text,
    about: 'headers that name the user, such as X-Remote-User',
  },
  requestheaderGroupHeaders: {
    flag: 'requestheader-group-headers',
    value: '',
    parse: text,
    about: 'headers that name its groups, such as X-Remote-Group',
  },
  requestheaderUidHeaders: {
    flag: 'requestheader-uid-headers',
    value: '',
    parse: text,
    about: 'headers that name its uid, such as X-Remote-Uid',
  },
  requestheaderExtraHeadersPrefix: {
    flag: 'requestheader-extra-headers-prefix',
    value: '',
    parse: text,
    about: 'what headers of extra attributes begin with, such as X-Remote-Extra-',
  },
  proxyClientCertFile: {
    flag: 'proxy-client-cert-file',
    value: '',
    parse: text,
    about: 'certificate that is shown to extension API servers',
  },
  proxyClientKeyFile: { flag: 'proxy-client-key-file', value: '', parse: text, about: 'the key of that certificate' },
  tokenAuthFile: { flag: 'token-auth-file', value: '', parse: text, about: 'file of static tokens: token,user,uid,"group1,group2"' },
  tokens: { flag: 'tokens', value: '', parse: text, about: 'such lines themselves' },
  authenticationTokenWebhookConfigFile: {
    flag: 'authentication-token-webhook-config-file',
    value: '',
    parse: text,
    about: 'kubeconfig of a server that knows tokens',
  },
  authenticationTokenWebhookCacheTtl: {
    flag: 'authentication-token-webhook-cache-ttl',
    value: '2m0s',
    parse: duration,
    about: 'for how long its answers hold',
  },
  authenticationTokenWebhookVersion: {
    flag: 'authentication-token-webhook-version',
    value: 'v1beta1',
    parse: oneOf('v1beta1', 'v1'),
    about: 'version of its TokenReviews',
  },
  enableBootstrapTokenAuth: {
    flag: 'enable-bootstrap-token-auth',
    value: false,
    parse: yesOrNo,
    about: 'tokens kept in Secrets of type bootstrap.kubernetes.io/token count',
  },
  serviceEndpoints: {
    flag: 'service-endpoints',
    value: '',
    parse: text,
    about: 'where servers behind Services listen: NAMESPACE/NAME[:PORT]=HOST:PORT,...',
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

/** A flag that needs no value. */
const isSwitch = (flag: string): boolean => Object.values(options).some(option => option.flag === flag && typeof option.value === 'boolean')

function flagsOf(args: readonly string[]): Map<string, string> {
  const given = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[i] ?? '')
    if (!match) throw new ConfigError(`unexpected argument ${JSON.stringify(args[i])}`)
    const value = match[2] ?? (isSwitch(match[1] ?? '') ? 'true' : args[++i])
    if (value === undefined) throw new ConfigError(`--${match[1]} needs a value`)
    given.set(match[1] ?? '', value)
  }
  return given
}
