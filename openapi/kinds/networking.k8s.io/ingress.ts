// Ingress.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ipErrors } from '../../rules/addresses.ts'
import { Ingress as schema } from '../../schemas/networking.ts'
import { isIp } from '../../values/ip.ts'
import { isDns1123Subdomain, isPathSegmentName, isWildcardDns1123Subdomain } from '../../values/names.ts'
import { dnsLabel, dnsSubdomain, portNameProblems, portNumber, problems } from '../core/pod/validation/fields.ts'

export interface Ingress extends ObjectOf<typeof schema> {}
export type IngressInput = InputOf<typeof schema>

type Spec = Ingress['spec']
type Rule = NonNullable<Spec['rules']>[number]
type Path = NonNullable<Rule['http']>['paths'][number]
type Backend = Path['backend']

export const classAnnotation = 'kubernetes.io/ingress.class'

/** The first three; rules without a host count among the rest. */
function hosts(rules: readonly Rule[]): string {
  const max = 3
  const shown: string[] = []
  let more = false
  for (const { host } of rules) {
    if (shown.length === max) more = true
    else if (host) shown.push(host)
  }
  if (shown.length === 0) return '*'
  return more ? `${shown.join(',')} + ${rules.length - max} more...` : shown.join(',')
}

const addresses = ({ status }: Ingress): string =>
  [...new Set((status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []))].sort().join(',')

const columns = [
  nameColumn,
  text<Ingress>('Class', 'Its IngressClass.', i => i.spec.ingressClassName ?? '<none>'),
  text<Ingress>('Hosts', 'Hosts it has rules for.', i => hosts(i.spec.rules ?? [])),
  text<Ingress>('Address', 'Where its load balancer takes requests.', addresses),
  text<Ingress>('Ports', 'Ports of the load balancer: the one of TLS comes with it.', i => (i.spec.tls?.length ? '80, 443' : '80')),
  ageColumn,
]

function validateSpec({ rules, defaultBackend, tls = [], ingressClassName }: Spec): FieldError[] {
  const errors: FieldError[] = []
  if (!rules?.length && !defaultBackend) errors.push(invalid('spec', rules ?? null, 'either `defaultBackend` or `rules` must be specified'))
  if (defaultBackend) errors.push(...backendErrors(defaultBackend, 'spec.defaultBackend'))
  errors.push(...(rules ?? []).flatMap((rule, index) => ruleErrors(rule, `spec.rules[${index}]`)))
  for (const [index, { hosts: names = [], secretName }] of tls.entries()) {
    const path = `spec.tls[${index}]`
    errors.push(...names.flatMap((host, i) => hostErrors(host, `${path}.hosts[${i}]`)))
    if (secretName) errors.push(...dnsSubdomain(`${path}.secretName`, secretName))
  }
  if (ingressClassName !== undefined) errors.push(...dnsSubdomain('spec.ingressClassName', ingressClassName))
  return errors
}

const hostErrors = (host: string, path: string): FieldError[] =>
  problems(path, host, host.includes('*') ? isWildcardDns1123Subdomain : isDns1123Subdomain)

function ruleErrors({ host, http }: Rule, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (host && isIp(host)) errors.push(invalid(`${path}.host`, host, 'must be a DNS name, not an IP address'))
  if (host) errors.push(...hostErrors(host, `${path}.host`))
  if (!http) return errors
  const paths = http.paths ?? []
  if (paths.length === 0) errors.push(required(`${path}.http.paths`))
  return [...errors, ...paths.flatMap((one, index) => pathErrors(one, `${path}.http.paths[${index}]`))]
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const badSequences = ['//', '/./', '/../', '%2f', '%2F']
const badEnds = ['/..', '/.']

function pathErrors({ path = '', pathType, backend }: Path, at: string): FieldError[] {
  if (pathType === undefined) return [required(`${at}.pathType`, 'pathType must be specified')]
  const errors: FieldError[] = []
  const wrong = (why: string) => errors.push(invalid(`${at}.path`, path, why))
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${at}.pathType`, pathType, pathTypes))
  else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) wrong('must be an absolute path')
  } else {
    if (!path.startsWith('/')) wrong('must be an absolute path')
    for (const sequence of badSequences) if (path.includes(sequence)) wrong(`must not contain '${sequence}'`)
    for (const end of badEnds) if (path.endsWith(end)) wrong(`cannot end with '${end}'`)
  }
  return [...errors, ...backendErrors(backend, `${at}.backend`)]
}

function backendErrors({ resource, service }: Backend, path: string): FieldError[] {
  if (resource && service) return [invalid(path, '', 'cannot set both resource and service backends')]
  if (resource) return referenceErrors(resource, `${path}.resource`)
  if (!service) return [invalid(path, '', 'resource or service backend is required')]
  const { name, port } = service
  const errors = name ? dnsLabel(`${path}.service.name`, name) : [required(`${path}.service.name`)]
  if (port.name && port.number) return [...errors, invalid(path, '', 'cannot set both port name & port number')]
  if (port.name) return [...errors, ...problems(`${path}.service.port.name`, port.name, portNameProblems)]
  if (port.number) return [...errors, ...portNumber(`${path}.service.port.number`, port.number)]
  return [...errors, required(path, 'port name or number is required')]
}

interface Reference {
  apiGroup?: string
  kind?: string
  name?: string
}

/** For the parameters of a class too. */
export function referenceErrors({ apiGroup, kind, name }: Reference, path: string): FieldError[] {
  const segment = (at: string, value: string | undefined) => (value ? problems(at, value, isPathSegmentName) : [required(at)])
  const group = apiGroup === undefined ? [] : dnsSubdomain(`${path}.apiGroup`, apiGroup)
  return [...group, ...segment(`${path}.kind`, kind), ...segment(`${path}.name`, name)]
}

function validate({ metadata, spec }: Ingress): FieldError[] {
  const named = metadata.annotations?.[classAnnotation]
  const differs = named !== undefined && spec.ingressClassName !== undefined && named !== spec.ingressClassName
  return [
    ...validateSpec(spec),
    ...(differs ? [invalid(`annotations.${classAnnotation}`, named, 'must match `ingressClassName` when both are specified')] : []),
  ]
}

const validateStatusUpdate = ({ status }: Ingress): FieldError[] =>
  (status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }, index) => {
    const path = `status.loadBalancer.ingress[${index}]`
    const errors = ip ? ipErrors(`${path}.ip`, ip) : []
    if (hostname) errors.push(...dnsSubdomain(`${path}.hostname`, hostname))
    if (hostname && isIp(hostname)) errors.push(invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address'))
    return errors
  })

export const ingress = defineKind<Ingress, IngressInput>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  scope: 'Namespaced',
  names: { plural: 'ingresses', singular: 'ingress', shortNames: ['ing'] },
  schema,
  subresources: { status: true },
  columns: [...columns],
  hasGeneration: true,
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
  },
  createOnUpdate: true,
  validate,
  validateUpdate: ({ spec }) => validateSpec(spec),
  validateStatusUpdate,
  warnings: ({ metadata, spec }, old) =>
    !old && metadata.annotations?.[classAnnotation] !== undefined && spec.ingressClassName === undefined
      ? [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  example: { metadata: { name: 'example' }, spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } },
})
