// What runs in the containers: file systems, commands, logs. Answers as the nodes' kubelets; nothing is made before it is asked for.
import { Writable } from 'node:stream'
import type { SecureFetch } from 'just-bash'
import { badRequest, internalError, StatusError } from '../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import type { ExecStreams, LogOptions, NodeProxy, PodTarget, Target } from '../../server/nodeproxy.ts'
import type { Context, ObjectKey } from '../runtime/controller.ts'
import { keyOf } from '../runtime/owners.ts'
import { onNode } from '../runtime/pods.ts'
import { HttpServer } from './connection.ts'
import { type ClusterDns, environment, etcFiles, expand, hostnameOf, searchPath } from './environment.ts'
import { type Bash, FileSystems, type Mount, part, readOnly } from './filesystem.ts'
import type { Container } from './images/image.ts'
import { imageOf } from './images/index.ts'
import { respondAsKubelet } from './kubeletserver.ts'
import { Logs } from './logs.ts'
import { type Listener, listenerAt, listenerIn, request, respondAs } from './network.ts'
import { type ContainerStatus, isRunning, type RunOf, statusOf } from './podstatus.ts'
import { type Outcome, type RunKey, Runs } from './runs.ts'
import { Sessions } from './sessions.ts'
import type { Machine } from './shell/command.ts'
import { canRun, programNames } from './shell/index.ts'
import { addressOf } from './shell/resolver.ts'
import { contentOf } from './volumes.ts'
import { programIn, workOf } from './work.ts'

export interface RuntimeOptions {
  dns: ClusterDns & Pick<Machine, 'query'>
  /** Milliseconds that the work of a Job's pod takes, when nothing else is known. */
  workMs: number
  unreachable: NodeProxy['unreachable']
}

export interface PodRuntime {
  /** `look`: a pod whose programs went on is to be looked at. */
  attach(context: Context, look: (pod: ObjectKey) => void): void
  /** Containers of the pod run: their programs do, once for each run. */
  started(pod: Pod): void
  /** As the pod is now: what clients do in containers that run no more is over. */
  seen(pod: Pod): void
  outcome(pod: Pod, run: RunOf): Outcome
  /** Resolves when none of its programs works at this instant. */
  quiet(pod: Pod): Promise<void>
  /** The pod with this uid is gone: its programs stop, its logs and files go. */
  stopped(uid: string): void
  /** The persistent volumes there are; the data of others goes. */
  keepVolumes(identities: readonly string[]): void
  nodes: NodeProxy
}

const runKey = (pod: Pod, { name, restartCount }: RunOf): RunKey => ({ pod: pod.metadata.uid, name, restartCount })

/** Loaded with the first command. */
interface Shells {
  bash: Bash
  fileSystems: FileSystems
}

