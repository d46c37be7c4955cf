// What runs in the containers: file systems, commands, logs. Answers as the nodes' kubelets; nothing is made before it is asked for.
import type { Duplex } from 'node:stream'
import { badRequest, internalError, notSupportedHere, StatusError } from '../../openapi/errors.ts'
import { node as nodeKind } from '../../openapi/kinds/core/node.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { ExecStreams, LogOptions, NodeProxy, Target } from '../../server/nodeproxy.ts'
import type { Context } from '../runtime/controller.ts'
import { type ClusterDns, environment, etcFiles, expand, hostnameOf, searchPath } from './environment.ts'
import { type Bash, FileSystems, type Mount, part, readOnly } from './filesystem.ts'
import type { Container } from './images/image.ts'
import { imageOf } from './images/index.ts'
import { Logs } from './logs.ts'
import type { Machine } from './shell/command.ts'
import { commands } from './shell/index.ts'
import { contentOf } from './volumes.ts'

export interface RuntimeOptions {
  dns: ClusterDns & Pick<Machine, 'query'>
  /** A node whose kubelet is cut off answers nothing. */
  cutOff(node: string): boolean
}

export interface PodRuntime {
  attach(context: Context): void
  /** A pod's containers run (again). */
  started(pod: Pod): void
  stopped(pod: Pod): void
  /** The persistent volumes there are; the data of others goes. */
  keepVolumes(identities: readonly string[]): void
  nodes: NodeProxy
}

/** Loaded with the first command. */
interface Shells {
  bash: Bash
  fileSystems: FileSystems
}

export function createRuntime(options: RuntimeOptions): PodRuntime {
  const logs = new Logs()
  let context: Context | undefined
  let shells: Shells | undefined
  const load = async (): Promise<Shells> => {
    const bash = await import('just-bash')
    shells ??= { bash, fileSystems: new FileSystems(bash, [...bash.getCommandNames(), ...commands.map(c => c.name)]) }
    return shells
  }
  const running = (target: Target): { pod: Pod; container: Container; context: Context } => {
    if (!context) throw internalError('the kubelet has not started')
    return { ...find(target, options, context), context }
  }
  return {
    attach(given) {
      context = given
    },
    started: pod => logs.started(pod, context?.clock.now() ?? new Date(0)),
    stopped(pod) {
      logs.stopped(pod)
      shells?.fileSystems.forgetContainers(`${pod.metadata.uid}/`)
      shells?.fileSystems.forgetVolumes(`pod/${pod.metadata.uid}/`)
    },
    keepVolumes: identities => shells?.fileSystems.keepVolumes(new Set(identities)),
    nodes: {
      async *logs(target, wanted, signal) {
        const { pod, container, context: at } = running(target)
        yield* logs.read({ pod, container }, checked(pod, container, wanted), { clock: at.clock, signal })
      },
      async exec(target, argv, streams, signal) {
        const place = running(target)
        mustRun(place.pod, place.container)
        const { bash, fileSystems } = await load()
        return { exitCode: await execute({ ...place, ...options, bash, fileSystems }, argv, streams, signal) }
      },
      portForward: (_target: Target, _port: number, _stream: Duplex) => Promise.reject(notSupportedHere('pods/portforward')),
    },
  }
}

function find(
  { node, namespace, pod: name, container: wanted }: Target,
  { cutOff }: RuntimeOptions,
  context: Context,
): { pod: Pod; container: Container } {
  if (cutOff(node)) {
    const address =
      context
        .informer(nodeKind)
        .get({ name: node })
        ?.status.addresses?.find(a => a.type === 'InternalIP')?.address ?? node
    throw new StatusError(500, '', `error dialing backend: dial tcp ${address}:10250: connect: no route to host`)
  }
  const pod = context.informer(podKind).get({ namespace, name })
  const all = [...(pod?.spec.containers ?? []), ...(pod?.spec.initContainers ?? [])]
  const container = all.find(c => c.name === wanted)
  if (!pod || !container)
    throw new StatusError(404, 'NotFound', `container ${wanted} of pod ${namespace}/${name} does not exist on ${node}`)
  return { pod, container: container as Container }
}

const statusOf = (pod: Pod, { name }: Container) =>
  [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].find(status => status.name === name)

