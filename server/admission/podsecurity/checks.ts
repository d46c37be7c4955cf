// The Pod Security Standards: what the levels baseline and restricted forbid, in upstream's words. Pure.
import type { PodSpec } from '../../../openapi/schemas/pod.ts'

export type Level = 'privileged' | 'baseline' | 'restricted'
export interface Violation {
  reason: string
  detail: string
}

export interface Looked {
  annotations: Readonly<Record<string, string>>
  spec: PodSpec
}

type Container = PodSpec['containers'][number]
type Security = NonNullable<Container['securityContext']>

interface Check {
  level: Exclude<Level, 'privileged'>
  /** The minor version of v1 with which it came. */
  since?: number
  /** A restricted check that says all this one says. */
  replacedBy?: string
  run(pod: Looked): Violation | undefined
}

/** What a pod violates. `minor`: of v1; Infinity is the latest. */
export function violations(pod: Looked, level: Level, minor: number): Violation[] {
  if (level === 'privileged') return []
  return Object.values(checks).flatMap(({ level: from, since = 0, replacedBy, run }) => {
    if (minor < since || (from === 'restricted' && level === 'baseline')) return []
    if (level === 'restricted' && replacedBy && minor >= (checks[replacedBy]?.since ?? 0)) return []
    return run(pod) ?? []
  })
}

const allContainers = ({ spec }: Looked): Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...((spec.ephemeralContainers ?? []) as unknown as Container[]),
]
const securityOf = (container: Container): Security => (container.securityContext ?? {}) as Security
const named = (pod: Looked, bad: (security: Security, container: Container) => boolean): string[] =>
  allContainers(pod)
    .filter(container => bad(securityOf(container), container))
    .map(container => container.name)

const quoted = (texts: readonly string[]): string => texts.map(text => JSON.stringify(text)).join(', ')
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort()
const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`)
const containers = (names: readonly string[]): string => `${plural('container', names.length)} ${quoted(names)}`
/** 'pod and container "a"'. */
const setters = (byPod: boolean, names: readonly string[]): string =>
  [...(byPod ? ['pod'] : []), ...(names.length > 0 ? [containers(names)] : [])].join(' and ')

const defaultCapabilities =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' ')
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
])
const openVolumes = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'])
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'
const profiles = ['RuntimeDefault', 'Localhost']

/** In upstream's order: those of baseline, then those of restricted, each by id. */
const checks: Readonly<Record<string, Check>> = {
  appArmorProfile: { level: 'baseline', run: appArmor },
  capabilities: {
    level: 'baseline',
    replacedBy: 'capabilitiesRestricted',
    run: pod => {
      const { names, added } = addedCapabilities(pod, defaultCapabilities)
      if (names.length === 0) return undefined
      return { reason: 'non-default capabilities', detail: notIncluded(names, added) }
    },
  },
  hostNamespaces: {
    level: 'baseline',
    run: ({ spec }) => {
      const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(field => spec[field]).map(field => `${field}=true`)
      return set.length > 0 ? { reason: 'host namespaces', detail: set.join(', ') } : undefined
    },
  },
  hostPathVolumes: {
    level: 'baseline',
    replacedBy: 'restrictedVolumes',
    run: ({ spec }) => {
      const names = (spec.volumes ?? []).filter(volume => volume.hostPath).map(volume => volume.name)
      return names.length > 0 ? { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoted(names)}` } : undefined
    },
  },
  hostPorts: { level: 'baseline', run: hostPorts },
  hostProbes: { level: 'baseline', since: 34, run: probeHosts },
  privileged: {
    level: 'baseline',
    run: pod => mustNot('privileged', 'securityContext.privileged=true', { names: named(pod, s => s.privileged === true) }),
  },
  procMount: {
    level: 'baseline',
    run: pod => {
      const bad = (security: Security) => security.procMount !== undefined && security.procMount !== 'Default'
      const types = unique(
        allContainers(pod)
          .map(securityOf)
          .filter(bad)
          .map(s => String(s.procMount)),
      )
      return mustNot('procMount', `securityContext.procMount to ${quoted(types)}`, { names: named(pod, bad) })
    },
  },
  seLinuxOptions: { level: 'baseline', run: seLinux },
  seccompProfile: { level: 'baseline', since: 19, replacedBy: 'seccompProfileRestricted', run: seccomp },
  sysctls: {
    level: 'baseline',
    run: ({ spec }) => {
      const names = (spec.securityContext?.sysctls ?? []).map(sysctl => sysctl.name).filter(name => !safeSysctls.has(name))
      return names.length > 0 ? { reason: 'forbidden sysctls', detail: names.join(', ') } : undefined
    },
  },
  windowsHostProcess: {
    level: 'baseline',
    run: pod =>
      mustNot('hostProcess', 'securityContext.windowsOptions.hostProcess=true', {
        byPod: pod.spec.securityContext?.windowsOptions?.hostProcess === true,
        names: named(pod, s => s.windowsOptions?.hostProcess === true),
      }),
  },
  allowPrivilegeEscalation: {
    level: 'restricted',
    since: 8,
    run: onLinux(pod => {
      const names = named(pod, s => s.allowPrivilegeEscalation !== false)
      if (names.length === 0) return undefined
      return {
        reason: 'allowPrivilegeEscalation != false',
        detail: `${containers(names)} must set securityContext.allowPrivilegeEscalation=false`,
      }
    }),
  },
  capabilitiesRestricted: { level: 'restricted', since: 22, run: onLinux(restrictedCapabilities) },
  restrictedVolumes: { level: 'restricted', run: restrictedVolumes },
  runAsNonRoot: { level: 'restricted', run: runAsNonRoot },
  runAsUser: {
    level: 'restricted',
    since: 23,
    run: pod =>
      mustNot('runAsUser=0', 'runAsUser=0', {
        byPod: pod.spec.securityContext?.runAsUser === 0,
        names: named(pod, s => s.runAsUser === 0),
      }),
  },
  seccompProfileRestricted: { level: 'restricted', since: 19, run: onLinux(restrictedSeccomp) },
}

