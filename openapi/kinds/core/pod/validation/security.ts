// Security contexts of pods and containers, and what an operating system excludes.
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../../../errors.ts'
import type {
  AppArmorProfile,
  Container,
  SeccompProfile,
  SecurityContext,
  WindowsSecurityContextOptions,
} from '../../../../schemas/container.ts'
import type { PodSecurityContext, PodSpec } from '../../../../schemas/pod.ts'
import { descendingPath, dnsSubdomain, oneOf, userId } from './fields.ts'
import { asGo } from './goform.ts'

export function validateSecurityContext(context: SecurityContext | undefined, hostUsers: boolean, path: string): FieldError[] {
  if (!context) return []
  const errors = [...userId(`${path}.runAsUser`, context.runAsUser), ...userId(`${path}.runAsGroup`, context.runAsGroup)]
  errors.push(...oneOf(`${path}.procMount`, context.procMount, ['Default', 'Unmasked']))
  if (context.procMount === 'Unmasked' && hostUsers)
    errors.push(invalid(`${path}.procMount`, context.procMount, '`hostUsers` must be false to use `Unmasked`'))
  errors.push(...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`), ...validateEscalation(context, path))
  errors.push(...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`))
  return [...errors, ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`)]
}

function validateEscalation(context: SecurityContext, path: string): FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return []
  const conflict = (what: string) =>
    invalid(path, asGo('SecurityContext', context), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`)
  const errors = context.privileged ? [conflict('`privileged` to true')] : []
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) errors.push(conflict('`capabilities.Add` CAP_SYS_ADMIN'))
  return errors
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return []
  const { type, localhostProfile } = profile
  const at = `${path}.localhostProfile`
  if (!type) return [required(`${path}.type`, 'type is required when seccompProfile is set')]
  if (!profileTypes.includes(type)) return [notSupported(`${path}.type`, type, profileTypes)]
  if (type !== 'Localhost')
    return localhostProfile === undefined ? [] : [invalid(at, localhostProfile, 'can only be set when seccomp type is Localhost')]
  return localhostProfile ? descendingPath(at, localhostProfile) : [required(at, 'must be set when seccomp type is Localhost')]
}

function validateAppArmor(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (!profile) return []
  const { type, localhostProfile } = profile
  const at = `${path}.localhostProfile`
  if (!type) return [required(`${path}.type`, 'type is required when appArmorProfile is set')]
  if (!profileTypes.includes(type)) return [notSupported(`${path}.type`, type, profileTypes)]
  if (type !== 'Localhost')
    return localhostProfile === undefined ? [] : [invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost')]
  if (!localhostProfile) return [required(at, 'must be set when AppArmor type is Localhost')]
  if (localhostProfile !== localhostProfile.trim()) return [invalid(at, localhostProfile, 'must not be padded with whitespace')]
  return localhostProfile.length > 4095
    ? [{ reason: 'FieldValueTooLong', field: at, message: 'Too long: may not be more than 4095 bytes' }]
    : []
}

function validateWindowsOptions(options: WindowsSecurityContextOptions | undefined, path: string): FieldError[] {
  if (!options) return []
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options
  const errors = gmsaCredentialSpecName === undefined ? [] : dnsSubdomain(`${path}.gmsaCredentialSpecName`, gmsaCredentialSpecName)
  if (gmsaCredentialSpec === '') errors.push(invalid(`${path}.gmsaCredentialSpec`, '', 'gmsaCredentialSpec cannot be an empty string'))
  if (runAsUserName === '') errors.push(invalid(`${path}.runAsUserName`, '', 'runAsUserName cannot be an empty string'))
  return errors
}

export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const context: PodSecurityContext = spec.securityContext ?? {}
  const errors = [
    ...userId(`${path}.fsGroup`, context.fsGroup),
    ...userId(`${path}.runAsUser`, context.runAsUser),
    ...userId(`${path}.runAsGroup`, context.runAsGroup),
    ...(context.supplementalGroups ?? []).flatMap((group, index) => userId(`${path}.supplementalGroups[${index}]`, group)),
  ]
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'))
  return [
    ...errors,
    ...validateSysctls(spec, `${path}.sysctls`),
    ...oneOf(`${path}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`),
    ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`),
    ...oneOf(`${path}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict']),
    ...oneOf(`${path}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['MountOption', 'Recursive']),
  ]
}

const sysctlPattern = String.raw`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`

function validateSysctls(spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>()
  return (spec.securityContext?.sysctls ?? []).flatMap(({ name }, index) => {
    const at = `${path}[${index}].name`
    const errors: FieldError[] = []
    if (!name) errors.push(required(at))
    else if (name.length > 253 || !new RegExp(sysctlPattern).test(name))
      errors.push(invalid(at, name, `must have at most 253 characters and match regex ${sysctlPattern}`))
    else if (seen.has(name)) errors.push(duplicate(at, name))
    if (spec.hostNetwork && /^net[./]/.test(name)) errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"))
    if (spec.hostIPC && /^(kernel[./](sem|shm|msg)|fs[./]mqueue[./])/.test(name))
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"))
    seen.add(name)
    return errors
  })
}

const linuxOnlyPodFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
] as const
const linuxOnlyContainerFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const

export function validateOperatingSystem(spec: PodSpec, path: string): FieldError[] {
  const name = spec.os?.name
  if (spec.os === undefined) return []
  if (!name) return [required(`${path}.os.name`)]
  if (name === 'linux') return forbidWindowsFields(spec, path)
  return name === 'windows' ? forbidLinuxFields(spec, path) : [notSupported(`${path}.os`, name, ['linux', 'windows'])]
}

const contextsOf = (spec: PodSpec, path: string): [Container['securityContext'], string][] =>
  (['containers', 'initContainers'] as const).flatMap(list =>
    (spec[list] ?? []).map((c, index): [Container['securityContext'], string] => [
      c.securityContext,
      `${path}.${list}[${index}].securityContext`,
    ]),
  )

function forbidWindowsFields(spec: PodSpec, path: string): FieldError[] {
  const all: [{ windowsOptions?: unknown } | undefined, string][] = [
    [spec.securityContext, `${path}.securityContext`],
    ...contextsOf(spec, path),
  ]
  return all
    .filter(([context]) => context?.windowsOptions !== undefined)
    .map(([, at]) => forbidden(`${at}.windowsOptions`, 'windows options cannot be set for a linux pod'))
}

function forbidLinuxFields(spec: PodSpec, path: string): FieldError[] {
  const no = (at: string) => forbidden(at, 'cannot be set for a windows pod')
  const errors = linuxOnlyPodFields.filter(f => spec.securityContext?.[f] !== undefined).map(f => no(`${path}.securityContext.${f}`))
  for (const field of ['hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace'] as const)
    if (spec[field] !== undefined) errors.push(no(`${path}.${field === 'shareProcessNamespace' ? 'securityContext.' : ''}${field}`))
  for (const [context, at] of contextsOf(spec, path))
    errors.push(...linuxOnlyContainerFields.filter(f => context?.[f] !== undefined).map(f => no(`${at}.${f}`)))
  return errors
}