function mustRun(pod: Pod, container: Container): void {
  if (!statusOf(pod, container)?.state.running)
    throw internalError(`unable to upgrade connection: container not found (${JSON.stringify(container.name)})`)
}

/** As a kubelet refuses logs that cannot be there yet. */
function checked(pod: Pod, container: Container, options: LogOptions): LogOptions {
  const status = statusOf(pod, container)
  const name = JSON.stringify(container.name)
  if (options.previous && !status?.lastState?.terminated)
    throw badRequest(`previous terminated container ${name} in pod ${JSON.stringify(pod.metadata.name)} not found`)
  const waiting = status?.state.waiting
  if (!status || (waiting && !status.lastState?.terminated))
    throw badRequest(
      `container ${name} in pod ${JSON.stringify(pod.metadata.name)} is waiting to start: ${waiting?.reason ?? 'ContainerCreating'}`,
    )
  return options
}

interface Place extends RuntimeOptions {
  pod: Pod
  container: Container
  context: Context
  bash: Bash
  fileSystems: FileSystems
}

async function execute(place: Place, argv: readonly string[], streams: ExecStreams, signal: AbortSignal): Promise<number> {
  const { pod, container, context, bash } = place
  const { Session } = await import('./shell/session.ts')
  const variables = await environment(pod, container, context)
  const session = new Session({
    bash,
    fileSystem: await fileSystemOf(place, variables),
    environment: { ...variables, ...(streams.tty ? { TERM: 'xterm' } : {}) },
    workingDirectory: container.workingDir ?? '/',
    machine: machineOf(place),
    sleep: ms => new Promise(resolve => void context.clock.after(ms, resolve)),
  })
  const code = await session.run(argv, streams, signal)
  if (code !== undefined) return code
  const program = JSON.stringify(argv[0] ?? '')
  throw internalError(
    `error executing command in container: failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: ${program}: executable file not found in $PATH`,
  )
}

function machineOf({ pod, container, dns, context }: Place): Machine {
  const hostname = hostnameOf(pod)
  return {
    hostname,
    fullName: pod.spec.subdomain ? `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${dns.domain}` : hostname,
    podIP: pod.status.podIP ?? '',
    process: [...(container.command ?? []), ...(container.args ?? [])].join(' ') || container.name,
    search: searchPath(pod, dns),
    dnsAddress: dns.address,
    now: () => context.clock.now(),
    query: dns.query,
  }
}

async function fileSystemOf(place: Place, variables: Readonly<Record<string, string>>): Promise<Awaited<ReturnType<FileSystems['root']>>> {
  const { pod, container, dns, fileSystems } = place
  const root = await fileSystems.root(runOf(place), { ...imageOf(container).files, ...etcFiles(pod, dns) })
  const mounts: Mount[] = []
  for (const mount of container.volumeMounts ?? []) {
    const subPath = mount.subPathExpr ? expand(mount.subPathExpr, variables) : (mount.subPath ?? '')
    const mounted = await mountOf(place, mount, subPath.replace(/\/+$/, ''))
    if (mounted) mounts.push(mounted)
  }
  return fileSystems.mounted(root, mounts)
}

/** One run of a container: a restart begins with fresh files. */
const runOf = ({ pod, container }: Place): string => `${pod.metadata.uid}/${container.name}/${statusOf(pod, container)?.restartCount ?? 0}`

async function mountOf(
  place: Place,
  { name, mountPath, readOnly: fixed }: NonNullable<Container['volumeMounts']>[number],
  subPath: string,
): Promise<Mount | undefined> {
  const { pod, container, context, fileSystems } = place
  const path = mountPath.replace(/(.)\/+$/, '$1')
  const volume = pod.spec.volumes?.find(v => v.name === name)
  if (!volume) return undefined
  const content = await contentOf(pod, volume, container, context)
  // A part of an object's files stays as it was when the container started.
  const whole =
    'files' in content
      ? await fileSystems.rendered(content.files, subPath ? `pod/${runOf(place)}${path}` : undefined)
      : fileSystems.volume(content.identity)
  const shown = subPath ? await part(whole, `/${subPath}`) : whole
  return { path, fileSystem: fixed || 'files' in content || content.readOnly ? readOnly(shown, path) : shown }
}
