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

export const EnvVarSource = object(
  'io.k8s.api.core.v1.EnvVarSource',
  'Where the value of an environment variable comes from. Exactly one source is set.',
  {
    configMapKeyRef: field(ConfigMapKeySelector, 'Takes the value of a key of a ConfigMap.'),
    fieldRef: field(
      ObjectFieldSelector,
      "Takes a field of the pod: its name, namespace, uid, a label, an annotation, spec.nodeName, spec.serviceAccountName, or its and its host's addresses.",
    ),
    fileKeyRef: field(FileKeySelector, 'Takes a variable from a file an init container wrote into an emptyDir volume.'),
    resourceFieldRef: field(ResourceFieldSelector, 'Takes a resource request or limit of a container.'),
    secretKeyRef: field(SecretKeySelector, 'Takes the value of a key of a Secret.'),
  },
)
export type EnvVarSource = FromSchema<typeof EnvVarSource>

export const EnvVar = object(
  'io.k8s.api.core.v1.EnvVar',
  'An environment variable of a container.',
  {
    name: string('Name of the variable: printable ASCII without an equals sign.'),
    value: string('The value; empty by default. $(NAME) stands for a variable defined earlier, $$(NAME) for the literal text.'),
    valueFrom: field(EnvVarSource, 'Source of the value, if value is empty.'),
  },
  ['name'],
)
export type EnvVar = FromSchema<typeof EnvVar>

export const EnvFromSource = object(
  'io.k8s.api.core.v1.EnvFromSource',
  'Makes environment variables of all entries of a ConfigMap or a Secret.',
  {
    configMapRef: field(ConfigMapEnvSource, 'The ConfigMap to take.'),
    prefix: string('Text put before each name; empty by default.'),
    secretRef: field(SecretEnvSource, 'The Secret to take.'),
  },
)
export type EnvFromSource = FromSchema<typeof EnvFromSource>

export const ExecAction = object('io.k8s.api.core.v1.ExecAction', 'Runs a command inside the container; exit code 0 is success.', {
  command: list(
    string(''),
    'The command and its arguments, run directly without a shell. The working directory is the root of the container.',
    { 'x-kubernetes-list-type': 'atomic' },
  ),
})
export type ExecAction = FromSchema<typeof ExecAction>

export const HTTPHeader = object(
  'io.k8s.api.core.v1.HTTPHeader',
  'A header of a request.',
  {
    name: string('Name of the header, case does not matter.'),
    value: string('Value of the header.'),
  },
  ['name', 'value'],
)
export type HTTPHeader = FromSchema<typeof HTTPHeader>

export const HTTPGetAction = object(
  'io.k8s.api.core.v1.HTTPGetAction',
  'Sends an HTTP GET; an answer from 200 to 399 is success.',
  {
    host: string('Host to connect to, the address of the pod by default. For virtual hosts set a Host header instead.'),
    httpHeaders: list(HTTPHeader, 'Headers to send; a name may come more than once.', { 'x-kubernetes-list-type': 'atomic' }),
    path: string('Path to ask for; / by default.'),
    port: intOrString('Port by number, or by its name in the container.'),
    scheme: string('HTTP, the default, or HTTPS; certificates are not checked.', { enum: ['HTTP', 'HTTPS'], default: 'HTTP' }),
  },
  ['port'],
)
export type HTTPGetAction = FromSchema<typeof HTTPGetAction>

export const SleepAction = object(
  'io.k8s.api.core.v1.SleepAction',
  'Does nothing for a while.',
  {
    seconds: int64('How many seconds to wait, at most the grace period of the pod.'),
  },
  ['seconds'],
)
export type SleepAction = FromSchema<typeof SleepAction>

export const TCPSocketAction = object(
  'io.k8s.api.core.v1.TCPSocketAction',
  'Opens a TCP connection; if that works, it is success.',
  {
    host: string('Host to connect to, the address of the pod by default.'),
    port: intOrString('Port by number, or by its name in the container.'),
  },
  ['port'],
)
export type TCPSocketAction = FromSchema<typeof TCPSocketAction>

export const LifecycleHandler = object(
  'io.k8s.api.core.v1.LifecycleHandler',
  'What to do at one point in the life of a container. Exactly one action is set.',
  {
    exec: field(ExecAction, 'Runs a command in the container.'),
    httpGet: field(HTTPGetAction, 'Sends an HTTP GET.'),
    sleep: field(SleepAction, 'Waits some seconds.'),
    tcpSocket: field(TCPSocketAction, 'Accepted for old manifests only; such a handler fails when it is run.'),
  },
)
export type LifecycleHandler = FromSchema<typeof LifecycleHandler>

