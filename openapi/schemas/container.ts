import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, intOrString, list, map, object, quantity, string, time } from '../schema.ts'
import { VolumeStatus } from './core.ts'
import {
  ConfigMapEnvSource,
  ConfigMapKeySelector,
  FileKeySelector,
  ObjectFieldSelector,
  ResourceFieldSelector,
  SecretEnvSource,
  SecretKeySelector,
} from './reference.ts'

export const EnvVarSource = object('io.k8s.api.core.v1.EnvVarSource', '', {
  configMapKeyRef: field(ConfigMapKeySelector, ''),
  fieldRef: field(ObjectFieldSelector, ''),
  fileKeyRef: field(FileKeySelector, ''),
  resourceFieldRef: field(ResourceFieldSelector, ''),
  secretKeyRef: field(SecretKeySelector, ''),
})
export type EnvVarSource = FromSchema<typeof EnvVarSource>

export const EnvVar = object(
  'io.k8s.api.core.v1.EnvVar',
  '',
  {
    name: string(''),
    value: string(''),
    valueFrom: field(EnvVarSource, ''),
  },
  ['name'],
)
export type EnvVar = FromSchema<typeof EnvVar>

export const EnvFromSource = object('io.k8s.api.core.v1.EnvFromSource', '', {
  configMapRef: field(ConfigMapEnvSource, ''),
  prefix: string(''),
  secretRef: field(SecretEnvSource, ''),
})
export type EnvFromSource = FromSchema<typeof EnvFromSource>

