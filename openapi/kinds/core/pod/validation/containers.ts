// Regular, init and ephemeral containers: what they share, and what only some of them may have.
import { duplicate, type FieldError, fieldNotFound, forbidden, invalid, required } from '../../../../errors.ts'
import type { Container, ContainerPort, EphemeralContainer } from '../../../../schemas/container.ts'
import type { PodSpec } from '../../../../schemas/pod.ts'
import { validateEnv, validateEnvFrom } from './env.ts'
import { dnsLabel, oneOf, portNameProblems, portNumber, problems } from './fields.ts'
import { validateLifecycle, validateProbes } from './handlers.ts'
import { type Volumes, validateVolumeDevices, validateVolumeMounts } from './mounts.ts'
import { validateContainerResources, validateResizePolicy } from './resources.ts'
import { validateSecurityContext } from './security.ts'

/** What a container's rules need to know of its pod. */
export interface Surroundings {
  spec: PodSpec
  volumes: Volumes
  claims: ReadonlySet<string>
}

const restartPolicies = ['Always', 'Never', 'OnFailure']
const defaultGraceSeconds = 30
const graceOf = (spec: PodSpec): number => spec.terminationGracePeriodSeconds ?? defaultGraceSeconds

export function validateContainers(around: Surroundings, path: string): FieldError[] {
  const { containers = [] } = around.spec
  if (containers.length === 0) return [required(path)]
  const names = new Set<string>()
  const errors = containers.flatMap((container, index) => {
    const at = `${path}[${index}]`
    const grace = graceOf(around.spec)
    const found = validateCommon(container, around, at)
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    found.push(...validateLifecycle(container.lifecycle, grace, `${at}.lifecycle`), ...validateProbes(container, grace, at))
    return [...found, ...validateRestarts(container, at)]
  })
  return [...errors, ...hostPortConflicts(containers, path)]
}

export function validateInitContainers(around: Surroundings, path: string): FieldError[] {
  const { initContainers = [], containers = [] } = around.spec
  const names = new Set(containers.map(c => c.name))
  const errors = initContainers.flatMap((container, index) => {
    const at = `${path}[${index}]`
    const found = validateCommon(container, around, at)
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    const special = container.restartPolicy === 'Always' ? validateSidecar(container, around.spec, at) : forbidSidecarFields(container, at)
    return [...found, ...validateRestarts(container, at), ...special]
  })
  return [...errors, ...hostPortConflicts(initContainers, path)]
}

const validateSidecar = (container: Container, spec: PodSpec, path: string): FieldError[] => [
  ...validateLifecycle(container.lifecycle, graceOf(spec), `${path}.lifecycle`),
  ...validateProbes(container, graceOf(spec), path),
]