export const Lifecycle = object('io.k8s.api.core.v1.Lifecycle', 'What to do when a container has started and before it ends.', {
  postStart: field(
    LifecycleHandler,
    'Done right after the start, next to the main process. If it fails, the container is killed and restarted by its policy; until it is through, the container does not count as running.',
  ),
  preStop: field(
    LifecycleHandler,
    'Done before the stop signal when the pod is deleted or a probe failed, not when the container ends by itself. It uses up grace period.',
  ),
  stopSignal: string(
    'Signal that asks the container to end, such as SIGTERM. Unset takes that of the image, else SIGTERM. Needs spec.os.name.',
    {
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
    },
  ),
})
export type Lifecycle = FromSchema<typeof Lifecycle>

export const GRPCAction = object(
  'io.k8s.api.core.v1.GRPCAction',
  'Asks a gRPC health service; SERVING is success.',
  {
    port: int32('Port of the service, from 1 to 65535.'),
    service: string('Name sent in the health request; empty by default, which asks for the server as a whole.', { default: '' }),
  },
  ['port'],
)
export type GRPCAction = FromSchema<typeof GRPCAction>

export const Probe = object('io.k8s.api.core.v1.Probe', 'A check of a container that is repeated; exactly one action is set.', {
  exec: field(ExecAction, 'Runs a command in the container; exit code 0 is success.'),
  failureThreshold: int32('How many checks in a row must fail before a passing probe counts as failed. 3 by default, at least 1.', {
    default: 3,
  }),
  grpc: field(GRPCAction, 'Asks a gRPC health service.'),
  httpGet: field(HTTPGetAction, 'Sends an HTTP GET; an answer from 200 to 399 is success.'),
  initialDelaySeconds: int32('Seconds between the start of the container and the first check. 0 by default.'),
  periodSeconds: int32('Seconds between checks. 10 by default, at least 1.', { default: 10 }),
  successThreshold: int32(
    'How many checks in a row must pass before a failed probe counts as passing. 1 by default; must be 1 for liveness and startup.',
    { default: 1 },
  ),
  tcpSocket: field(TCPSocketAction, 'Opens a TCP connection.'),
  terminationGracePeriodSeconds: int64(
    'Seconds the container gets to end after this probe failed, at least 1. Unset takes the value of the pod. Not for readiness.',
  ),
  timeoutSeconds: int32('Seconds after which a check without answer has failed. 1 by default, at least 1.', { default: 1 }),
})
export type Probe = FromSchema<typeof Probe>

export const ContainerPort = object(
  'io.k8s.api.core.v1.ContainerPort',
  'A port the container listens on. Listing it informs others and gives it a name; ports not listed can be reached too.',
  {
    containerPort: int32('Number of the port inside the pod, from 1 to 65535.'),
    hostIP: string('Address of the host that hostPort is bound to. Unset means all.'),
    hostPort: int32('Port of the host that leads here, from 1 to 65535. Unset means none; with hostNetwork it must equal containerPort.'),
    name: string('Name for Services and probes, unique in the pod: at most 15 lower case letters, digits and dashes.'),
    protocol: string('TCP, the default, UDP or SCTP.', { enum: ['SCTP', 'TCP', 'UDP'], default: 'TCP' }),
  },
  ['containerPort'],
)
export type ContainerPort = FromSchema<typeof ContainerPort>

export const ContainerResizePolicy = object(
  'io.k8s.api.core.v1.ContainerResizePolicy',
  'Whether the container is restarted when one of its resources is changed in place.',
  {
    resourceName: string('cpu or memory.'),
    restartPolicy: string('NotRequired, the default, changes the running container; RestartContainer restarts it.'),
  },
  ['resourceName', 'restartPolicy'],
)
export type ContainerResizePolicy = FromSchema<typeof ContainerResizePolicy>

export const ResourceClaim = object(
  'io.k8s.api.core.v1.ResourceClaim',
  'Gives a container access to a device claim of its pod.',
  {
    name: string('Name of the claim in spec.resourceClaims of the pod.'),
    request: string('The request within the claim that is meant. Unset means all of it.'),
  },
  ['name'],
)
export type ResourceClaim = FromSchema<typeof ResourceClaim>