export const ExecAction = object('io.k8s.api.core.v1.ExecAction', '', {
  command: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type ExecAction = FromSchema<typeof ExecAction>

export const HTTPHeader = object(
  'io.k8s.api.core.v1.HTTPHeader',
  '',
  {
    name: string(''),
    value: string(''),
  },
  ['name', 'value'],
)
export type HTTPHeader = FromSchema<typeof HTTPHeader>

export const HTTPGetAction = object(
  'io.k8s.api.core.v1.HTTPGetAction',
  '',
  {
    host: string(''),
    httpHeaders: list(HTTPHeader, '', { 'x-kubernetes-list-type': 'atomic' }),
    path: string(''),
    port: intOrString(''),
    scheme: string('', { enum: ['HTTP', 'HTTPS'], default: 'HTTP' }),
  },
  ['port'],
)
export type HTTPGetAction = FromSchema<typeof HTTPGetAction>

export const SleepAction = object(
  'io.k8s.api.core.v1.SleepAction',
  '',
  {
    seconds: int64(''),
  },
  ['seconds'],
)
export type SleepAction = FromSchema<typeof SleepAction>

export const TCPSocketAction = object(
  'io.k8s.api.core.v1.TCPSocketAction',
  '',
  {
    host: string(''),
    port: intOrString(''),
  },
  ['port'],
)
export type TCPSocketAction = FromSchema<typeof TCPSocketAction>

export const LifecycleHandler = object('io.k8s.api.core.v1.LifecycleHandler', '', {
  exec: field(ExecAction, ''),
  httpGet: field(HTTPGetAction, ''),
  sleep: field(SleepAction, ''),
  tcpSocket: field(TCPSocketAction, ''),
})
export type LifecycleHandler = FromSchema<typeof LifecycleHandler>

export const Lifecycle = object('io.k8s.api.core.v1.Lifecycle', '', {
  postStart: field(LifecycleHandler, ''),
  preStop: field(LifecycleHandler, ''),
  stopSignal: string('', {
    enum: [
      'SIGABRT',
      'SIGALRM',
      'SIGBUS',
      'SIGCHLD',
      'SIGCLD',
      'SIGCONT',
      'SIGFPE',
      'SIGHUP',
      'SIGILL',
      'SIGINT',
      'SIGIO',
      'SIGIOT',
      'SIGKILL',
      'SIGPIPE',
      'SIGPOLL',
      'SIGPROF',
      'SIGPWR',
      'SIGQUIT',
      'SIGRTMAX',
      'SIGRTMAX-1',
      'SIGRTMAX-10',
      'SIGRTMAX-11',
      'SIGRTMAX-12',
      'SIGRTMAX-13',
      'SIGRTMAX-14',
      'SIGRTMAX-2',
      'SIGRTMAX-3',
      'SIGRTMAX-4',
      'SIGRTMAX-5',
      'SIGRTMAX-6',
      'SIGRTMAX-7',
      'SIGRTMAX-8',
      'SIGRTMAX-9',
      'SIGRTMIN',
      'SIGRTMIN+1',
      'SIGRTMIN+10',
      'SIGRTMIN+11',
      'SIGRTMIN+12',
      'SIGRTMIN+13',
      'SIGRTMIN+14',
      'SIGRTMIN+15',
      'SIGRTMIN+2',
      'SIGRTMIN+3',
      'SIGRTMIN+4',
      'SIGRTMIN+5',
      'SIGRTMIN+6',
      'SIGRTMIN+7',
      'SIGRTMIN+8',
      'SIGRTMIN+9',
      'SIGSEGV',
      'SIGSTKFLT',
      'SIGSTOP',
      'SIGSYS',
      'SIGTERM',
      'SIGTRAP',
      'SIGTSTP',
      'SIGTTIN',
      'SIGTTOU',
      'SIGURG',
      'SIGUSR1',
      'SIGUSR2',
      'SIGVTALRM',
      'SIGWINCH',
      'SIGXCPU',
      'SIGXFSZ',
    ],
  }),
})
export type Lifecycle = FromSchema<typeof Lifecycle>

export const GRPCAction = object(
  'io.k8s.api.core.v1.GRPCAction',
  '',
  {
    port: int32(''),
    service: string('', { default: '' }),
  },
  ['port'],
)
export type GRPCAction = FromSchema<typeof GRPCAction>

export const Probe = object('io.k8s.api.core.v1.Probe', '', {
  exec: field(ExecAction, ''),
  failureThreshold: int32('', { default: 3 }),
  grpc: field(GRPCAction, ''),
  httpGet: field(HTTPGetAction, ''),
  initialDelaySeconds: int32(''),
  periodSeconds: int32('', { default: 10 }),
  successThreshold: int32('', { default: 1 }),
  tcpSocket: field(TCPSocketAction, ''),
  terminationGracePeriodSeconds: int64(''),
  timeoutSeconds: int32('', { default: 1 }),
})
export type Probe = FromSchema<typeof Probe>

export const ContainerPort = object(
  'io.k8s.api.core.v1.ContainerPort',
  '',
  {
    containerPort: int32(''),
    hostIP: string(''),
    hostPort: int32(''),
    name: string(''),
    protocol: string('', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
  },
  ['containerPort'],
)
export type ContainerPort = FromSchema<typeof ContainerPort>

export const ContainerResizePolicy = object(
  'io.k8s.api.core.v1.ContainerResizePolicy',
  '',
  {
    resourceName: string(''),
    restartPolicy: string(''),
  },
  ['resourceName', 'restartPolicy'],
)
export type ContainerResizePolicy = FromSchema<typeof ContainerResizePolicy>

export const ResourceClaim = object(
  'io.k8s.api.core.v1.ResourceClaim',
  '',
  {
    name: string(''),
    request: string(''),
  },
  ['name'],
)
export type ResourceClaim = FromSchema<typeof ResourceClaim>

export const ResourceRequirements = object('io.k8s.api.core.v1.ResourceRequirements', '', {
  claims: list(ResourceClaim, '', { 'x-kubernetes-list-map-keys': ['name'], 'x-kubernetes-list-type': 'map' }),
  limits: map(quantity(''), ''),
  requests: map(quantity(''), ''),
})
export type ResourceRequirements = FromSchema<typeof ResourceRequirements>

export const ContainerRestartRuleOnExitCodes = object(
  'io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes',
  '',
  {
    operator: string(''),
    values: list(int32(''), '', { 'x-kubernetes-list-type': 'set' }),
  },
  ['operator'],
)
export type ContainerRestartRuleOnExitCodes = FromSchema<typeof ContainerRestartRuleOnExitCodes>

export const ContainerRestartRule = object(
  'io.k8s.api.core.v1.ContainerRestartRule',
  '',
  {
    action: string(''),
    exitCodes: field(ContainerRestartRuleOnExitCodes, ''),
  },
  ['action'],
)
export type ContainerRestartRule = FromSchema<typeof ContainerRestartRule>

export const AppArmorProfile = object(
  'io.k8s.api.core.v1.AppArmorProfile',
  '',
  {
    localhostProfile: string(''),
    type: string('', { enum: ['Localhost', 'RuntimeDefault', 'Unconfined'] }),
  },
  ['type'],
  { 'x-kubernetes-unions': [{ discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } }] },
)
export type AppArmorProfile = FromSchema<typeof AppArmorProfile>

export const Capabilities = object('io.k8s.api.core.v1.Capabilities', '', {
  add: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  drop: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
})
export type Capabilities = FromSchema<typeof Capabilities>

export const SELinuxOptions = object('io.k8s.api.core.v1.SELinuxOptions', '', {
  level: string(''),
  role: string(''),
  type: string(''),
  user: string(''),
})
export type SELinuxOptions = FromSchema<typeof SELinuxOptions>

export const SeccompProfile = object(
  'io.k8s.api.core.v1.SeccompProfile',
  '',
  {
    localhostProfile: string(''),
    type: string('', { enum: ['Localhost', 'RuntimeDefault', 'Unconfined'] }),
  },
  ['type'],
  { 'x-kubernetes-unions': [{ discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } }] },
)
export type SeccompProfile = FromSchema<typeof SeccompProfile>

export const WindowsSecurityContextOptions = object('io.k8s.api.core.v1.WindowsSecurityContextOptions', '', {
  gmsaCredentialSpec: string(''),
  gmsaCredentialSpecName: string(''),
  hostProcess: boolean(''),
  runAsUserName: string(''),
})
export type WindowsSecurityContextOptions = FromSchema<typeof WindowsSecurityContextOptions>

export const SecurityContext = object('io.k8s.api.core.v1.SecurityContext', '', {
  allowPrivilegeEscalation: boolean(''),
  appArmorProfile: field(AppArmorProfile, ''),
  capabilities: field(Capabilities, ''),
  privileged: boolean(''),
  procMount: string('', { enum: ['Default', 'Unmasked'] }),
  readOnlyRootFilesystem: boolean(''),
  runAsGroup: int64(''),
  runAsNonRoot: boolean(''),
  runAsUser: int64(''),
  seLinuxOptions: field(SELinuxOptions, ''),
  seccompProfile: field(SeccompProfile, ''),
  windowsOptions: field(WindowsSecurityContextOptions, ''),
})
export type SecurityContext = FromSchema<typeof SecurityContext>

export const VolumeDevice = object(
  'io.k8s.api.core.v1.VolumeDevice',
  '',
  {
    devicePath: string(''),
    name: string(''),
  },
  ['name', 'devicePath'],
)
export type VolumeDevice = FromSchema<typeof VolumeDevice>

export const VolumeMount = object(
  'io.k8s.api.core.v1.VolumeMount',
  '',
  {
    mountPath: string(''),
    mountPropagation: string('', { enum: ['Bidirectional', 'HostToContainer', 'None'] }),
    name: string(''),
    readOnly: boolean(''),
    recursiveReadOnly: string(''),
    subPath: string(''),
    subPathExpr: string(''),
  },
  ['name', 'mountPath'],
)
export type VolumeMount = FromSchema<typeof VolumeMount>

export const Container = object(
  'io.k8s.api.core.v1.Container',
  '',
  {
    args: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    command: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    env: list(EnvVar, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    envFrom: list(EnvFromSource, '', { 'x-kubernetes-list-type': 'atomic' }),
    image: string(''),
    imagePullPolicy: string('', { enum: ['Always', 'IfNotPresent', 'Never'] }),
    lifecycle: field(Lifecycle, ''),
    livenessProbe: field(Probe, ''),
    name: string(''),
    ports: list(ContainerPort, '', {
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    readinessProbe: field(Probe, ''),
    resizePolicy: list(ContainerResizePolicy, '', { 'x-kubernetes-list-type': 'atomic' }),
    resources: field(ResourceRequirements, '', { default: {} }),
    restartPolicy: string(''),
    restartPolicyRules: list(ContainerRestartRule, '', { 'x-kubernetes-list-type': 'atomic' }),
    securityContext: field(SecurityContext, ''),
    startupProbe: field(Probe, ''),
    stdin: boolean(''),
    stdinOnce: boolean(''),
    terminationMessagePath: string('', { default: '/dev/termination-log' }),
    terminationMessagePolicy: string('', { enum: ['FallbackToLogsOnError', 'File'], default: 'File' }),
    tty: boolean(''),
    volumeDevices: list(VolumeDevice, '', {
      'x-kubernetes-list-map-keys': ['devicePath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'devicePath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    volumeMounts: list(VolumeMount, '', {
      'x-kubernetes-list-map-keys': ['mountPath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'mountPath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    workingDir: string(''),
  },
  ['name'],
)
export type Container = FromSchema<typeof Container>

export const EphemeralContainer = object(
  'io.k8s.api.core.v1.EphemeralContainer',
  '',
  {
    args: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    command: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    env: list(EnvVar, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    envFrom: list(EnvFromSource, '', { 'x-kubernetes-list-type': 'atomic' }),
    image: string(''),
    imagePullPolicy: string('', { enum: ['Always', 'IfNotPresent', 'Never'] }),
    lifecycle: field(Lifecycle, ''),
    livenessProbe: field(Probe, ''),
    name: string(''),
    ports: list(ContainerPort, '', {
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    readinessProbe: field(Probe, ''),
    resizePolicy: list(ContainerResizePolicy, '', { 'x-kubernetes-list-type': 'atomic' }),
    resources: field(ResourceRequirements, '', { default: {} }),
    restartPolicy: string(''),
    restartPolicyRules: list(ContainerRestartRule, '', { 'x-kubernetes-list-type': 'atomic' }),
    securityContext: field(SecurityContext, ''),
    startupProbe: field(Probe, ''),
    stdin: boolean(''),
    stdinOnce: boolean(''),
    targetContainerName: string(''),
    terminationMessagePath: string('', { default: '/dev/termination-log' }),
    terminationMessagePolicy: string('', { enum: ['FallbackToLogsOnError', 'File'], default: 'File' }),
    tty: boolean(''),
    volumeDevices: list(VolumeDevice, '', {
      'x-kubernetes-list-map-keys': ['devicePath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'devicePath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    volumeMounts: list(VolumeMount, '', {
      'x-kubernetes-list-map-keys': ['mountPath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'mountPath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    workingDir: string(''),
  },
  ['name'],
)
export type EphemeralContainer = FromSchema<typeof EphemeralContainer>

export const ContainerExtendedResourceRequest = object(
  'io.k8s.api.core.v1.ContainerExtendedResourceRequest',
  '',
  {
    containerName: string(''),
    requestName: string(''),
    resourceName: string(''),
  },
  ['containerName', 'resourceName', 'requestName'],
)
export type ContainerExtendedResourceRequest = FromSchema<typeof ContainerExtendedResourceRequest>

export const ContainerImage = object('io.k8s.api.core.v1.ContainerImage', '', {
  names: list(string(''), '', { 'x-kubernetes-list-type': 'atomic' }),
  sizeBytes: int64(''),
})
export type ContainerImage = FromSchema<typeof ContainerImage>

export const ContainerStateRunning = object('io.k8s.api.core.v1.ContainerStateRunning', '', {
  startedAt: time(''),
})
export type ContainerStateRunning = FromSchema<typeof ContainerStateRunning>

export const ContainerStateTerminated = object(
  'io.k8s.api.core.v1.ContainerStateTerminated',
  '',
  {
    containerID: string(''),
    exitCode: int32(''),
    finishedAt: time(''),
    message: string(''),
    reason: string(''),
    signal: int32(''),
    startedAt: time(''),
  },
  ['exitCode'],
)
export type ContainerStateTerminated = FromSchema<typeof ContainerStateTerminated>

export const ContainerStateWaiting = object('io.k8s.api.core.v1.ContainerStateWaiting', '', {
  message: string(''),
  reason: string(''),
})
export type ContainerStateWaiting = FromSchema<typeof ContainerStateWaiting>

export const ContainerState = object('io.k8s.api.core.v1.ContainerState', '', {
  running: field(ContainerStateRunning, ''),
  terminated: field(ContainerStateTerminated, ''),
  waiting: field(ContainerStateWaiting, ''),
})
export type ContainerState = FromSchema<typeof ContainerState>

export const ResourceHealth = object(
  'io.k8s.api.core.v1.ResourceHealth',
  '',
  {
    health: string(''),
    message: string(''),
    resourceID: string(''),
  },
  ['resourceID'],
)
export type ResourceHealth = FromSchema<typeof ResourceHealth>

export const ResourceStatus = object(
  'io.k8s.api.core.v1.ResourceStatus',
  '',
  {
    name: string(''),
    resources: list(ResourceHealth, '', { 'x-kubernetes-list-map-keys': ['resourceID'], 'x-kubernetes-list-type': 'map' }),
  },
  ['name'],
)
export type ResourceStatus = FromSchema<typeof ResourceStatus>

export const LinuxContainerUser = object(
  'io.k8s.api.core.v1.LinuxContainerUser',
  '',
  {
    gid: int64(''),
    supplementalGroups: list(int64(''), '', { 'x-kubernetes-list-type': 'atomic' }),
    uid: int64(''),
  },
  ['uid', 'gid'],
)
export type LinuxContainerUser = FromSchema<typeof LinuxContainerUser>

export const ContainerUser = object('io.k8s.api.core.v1.ContainerUser', '', {
  linux: field(LinuxContainerUser, ''),
})
export type ContainerUser = FromSchema<typeof ContainerUser>

export const VolumeMountStatus = object(
  'io.k8s.api.core.v1.VolumeMountStatus',
  '',
  {
    mountPath: string(''),
    name: string(''),
    readOnly: boolean(''),
    recursiveReadOnly: string(''),
    volumeStatus: field(VolumeStatus, ''),
  },
  ['name', 'mountPath'],
)
export type VolumeMountStatus = FromSchema<typeof VolumeMountStatus>

export const ContainerStatus = object(
  'io.k8s.api.core.v1.ContainerStatus',
  '',
  {
    allocatedResources: map(quantity(''), ''),
    allocatedResourcesStatus: list(ResourceStatus, '', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    containerID: string(''),
    image: string(''),
    imageID: string(''),
    lastState: field(ContainerState, '', { default: {} }),
    name: string(''),
    ready: boolean(''),
    resources: field(ResourceRequirements, ''),
    restartCount: int32(''),
    started: boolean(''),
    state: field(ContainerState, '', { default: {} }),
    stopSignal: string('', {
      enum: [
        'SIGABRT',
        'SIGALRM',
        'SIGBUS',
        'SIGCHLD',
        'SIGCLD',
        'SIGCONT',
        'SIGFPE',
        'SIGHUP',
        'SIGILL',
        'SIGINT',
        'SIGIO',
        'SIGIOT',
        'SIGKILL',
        'SIGPIPE',
        'SIGPOLL',
        'SIGPROF',
        'SIGPWR',
        'SIGQUIT',
        'SIGRTMAX',
        'SIGRTMAX-1',
        'SIGRTMAX-10',
        'SIGRTMAX-11',
        'SIGRTMAX-12',
        'SIGRTMAX-13',
        'SIGRTMAX-14',
        'SIGRTMAX-2',
        'SIGRTMAX-3',
        'SIGRTMAX-4',
        'SIGRTMAX-5',
        'SIGRTMAX-6',
        'SIGRTMAX-7',
        'SIGRTMAX-8',
        'SIGRTMAX-9',
        'SIGRTMIN',
        'SIGRTMIN+1',
        'SIGRTMIN+10',
        'SIGRTMIN+11',
        'SIGRTMIN+12',
        'SIGRTMIN+13',
        'SIGRTMIN+14',
        'SIGRTMIN+15',
        'SIGRTMIN+2',
        'SIGRTMIN+3',
        'SIGRTMIN+4',
        'SIGRTMIN+5',
        'SIGRTMIN+6',
        'SIGRTMIN+7',
        'SIGRTMIN+8',
        'SIGRTMIN+9',
        'SIGSEGV',
        'SIGSTKFLT',
        'SIGSTOP',
        'SIGSYS',
        'SIGTERM',
        'SIGTRAP',
        'SIGTSTP',
        'SIGTTIN',
        'SIGTTOU',
        'SIGURG',
        'SIGUSR1',
        'SIGUSR2',
        'SIGVTALRM',
        'SIGWINCH',
        'SIGXCPU',
        'SIGXFSZ',
      ],
    }),
    user: field(ContainerUser, ''),
    volumeMounts: list(VolumeMountStatus, '', {
      'x-kubernetes-list-map-keys': ['mountPath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'mountPath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
  ['name', 'ready', 'restartCount', 'image', 'imageID'],
)
export type ContainerStatus = FromSchema<typeof ContainerStatus>