export function createRuntime(options: RuntimeOptions): PodRuntime {
  const logs = new Logs()
  const runs = new Runs()
  const sessions = new Sessions()
  let context: Context | undefined
  let look: (pod: ObjectKey) => void = () => {}
  let shells: Shells | undefined
  const load = async (): Promise<Shells> => {
    const bash = await import('just-bash')
    shells ??= { bash, fileSystems: new FileSystems(bash, programNames(bash)) }
    return shells
  }
  const started = (): Context => {
    if (!context) throw internalError('the kubelet has not started')
    return context
  }
  const running = (target: Target) => ({
    ...find(target, started()),
    context: started(),
  })
  const place = async ({ pod, container }: Listener): Promise<Place> => {
    const at = started()
    const sleep = (ms: number) => new Promise<void>(resolve => void at.clock.after(ms, resolve))
    return { pod, container, context: at, ...options, ...(await load()), sleep }
  }
  const runProgram = (pod: Pod, container: Container, status: ContainerStatus, at: Context): void => {
    const source = { pod, container, run: status.restartCount }
    runs.start(runKey(pod, status), programIn(pod, container, options.workMs), at.clock, {
      async execute(argv, sleep, signal) {
        const { bash, fileSystems } = await load()
        const script = /^-\w*c$/.test(argv[1] ?? '') ? (argv[2] ?? '') : ''
        // A server, or what waits for one with a tool that is not here.
        if (!canRun(bash, script)) return unknownWork(pod, sleep)
        const streams = said(text => logs.write(source, text, at.clock.now()))
        const exitCode = await execute({ pod, container, context: at, ...options, bash, fileSystems, sleep }, argv, streams, signal)
        logs.ended(source)
        return exitCode
      },
      changed: () => look(keyOf(pod)),
    })
  }
  /** undefined: it stays up. */
  const unknownWork = async (pod: Pod, sleep: (ms: number) => Promise<void>): Promise<number | undefined> => {
    const work = workOf(pod, options.workMs)
    if (!work) return undefined
    await sleep(work.ms)
    return work.exitCode ?? 0
  }
  return {
    attach(given, add) {
      context = given
      look = add
    },
    started(pod) {
      if (!context) return
      logs.started(pod, context.clock.now())
      for (const container of containersOf(pod)) {
        const status = statusOf(pod, container)
        if (status?.state.running) runProgram(pod, container, status, context)
      }
    },
    seen(pod) {
      sessions.end(pod.metadata.uid, run => isRunning(pod, run))
      logs.end(pod.metadata.uid, run => isRunning(pod, run))
    },
    outcome: (pod, run) => runs.outcome(runKey(pod, run)),
    quiet: pod => runs.quiet(pod.metadata.uid),
    stopped(uid) {
      logs.stopped(uid)
      sessions.end(uid)
      runs.forget(uid)
      shells?.fileSystems.forgetContainers(`${uid}/`)
      shells?.fileSystems.forgetVolumes(`pod/${uid}/`)
    },
    keepVolumes: identities => shells?.fileSystems.keepVolumes(new Set(identities)),
    nodes: nodesOf({ options, logs, runs, sessions, started, running, place, look: pod => look(pod) }),
  }
}

interface Parts {
  options: RuntimeOptions
  logs: Logs
  runs: Runs
  sessions: Sessions
  started(): Context
  running(target: Target): Listener & { context: Context }
  place(at: Listener): Promise<Place>
  look(pod: ObjectKey): void
}

function nodesOf({ options, logs, runs, sessions, started, running, place, look }: Parts): NodeProxy {
  const http = new HttpServer()
  const connectTo = (listener: Listener) => {
    const respond = respondAs(listener, async (theirs, path) => fileOf(await place(theirs), path))
    const { pod, container } = listener
    return http.connect(async (request, response) => {
      // A connection may outlive the one it was made to.
      const now = started().informer(podKind).get(keyOf(pod))
      if (now?.metadata.uid === pod.metadata.uid && statusOf(now, container)?.state.running) return respond(request, response)
      response.destroy()
    })
  }
  async function* readLogs(target: Target, wanted: LogOptions, signal: AbortSignal): AsyncGenerator<string> {
    const { pod, container, context: at } = running(target)
    const run = (statusOf(pod, container)?.restartCount ?? 0) - (wanted.previous ? 1 : 0)
    yield* logs.read({ pod, container, run }, checked(pod, container, wanted), { clock: at.clock, signal })
  }
  return {
    unreachable: options.unreachable,
    logs: readLogs,
    async exec(target, argv, streams, signal) {
      const { pod, container } = running(target)
      const run = runKey(pod, mustRun(pod, container))
      const work = async (ending: AbortSignal) => execute(await place({ pod, container }), argv, streams, ending)
      return { exitCode: (await sessions.within(run, signal, work)) ?? killed }
    },
    async attach(target, streams, signal) {
      const { pod, container, context: at } = running(target)
      const status = mustRun(pod, container)
      const program = programIn(pod, container, options.workMs)
      if (program.does !== 'listen') return follow(readLogs(target, onlyNew, signal), streams)
      const run = runKey(pod, status)
      if (!streams.stdin) return sessions.within(run, signal, until)
      const source = { pod, container, run: status.restartCount }
      // A terminal's prompts and echoes are no lines of a log.
      const heard = streams.tty ? streams : overheard(streams, text => logs.write(source, text, at.clock.now()))
      const work = async (ending: AbortSignal) => execute(await place({ pod, container }), program.argv, heard, ending)
      const exitCode = await sessions.within(run, signal, work)
      // Who leaves a shell that others may attach to does not end it.
      if (exitCode === undefined || (signal.aborted && !container.stdinOnce)) return
      runs.end(run, { exitCode, at: at.clock.now() })
      look(keyOf(pod))
    },
    portForward(target, port) {
      const pod = findPod(target, started())
      const listener = listenerIn(pod, port)
      if (listener) return connectTo(listener)
      const inside = 'failed to connect to localhost inside namespace'
      throw new StatusError(
        500,
        '',
        `error forwarding port ${port} to pod ${pod.metadata.uid}, uid : ${inside}: dial tcp 127.0.0.1:${port}: connect: connection refused`,
      )
    },
    connect(address, port) {
      const listener = listenerAt(address, port, started())
      return listener && connectTo(listener)
    },
    kubelet: node => http.connect(respondAsKubelet({ node, pods: () => started().informer(podKind).by(onNode, node), logs: readLogs })),
  }
}