export const ResourceRequirements = object(
  'io.k8s.api.core.v1.ResourceRequirements',
  'How much of cpu, memory and other resources is reserved and allowed.',
  {
    claims: list(ResourceClaim, 'Claims in spec.resourceClaims of the pod that are used here. Cannot be changed.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
    }),
    limits: map(
      quantity(''),
      'Most that may be used, by resource. Memory beyond it ends the container, cpu beyond it is slowed down. Unset means no limit.',
    ),
    requests: map(
      quantity(''),
      'What is reserved on the node, by resource; the scheduler counts it. Unset takes the limit if there is one, else nothing is reserved.',
    ),
  },
)
export type ResourceRequirements = FromSchema<typeof ResourceRequirements>

export const ContainerRestartRuleOnExitCodes = object(
  'io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes',
  'A test on the exit code of a container.',
  {
    operator: string('In holds if the exit code is among the values, NotIn if it is not.'),
    values: list(int32(''), 'Exit codes to compare with, at most 255 of them.', { 'x-kubernetes-list-type': 'set' }),
  },
  ['operator'],
)
export type ContainerRestartRuleOnExitCodes = FromSchema<typeof ContainerRestartRuleOnExitCodes>

export const ContainerRestartRule = object(
  'io.k8s.api.core.v1.ContainerRestartRule',
  'What to do when the container exits in a certain way.',
  {
    action: string('What to do when the rule applies: Restart restarts the container, RestartAllContainers all those of the pod.'),
    exitCodes: field(ContainerRestartRuleOnExitCodes, 'The exit codes the rule applies to.'),
  },
  ['action'],
)
export type ContainerRestartRule = FromSchema<typeof ContainerRestartRule>

export const AppArmorProfile = object(
  'io.k8s.api.core.v1.AppArmorProfile',
  'Which AppArmor profile confines a process.',
  {
    localhostProfile: string('Name of a profile loaded on the node. Needed for the type Localhost, and only there.'),
    type: string('Localhost takes a profile of the node, RuntimeDefault the one of the container runtime, Unconfined none.', {
      enum: ['Localhost', 'RuntimeDefault', 'Unconfined'],
    }),
  },
  ['type'],
  { 'x-kubernetes-unions': [{ discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } }] },
)
export type AppArmorProfile = FromSchema<typeof AppArmorProfile>

export const Capabilities = object(
  'io.k8s.api.core.v1.Capabilities',
  'Linux capabilities to give or take, compared with what the runtime gives by itself.',
  {
    add: list(string(''), 'Capabilities to give, without the prefix CAP_.', { 'x-kubernetes-list-type': 'atomic' }),
    drop: list(string(''), 'Capabilities to take, without the prefix CAP_; ALL takes every one.', { 'x-kubernetes-list-type': 'atomic' }),
  },
)
export type Capabilities = FromSchema<typeof Capabilities>

export const SELinuxOptions = object('io.k8s.api.core.v1.SELinuxOptions', 'An SELinux label.', {
  level: string('Level of the label, such as s0:c123,c456.'),
  role: string('Role of the label.'),
  type: string('Type of the label.'),
  user: string('User of the label.'),
})
export type SELinuxOptions = FromSchema<typeof SELinuxOptions>

export const SeccompProfile = object(
  'io.k8s.api.core.v1.SeccompProfile',
  'Which system calls are allowed.',
  {
    localhostProfile: string(
      'Path of a profile below the seccomp directory of the kubelet. Needed for the type Localhost, and only there.',
    ),
    type: string('Localhost takes a file on the node, RuntimeDefault the profile of the container runtime, Unconfined none.', {
      enum: ['Localhost', 'RuntimeDefault', 'Unconfined'],
    }),
  },
  ['type'],
  { 'x-kubernetes-unions': [{ discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } }] },
)
export type SeccompProfile = FromSchema<typeof SeccompProfile>

export const WindowsSecurityContextOptions = object(
  'io.k8s.api.core.v1.WindowsSecurityContextOptions',
  'Security settings for Windows; not allowed if spec.os.name is linux.',
  {
    gmsaCredentialSpec: string(
      'The credential spec of a group managed service account, inline. Normally an admission webhook fills it in from gmsaCredentialSpecName.',
    ),
    gmsaCredentialSpecName: string('Name of the credential spec to use.'),
    hostProcess: boolean('If true, runs as a process of the host; then all containers of the pod must, and hostNetwork must be true.'),
    runAsUserName: string('User to run the main process as. Unset takes the one of the image.'),
  },
)
export type WindowsSecurityContextOptions = FromSchema<typeof WindowsSecurityContextOptions>