/** Windows has no such thing. */
function onLinux(run: Check['run']): Check['run'] {
  return pod => (pod.spec.os?.name === 'windows' ? undefined : run(pod))
}

function mustNot(
  reason: string,
  set: string,
  { byPod = false, names }: { byPod?: boolean; names: readonly string[] },
): Violation | undefined {
  return byPod || names.length > 0 ? { reason, detail: `${setters(byPod, names)} must not set ${set}` } : undefined
}

function addedCapabilities(pod: Looked, allowed: readonly string[]): { names: string[]; added: string[] } {
  const bad = (security: Security) => (security.capabilities?.add ?? []).filter(name => !allowed.includes(name))
  return { names: named(pod, s => bad(s).length > 0), added: unique(allContainers(pod).flatMap(c => bad(securityOf(c)))) }
}

const notIncluded = (names: readonly string[], added: readonly string[]): string =>
  `${containers(names)} must not include ${quoted(added)} in securityContext.capabilities.add`

function restrictedCapabilities(pod: Looked): Violation | undefined {
  const keeping = named(pod, s => !(s.capabilities?.drop ?? []).includes('ALL'))
  const { names, added } = addedCapabilities(pod, ['NET_BIND_SERVICE'])
  const details = [
    ...(keeping.length > 0 ? [`${containers(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(names.length > 0 ? [notIncluded(names, added)] : []),
  ]
  return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined
}

function appArmor(pod: Looked): Violation | undefined {
  const bad = (security: { appArmorProfile?: { type: string } } | undefined) =>
    security?.appArmorProfile !== undefined && !profiles.includes(security.appArmorProfile.type)
  const types = unique(
    [pod.spec.securityContext, ...allContainers(pod).map(securityOf)].filter(bad).map(s => String(s?.appArmorProfile?.type)),
  )
  const annotations = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !/^($|runtime\/default$|localhost\/)/.test(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
  const set = mustNot('', `AppArmor profile type to ${quoted(types)}`, { byPod: bad(pod.spec.securityContext), names: named(pod, bad) })
  const details = [...(set ? [set.detail] : []), ...annotations]
  if (details.length === 0) return undefined
  return { reason: plural('forbidden AppArmor profile', types.length + annotations.length), detail: details.join(', ') }
}

function hostPorts(pod: Looked): Violation | undefined {
  const ports = (container: Container) => (container.ports ?? []).flatMap(port => port.hostPort || [])
  const names = named(pod, (_security, container) => ports(container).length > 0)
  if (names.length === 0) return undefined
  const used = unique(allContainers(pod).flatMap(ports).map(String))
  const verb = names.length === 1 ? 'uses' : 'use'
  return { reason: 'hostPort', detail: `${containers(names)} ${verb} ${plural('hostPort', used.length)} ${used.join(', ')}` }
}

function probeHosts(pod: Looked): Violation | undefined {
  const hosts = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(handler =>
      [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap(host => host || []),
    )
  const names = unique(named(pod, (_security, container) => hosts(container).length > 0))
  if (names.length === 0) return undefined
  const used = unique(allContainers(pod).flatMap(hosts))
  const verb = names.length === 1 ? 'uses' : 'use'
  const what = plural('probe or lifecycle host', used.length)
  return { reason: 'probe or lifecycle host', detail: `${containers(names)} ${verb} ${what} ${quoted(used)}` }
}

function seLinux(pod: Looked): Violation | undefined {
  type Options = Security['seLinuxOptions']
  const bad = (options: Options) => !!options && (!seLinuxTypes.includes(options.type ?? '') || !!options.user || !!options.role)
  const byPod = bad(pod.spec.securityContext?.seLinuxOptions)
  const names = named(pod, s => bad(s.seLinuxOptions))
  if (!byPod && names.length === 0) return undefined
  const all = [pod.spec.securityContext?.seLinuxOptions, ...allContainers(pod).map(c => securityOf(c).seLinuxOptions)]
  const types = unique(all.map(options => options?.type ?? '').filter(type => !seLinuxTypes.includes(type)))
  const data = [
    ...(types.length > 0 ? [`${plural('type', types.length)} ${quoted(types)}`] : []),
    ...(all.some(options => options?.user) ? ['user may not be set'] : []),
    ...(all.some(options => options?.role) ? ['role may not be set'] : []),
  ]
  return {
    reason: 'seLinuxOptions',
    detail: `${setters(byPod, names)} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
  }
}

const profileOf = (security: { seccompProfile?: { type: string } } | undefined): string | undefined => security?.seccompProfile?.type
const isForbidden = (type: string | undefined): boolean => type !== undefined && !profiles.includes(type)

function seccomp(pod: Looked): Violation | undefined {
  const { securityContext } = pod.spec
  const types = unique([securityContext, ...allContainers(pod).map(securityOf)].flatMap(s => profileOf(s) ?? []).filter(isForbidden))
  return mustNot('seccompProfile', `securityContext.seccompProfile.type to ${quoted(types)}`, {
    byPod: isForbidden(profileOf(securityContext)),
    names: named(pod, s => isForbidden(profileOf(s))),
  })
}

function restrictedSeccomp(pod: Looked): Violation | undefined {
  const explicit = seccomp(pod)
  if (explicit) return explicit
  const names = profileOf(pod.spec.securityContext) === undefined ? named(pod, s => profileOf(s) === undefined) : []
  if (names.length === 0) return undefined
  const detail = `pod or ${containers(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`
  return { reason: 'seccompProfile', detail }
}

function restrictedVolumes({ spec }: Looked): Violation | undefined {
  const kindOf = (volume: object): string => Object.keys(volume).find(key => key !== 'name') ?? 'unknown'
  const bad = (spec.volumes ?? []).filter(volume => !openVolumes.has(kindOf(volume)))
  if (bad.length === 0) return undefined
  const types = unique(bad.map(kindOf))
  const what = `${plural('volume', bad.length)} ${quoted(bad.map(volume => volume.name))}`
  const uses = bad.length === 1 ? 'uses' : 'use'
  return { reason: 'restricted volume types', detail: `${what} ${uses} ${plural('restricted volume type', types.length)} ${quoted(types)}` }
}

function runAsNonRoot(pod: Looked): Violation | undefined {
  const reason = 'runAsNonRoot != true'
  const ofPod = pod.spec.securityContext?.runAsNonRoot
  const explicit = mustNot(reason, 'securityContext.runAsNonRoot=false', {
    byPod: ofPod === false,
    names: named(pod, s => s.runAsNonRoot === false),
  })
  if (explicit) return explicit
  const names = ofPod ? [] : named(pod, s => s.runAsNonRoot === undefined)
  return names.length > 0 ? { reason, detail: `pod or ${containers(names)} must set securityContext.runAsNonRoot=true` } : undefined
}