const forbidSidecarFields = (container: Container, path: string): FieldError[] =>
  (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .filter(field => container[field] !== undefined)
    .map(field => forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always'))

function validateRestarts({ restartPolicy, restartPolicyRules = [] }: Container, path: string): FieldError[] {
  const errors = oneOf(`${path}.restartPolicy`, restartPolicy, restartPolicies)
  const rulesPath = `${path}.restartPolicyRules`
  if (restartPolicyRules.length > 0 && restartPolicy === undefined)
    errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'))
  if (restartPolicyRules.length > 20)
    errors.push({ reason: 'FieldValueTooLong', field: rulesPath, message: 'Too long: may not be more than 20 bytes' })
  for (const [index, { action, exitCodes }] of restartPolicyRules.entries()) {
    const at = `${rulesPath}[${index}]`
    errors.push(...(action ? oneOf(`${at}.action`, action, ['Restart', 'RestartAllContainers']) : [required(`${at}.action`)]))
    if (!exitCodes) errors.push(required(`${at}.exitCodes`, 'must be specified'))
    else errors.push(...oneOf(`${at}.exitCodes.operator`, exitCodes.operator, ['In', 'NotIn']))
  }
  return errors
}

/** Fields an ephemeral container has no use for: it joins a pod that runs. */
const notEphemeral = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resizePolicy', 'restartPolicy'] as const

export function validateEphemeralContainers(around: Surroundings, path: string): FieldError[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = around.spec
  const names = new Set([...containers, ...initContainers].map(c => c.name))
  const targets = new Set(containers.map(c => c.name))
  return ephemeralContainers.flatMap((container, index) => {
    const at = `${path}[${index}]`
    const errors = validateCommon(container, around, at)
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    const { targetContainerName } = container
    if (targetContainerName && !targets.has(targetContainerName))
      errors.push(fieldNotFound(`${at}.targetContainerName`, targetContainerName))
    return [...errors, ...forbidEphemeralFields(container, at)]
  })
}

function forbidEphemeralFields(container: EphemeralContainer, path: string): FieldError[] {
  const errors = notEphemeral
    .filter(field => container[field] !== undefined)
    .map(field => forbidden(`${path}.${field}`, 'cannot be set for an Ephemeral Container'))
  if (Object.keys(container.resources ?? {}).length > 0)
    errors.push(forbidden(`${path}.resources`, 'cannot be set for an Ephemeral Container'))
  for (const [index, mount] of (container.volumeMounts ?? []).entries())
    for (const field of ['subPath', 'subPathExpr'] as const)
      if (mount[field]) errors.push(forbidden(`${path}.volumeMounts[${index}].${field}`, 'cannot be set for an Ephemeral Container'))
  return errors
}

function validateCommon(container: Container | EphemeralContainer, { spec, volumes, claims }: Surroundings, path: string): FieldError[] {
  const { name, image, terminationMessagePolicy, imagePullPolicy, securityContext } = container
  const errors = name ? dnsLabel(`${path}.name`, name) : [required(`${path}.name`)]
  errors.push(...validateImage(image, `${path}.image`))
  errors.push(
    ...(terminationMessagePolicy
      ? oneOf(`${path}.terminationMessagePolicy`, terminationMessagePolicy, ['File', 'FallbackToLogsOnError'])
      : [required(`${path}.terminationMessagePolicy`)]),
  )
  return [
    ...errors,
    ...validatePorts(container.ports ?? [], `${path}.ports`),
    ...validateEnv(container.env ?? [], `${path}.env`),
    ...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateVolumeMounts(container, volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(container.volumeDevices ?? [], container.volumeMounts ?? [], volumes, `${path}.volumeDevices`),
    ...(imagePullPolicy
      ? oneOf(`${path}.imagePullPolicy`, imagePullPolicy, ['Always', 'IfNotPresent', 'Never'])
      : [required(`${path}.imagePullPolicy`)]),
    ...validateContainerResources(container.resources, claims, `${path}.resources`),
    ...validateResizePolicy(container.resizePolicy ?? [], spec.restartPolicy ?? '', `${path}.resizePolicy`),
    ...validateSecurityContext(securityContext, spec.hostUsers !== false, `${path}.securityContext`),
  ]
}

export function validateImage(image: string | undefined, path: string): FieldError[] {
  if (!image) return [required(path)]
  return image === image.trim() ? [] : [invalid(path, image, 'must not have leading or trailing whitespace')]
}

function validatePorts(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>()
  return ports.flatMap(({ name, containerPort, hostPort, protocol }, index) => {
    const at = `${path}[${index}]`
    const errors: FieldError[] = []
    if (name) {
      const wrong = problems(`${at}.name`, name, portNameProblems)
      if (wrong.length > 0) errors.push(...wrong)
      else if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      else names.add(name)
    }
    errors.push(...(containerPort ? portNumber(`${at}.containerPort`, containerPort) : [required(`${at}.containerPort`)]))
    if (hostPort) errors.push(...portNumber(`${at}.hostPort`, hostPort))
    return [...errors, ...(protocol ? oneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']) : [required(`${at}.protocol`)])]
  })
}

function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>()
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }, port) => {
      if (!hostPort) return []
      const key = `${protocol}/${hostIP ?? ''}/${hostPort}`
      if (seen.has(key)) return [duplicate(`${path}[${index}].ports[${port}].hostPort`, key)]
      seen.add(key)
      return []
    }),
  )
}