export const SecurityContext = object(
  'io.k8s.api.core.v1.SecurityContext',
  'Privileges of one container. What is set here overrides the security context of the pod.',
  {
    allowPrivilegeEscalation: boolean(
      'Whether a process may gain more privileges than its parent. Cannot be false for privileged containers or those with SYS_ADMIN. Linux only.',
    ),
    appArmorProfile: field(AppArmorProfile, 'AppArmor profile of the container. Linux only.'),
    capabilities: field(Capabilities, 'Capabilities to give and to take. Linux only.'),
    privileged: boolean('If true, the container can do about what root on the host can. False by default. Linux only.'),
    procMount: string(
      'How /proc is mounted: Default masks sensitive paths and makes others read-only, Unmasked leaves it bare and needs hostUsers false. Linux only.',
      { enum: ['Default', 'Unmasked'] },
    ),
    readOnlyRootFilesystem: boolean('If true, the root file system cannot be written. False by default. Linux only.'),
    runAsGroup: int64('Group id of the main process. Unset takes that of the pod, else of the runtime. Linux only.'),
    runAsNonRoot: boolean('If true, the kubelet refuses to start the container as user 0. Unset takes the value of the pod.'),
    runAsUser: int64('User id of the main process. Unset takes that of the pod, else of the image. Linux only.'),
    seLinuxOptions: field(
      SELinuxOptions,
      'SELinux label of the container. Unset takes that of the pod, else a random one by the runtime. Linux only.',
    ),
    seccompProfile: field(SeccompProfile, 'Allowed system calls. Unset takes the profile of the pod. Linux only.'),
    windowsOptions: field(WindowsSecurityContextOptions, 'Settings for Windows only.'),
  },
)
export type SecurityContext = FromSchema<typeof SecurityContext>

export const VolumeDevice = object(
  'io.k8s.api.core.v1.VolumeDevice',
  'A block volume as a device of a container.',
  {
    devicePath: string('Path of the device in the container.'),
    name: string('Name of the volume in the pod; it must be a claim with volumeMode Block.'),
  },
  ['name', 'devicePath'],
)
export type VolumeDevice = FromSchema<typeof VolumeDevice>

export const VolumeMount = object(
  'io.k8s.api.core.v1.VolumeMount',
  'A volume as a directory or file of a container.',
  {
    mountPath: string('Path in the container where the volume appears; it may not contain a colon.'),
    mountPropagation: string(
      'How later mounts pass: None, the default, not at all; HostToContainer from the host; Bidirectional both ways, for privileged containers only.',
      { enum: ['Bidirectional', 'HostToContainer', 'None'] },
    ),
    name: string('Name of the volume in spec.volumes or, for a StatefulSet, of the claim template.'),
    readOnly: boolean('If true, the container cannot write. False by default.'),
    recursiveReadOnly: string(
      'For read-only mounts: whether mounts below are read-only too. Disabled, the default; Enabled, or the container fails; IfPossible if the node can.',
    ),
    subPath: string('Path within the volume to mount instead of its root. Relative and without two dots.'),
    subPathExpr: string('Like subPath, with $(NAME) standing for environment variables. Not both.'),
  },
  ['name', 'mountPath'],
)
export type VolumeMount = FromSchema<typeof VolumeMount>

