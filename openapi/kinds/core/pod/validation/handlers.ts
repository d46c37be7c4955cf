// Probes and lifecycle hooks: exactly one handler each.
import { type FieldError, forbidden, invalid, required } from '../../../../errors.ts'
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from '../../../../schemas/container.ts'
import { patternError } from '../../../../values/names.ts'
import { nonNegative, oneOf, portNumber, portNumberOrName } from './fields.ts'

type Handler = LifecycleHandler & Pick<Probe, 'grpc'>

const headerPattern = '[-A-Za-z0-9]+'
const headerText = patternError("a valid HTTP header must consist of alphanumeric characters or '-'", headerPattern, 'X-Header-Name')

export interface ContainerProbes {
  livenessProbe?: Probe
  readinessProbe?: Probe
  startupProbe?: Probe
}

export const validateProbes = (
  { livenessProbe, readinessProbe, startupProbe }: ContainerProbes,
  graceSeconds: number,
  path: string,
): FieldError[] => [
  ...validateProbe(livenessProbe, graceSeconds, `${path}.livenessProbe`),
  ...onceSuccessful(livenessProbe, `${path}.livenessProbe`),
  ...validateProbe(readinessProbe, graceSeconds, `${path}.readinessProbe`),
  ...withoutGrace(readinessProbe, `${path}.readinessProbe`),
  ...validateProbe(startupProbe, graceSeconds, `${path}.startupProbe`),
  ...onceSuccessful(startupProbe, `${path}.startupProbe`),
]

function validateProbe(probe: Probe | undefined, graceSeconds: number, path: string): FieldError[] {
  if (!probe) return []
  const errors = validateHandler(probe, graceSeconds, path)
  for (const field of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const)
    errors.push(...nonNegative(`${path}.${field}`, probe[field]))
  const grace = probe.terminationGracePeriodSeconds
  if (grace !== undefined && grace <= 0) errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  return errors
}

const onceSuccessful = (probe: Probe | undefined, path: string): FieldError[] =>
  probe && probe.successThreshold !== 1 ? [invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1')] : []

const withoutGrace = (probe: Probe | undefined, path: string): FieldError[] =>
  probe?.terminationGracePeriodSeconds === undefined
    ? []
    : [invalid(`${path}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds, 'must not be set for readinessProbes')]

export function validateLifecycle(lifecycle: Lifecycle | undefined, graceSeconds: number, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (lifecycle?.postStart) errors.push(...validateHandler(lifecycle.postStart, graceSeconds, `${path}.postStart`))
  if (lifecycle?.preStop) errors.push(...validateHandler(lifecycle.preStop, graceSeconds, `${path}.preStop`))
  return errors
}

function validateHandler(handler: Handler, graceSeconds: number, path: string): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler
  const kinds: [string, (at: string) => FieldError[]][] = []
  if (exec) kinds.push(['exec', at => (exec.command?.length ? [] : [required(`${at}.command`)])])
  if (httpGet) kinds.push(['httpGet', at => validateHttpGet(httpGet, at)])
  if (tcpSocket) kinds.push(['tcpSocket', at => portNumberOrName(`${at}.port`, tcpSocket.port)])
  if (grpc) kinds.push(['grpc', at => portNumber(`${at}.port`, grpc.port ?? 0)])
  if (sleep) kinds.push(['sleep', at => validateSleep(sleep.seconds ?? 0, graceSeconds, at)])
  if (kinds.length === 0) return [required(path, 'must specify a handler type')]
  return kinds.flatMap(([field, check], index) =>
    index === 0 ? check(`${path}.${field}`) : [forbidden(`${path}.${field}`, 'may not specify more than 1 handler type')],
  )
}

function validateHttpGet({ path: target, port, scheme, httpHeaders }: HTTPGetAction, path: string): FieldError[] {
  const errors: FieldError[] = target ? [] : [required(`${path}.path`)]
  errors.push(...portNumberOrName(`${path}.port`, port), ...oneOf(`${path}.scheme`, scheme, ['HTTP', 'HTTPS']))
  for (const { name } of httpHeaders ?? [])
    if (!new RegExp(`^${headerPattern}$`).test(name)) errors.push(invalid(`${path}.httpHeaders`, name, headerText))
  return errors
}

const validateSleep = (seconds: number, graceSeconds: number, path: string): FieldError[] =>
  seconds < 0 || seconds > graceSeconds
    ? [invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`)]
    : []