/** By SIGKILL. */
const killed = 137

const onlyNew: LogOptions = { follow: true, previous: false, timestamps: false, tailLines: 0 }

async function follow(lines: AsyncIterable<string>, { stdout }: ExecStreams): Promise<void> {
  for await (const line of lines) stdout.write(line)
}

const until = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** The same streams; what is said on them is written down as well. */
function overheard(streams: ExecStreams, write: (text: string) => void): ExecStreams {
  const both = (to: Writable) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        write(chunk.toString())
        to.write(chunk, done)
      },
    })
  return { ...streams, stdout: both(streams.stdout), ...(streams.stderr ? { stderr: both(streams.stderr) } : {}) }
}

function find(target: Target, context: Context): { pod: Pod; container: Container } {
  const { node, namespace, pod: name, container: wanted } = target
  const pod = findPod(target, context)
  const container = containersOf(pod).find(c => c.name === wanted)
  if (!container) throw new StatusError(404, 'NotFound', `container ${wanted} of pod ${namespace}/${name} does not exist on ${node}`)
  return { pod, container }
}

function findPod({ node, namespace, pod: name }: PodTarget, context: Context): Pod {
  const pod = context.informer(podKind).get({ namespace, name })
  if (!pod) throw new StatusError(404, 'NotFound', `pod ${namespace}/${name} does not exist on ${node}`)
  return pod
}

/** Of every sort; their names differ. */
const containersOf = ({ spec }: Pod): Container[] =>
  [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])] as Container[]

function mustRun(pod: Pod, container: Container): ContainerStatus {
  const status = statusOf(pod, container)
  if (!status?.state.running) throw internalError(`unable to upgrade connection: container not found (${JSON.stringify(container.name)})`)
  return status
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
  // Of a run that is over no more is to come.
  return status.state.running ? options : { ...options, follow: false }
}

interface Place extends RuntimeOptions {
  pod: Pod
  container: Container
  context: Context
  bash: Bash
  fileSystems: FileSystems
  /** Waits on the cluster's clock. */
  sleep(ms: number): Promise<void>
}

/** Where a program's words go that is not attached to anybody: its log. */
function said(write: (text: string) => void): ExecStreams {
  const stream = () =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        write(chunk.toString())
        done()
      },
    })
  return { stdout: stream(), stderr: stream(), tty: false }
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
    sleep: place.sleep,
    fetch: (url, options) => fetchFrom(place, url, options),
  })
  const code = await session.run(argv, streams, signal)
  if (code !== undefined) return code
  const program = JSON.stringify(argv[0] ?? '')
  throw internalError(
    `error executing command in container: failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: ${program}: executable file not found in $PATH`,
  )
}

/** curl's way out: to other containers only. */
async function fetchFrom(place: Place, url: string, options: Parameters<SecureFetch>[1] = {}): Promise<Awaited<ReturnType<SecureFetch>>> {
  const { context } = place
  const answer = await request(
    new URL(url),
    { method: options.method ?? 'GET', headers: Object.fromEntries(new Headers(options.headers)), body: options.body ?? '' },
    {
      caches: context,
      resolve: name => addressOf(name, machineOf(place)),
      read: ({ pod, container }, path) => fileOf({ ...place, pod, container }, path),
    },
  )
  return { ...answer, headers: { ...answer.headers }, url }
}

/** undefined: there is no such file in the container. */
async function fileOf(place: Place, path: string): Promise<Uint8Array | undefined> {
  const fileSystem = await fileSystemOf(place, await environment(place.pod, place.container, place.context))
  return (await fileSystem.exists(path)) && (await fileSystem.stat(path)).isFile ? fileSystem.readFileBuffer(path) : undefined
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