export const Container = object(
  'io.k8s.api.core.v1.Container',
  'One program of a pod, with its image and surroundings.',
  {
    args: list(
      string(''),
      'Arguments of the command. Unset takes those of the image; $(NAME) stands for an environment variable, $$(NAME) for the literal text.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    command: list(
      string(''),
      'Program to run instead of the entrypoint of the image, without a shell. $(NAME) stands for an environment variable, $$(NAME) for the literal text.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    env: list(EnvVar, 'Environment variables, unique by name. They win over envFrom.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    envFrom: list(EnvFromSource, 'ConfigMaps and Secrets whose entries become environment variables. With equal names the last one wins.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    image: string('Name of the image, with a tag or digest. Without either it means the tag latest.'),
    imagePullPolicy: string(
      'When to pull the image: Always, Never, or IfNotPresent. By default Always for the tag latest, else IfNotPresent.',
      { enum: ['Always', 'IfNotPresent', 'Never'] },
    ),
    lifecycle: field(Lifecycle, 'What to do after the start and before the end. Not for init containers unless they are restarted always.'),
    livenessProbe: field(
      Probe,
      'Check whether the container still works; when it fails, the container is restarted. Unset means it always works.',
    ),
    name: string('Name of the container, unique in the pod, a DNS label. Cannot be changed.'),
    ports: list(ContainerPort, 'Ports the container listens on, for information and to give them names.', {
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    readinessProbe: field(
      Probe,
      'Check whether the container can serve; while it fails, the pod gets no traffic from Services. Unset means ready once started.',
    ),
    resizePolicy: list(ContainerResizePolicy, 'Which changes of resources need a restart. Unset means none.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    resources: field(ResourceRequirements, 'What is reserved for the container and what it may use at most.', { default: {} }),
    restartPolicy: string(
      'Restart policy of this container alone. Unset takes that of the pod. An init container with Always keeps running beside the others.',
    ),
    restartPolicyRules: list(
      ContainerRestartRule,
      'Exceptions to restartPolicy, tried in order when the container exits; the first that applies decides. At most 20, and restartPolicy must be set.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    securityContext: field(SecurityContext, 'Privileges of the container, over those of the pod.'),
    startupProbe: field(
      Probe,
      'Check whether the container has started; no other probe runs until it passes, and when it fails the container is restarted.',
    ),
    stdin: boolean('If true, standard input stays open; otherwise reading it gives the end at once. False by default.'),
    stdinOnce: boolean('If true, standard input is closed after the first client that attached to it leaves. False by default.'),
    terminationMessagePath: string(
      'File in the container whose text becomes the termination message, at most 4096 bytes. /dev/termination-log by default.',
      { default: '/dev/termination-log' },
    ),
    terminationMessagePolicy: string(
      'File, the default, reads only terminationMessagePath; FallbackToLogsOnError takes the end of the log if that is empty and the container failed.',
      { enum: ['FallbackToLogsOnError', 'File'], default: 'File' },
    ),
    tty: boolean('If true, the container gets a terminal; needs stdin. False by default.'),
    volumeDevices: list(VolumeDevice, 'Block volumes that appear as devices.', {
      'x-kubernetes-list-map-keys': ['devicePath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'devicePath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    volumeMounts: list(VolumeMount, 'Volumes that appear in the file system of the container.', {
      'x-kubernetes-list-map-keys': ['mountPath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'mountPath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    workingDir: string('Working directory. Unset takes that of the image, else the root.'),
  },
  ['name'],
)
export type Container = FromSchema<typeof Container>

export const EphemeralContainer = object(
  'io.k8s.api.core.v1.EphemeralContainer',
  'A container added to a running pod for inspection. It has no resources of its own, is never restarted and cannot be removed.',
  {
    args: list(
      string(''),
      'Arguments of the command. Unset takes those of the image; $(NAME) stands for an environment variable, $$(NAME) for the literal text.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    command: list(
      string(''),
      'Program to run instead of the entrypoint of the image, without a shell. $(NAME) stands for an environment variable, $$(NAME) for the literal text.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
    env: list(EnvVar, 'Environment variables, unique by name. They win over envFrom.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    envFrom: list(EnvFromSource, 'ConfigMaps and Secrets whose entries become environment variables. With equal names the last one wins.', {
      'x-kubernetes-list-type': 'atomic',
    }),
    image: string('Name of the image, with a tag or digest. Without either it means the tag latest.'),
    imagePullPolicy: string(
      'When to pull the image: Always, Never, or IfNotPresent. By default Always for the tag latest, else IfNotPresent.',
      { enum: ['Always', 'IfNotPresent', 'Never'] },
    ),
    lifecycle: field(Lifecycle, 'Not allowed for ephemeral containers.'),
    livenessProbe: field(Probe, 'Not allowed for ephemeral containers.'),
    name: string('Name of the container, unique among all containers of the pod, a DNS label.'),
    ports: list(ContainerPort, 'Not allowed for ephemeral containers.', {
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    readinessProbe: field(Probe, 'Not allowed for ephemeral containers.'),
    resizePolicy: list(ContainerResizePolicy, 'Not allowed for ephemeral containers.', { 'x-kubernetes-list-type': 'atomic' }),
    resources: field(ResourceRequirements, 'Not allowed for ephemeral containers; they use what the pod has to spare.', { default: {} }),
    restartPolicy: string('Not allowed for ephemeral containers; they are never restarted.'),
    restartPolicyRules: list(ContainerRestartRule, 'Not allowed for ephemeral containers.', { 'x-kubernetes-list-type': 'atomic' }),
    securityContext: field(SecurityContext, 'Privileges of the container, over those of the pod.'),
    startupProbe: field(Probe, 'Not allowed for ephemeral containers.'),
    stdin: boolean('If true, standard input stays open; otherwise reading it gives the end at once. False by default.'),
    stdinOnce: boolean('If true, standard input is closed after the first client that attached to it leaves. False by default.'),
    targetContainerName: string(
      'Name of a container of the pod whose processes are visible here, if the runtime can do that. Unset shares with none in particular.',
    ),
    terminationMessagePath: string(
      'File in the container whose text becomes the termination message, at most 4096 bytes. /dev/termination-log by default.',
      { default: '/dev/termination-log' },
    ),
    terminationMessagePolicy: string(
      'File, the default, reads only terminationMessagePath; FallbackToLogsOnError takes the end of the log if that is empty and the container failed.',
      { enum: ['FallbackToLogsOnError', 'File'], default: 'File' },
    ),
    tty: boolean('If true, the container gets a terminal; needs stdin. False by default.'),
    volumeDevices: list(VolumeDevice, 'Block volumes that appear as devices.', {
      'x-kubernetes-list-map-keys': ['devicePath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'devicePath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    volumeMounts: list(
      VolumeMount,
      'Volumes of the pod that appear in the file system of the container. subPath and subPathExpr are not allowed.',
      {
        'x-kubernetes-list-map-keys': ['mountPath'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'mountPath',
        'x-kubernetes-patch-strategy': 'merge',
      },
    ),
    workingDir: string('Working directory. Unset takes that of the image, else the root.'),
  },
  ['name'],
)
export type EphemeralContainer = FromSchema<typeof EphemeralContainer>

export const ContainerExtendedResourceRequest = object(
  'io.k8s.api.core.v1.ContainerExtendedResourceRequest',
  'Which device request of a claim stands for an extended resource of a container.',
  {
    containerName: string('Name of the container.'),
    requestName: string('Name of the request in the claim.'),
    resourceName: string('Name of the extended resource the container asks for.'),
  },
  ['containerName', 'resourceName', 'requestName'],
)
export type ContainerExtendedResourceRequest = FromSchema<typeof ContainerExtendedResourceRequest>

export const ContainerImage = object('io.k8s.api.core.v1.ContainerImage', 'An image present on a node.', {
  names: list(string(''), 'Names the image is known by, with tags and digests.', { 'x-kubernetes-list-type': 'atomic' }),
  sizeBytes: int64('Size in bytes.'),
})
export type ContainerImage = FromSchema<typeof ContainerImage>

export const ContainerStateRunning = object('io.k8s.api.core.v1.ContainerStateRunning', 'The container runs.', {
  startedAt: time('When it was started, or restarted last.'),
})
export type ContainerStateRunning = FromSchema<typeof ContainerStateRunning>

export const ContainerStateTerminated = object(
  'io.k8s.api.core.v1.ContainerStateTerminated',
  'The container has ended.',
  {
    containerID: string('The container that ended, as type://id.'),
    exitCode: int32('Exit code; 0 is success.'),
    finishedAt: time('When it ended.'),
    message: string('What the container left as its termination message, or what went wrong.'),
    reason: string('Why it ended, as one word: Completed, Error, OOMKilled and so on.'),
    signal: int32('Number of the signal that ended it, if one did.'),
    startedAt: time('When it was started.'),
  },
  ['exitCode'],
)
export type ContainerStateTerminated = FromSchema<typeof ContainerStateTerminated>

export const ContainerStateWaiting = object('io.k8s.api.core.v1.ContainerStateWaiting', 'The container does not run yet, or not again.', {
  message: string('What it waits for, in words for people.'),
  reason: string('What it waits for, as one word: ContainerCreating, PodInitializing, ImagePullBackOff, CrashLoopBackOff and so on.'),
})
export type ContainerStateWaiting = FromSchema<typeof ContainerStateWaiting>

export const ContainerState = object(
  'io.k8s.api.core.v1.ContainerState',
  'What a container does: it is waiting, running or terminated. If none is set, it is waiting.',
  {
    running: field(ContainerStateRunning, 'Set while the container runs.'),
    terminated: field(ContainerStateTerminated, 'Set when the container has ended.'),
    waiting: field(ContainerStateWaiting, 'Set while the container does not run yet, or not again.'),
  },
)
export type ContainerState = FromSchema<typeof ContainerState>

export const ResourceHealth = object(
  'io.k8s.api.core.v1.ResourceHealth',
  'How a device given to a container is doing.',
  {
    health: string('Healthy, Unhealthy, or Unknown if its plugin does not say.'),
    message: string('Explanation for people, as the plugin gave it.'),
    resourceID: string('Identifier of the device, unique on the node.'),
  },
  ['resourceID'],
)
export type ResourceHealth = FromSchema<typeof ResourceHealth>

export const ResourceStatus = object(
  'io.k8s.api.core.v1.ResourceStatus',
  'The devices given to a container for one resource.',
  {
    name: string('Name of the resource; for device claims claim:name, with the request after a slash.'),
    resources: list(ResourceHealth, 'The devices and how they are doing, unique by resourceID.', {
      'x-kubernetes-list-map-keys': ['resourceID'],
      'x-kubernetes-list-type': 'map',
    }),
  },
  ['name'],
)
export type ResourceStatus = FromSchema<typeof ResourceStatus>

export const LinuxContainerUser = object(
  'io.k8s.api.core.v1.LinuxContainerUser',
  'User and groups of the first process of a container.',
  {
    gid: int64('Primary group id.'),
    supplementalGroups: list(int64(''), 'Further group ids.', { 'x-kubernetes-list-type': 'atomic' }),
    uid: int64('User id.'),
  },
  ['uid', 'gid'],
)
export type LinuxContainerUser = FromSchema<typeof LinuxContainerUser>

export const ContainerUser = object('io.k8s.api.core.v1.ContainerUser', 'The identity the first process of a container was started with.', {
  linux: field(LinuxContainerUser, 'Set on Linux.'),
})
export type ContainerUser = FromSchema<typeof ContainerUser>

export const VolumeMountStatus = object(
  'io.k8s.api.core.v1.VolumeMountStatus',
  'A volume mount as it really is.',
  {
    mountPath: string('Path in the container.'),
    name: string('Name of the volume.'),
    readOnly: boolean('Whether it is read-only.'),
    recursiveReadOnly: string('Enabled if mounts below are read-only as well, else Disabled. Never IfPossible: that has been decided.'),
    volumeStatus: field(VolumeStatus, 'More about the volume, if its type has more to say.'),
  },
  ['name', 'mountPath'],
)
export type VolumeMountStatus = FromSchema<typeof VolumeMountStatus>

export const ContainerStatus = object(
  'io.k8s.api.core.v1.ContainerStatus',
  'How a container of a pod is doing.',
  {
    allocatedResources: map(quantity(''), 'Requests the node has granted to the container.'),
    allocatedResourcesStatus: list(ResourceStatus, 'Health of the devices given to the container.', {
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    }),
    containerID: string('Identifier of the present or last container, as type://id.'),
    image: string('Name of the image that runs, possibly spelled differently from the spec.'),
    imageID: string('Identifier of the exact image, mostly with a digest.'),
    lastState: field(ContainerState, 'How the run before the present one ended. Empty if there was none.', { default: {} }),
    name: string('Name of the container in the spec.'),
    ready: boolean('Whether the readiness probe passes, or without one whether the container has started.'),
    resources: field(ResourceRequirements, 'Requests and limits as they are in force now.'),
    restartCount: int32('How often the container was restarted.'),
    started: boolean('Whether the start is complete: running, postStart through and the startup probe passed. Null or false until then.'),
    state: field(ContainerState, 'What the container does now.', { default: {} }),
    stopSignal: string('Signal the container is asked to end with.', {
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
    user: field(ContainerUser, 'User and groups the first process was started with.'),
    volumeMounts: list(VolumeMountStatus, 'The volume mounts of the container as they really are.', {
      'x-kubernetes-list-map-keys': ['mountPath'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'mountPath',
      'x-kubernetes-patch-strategy': 'merge',
    }),
  },
  ['name', 'ready', 'restartCount', 'image', 'imageID'],
)
export type ContainerStatus = FromSchema<typeof ContainerStatus>
