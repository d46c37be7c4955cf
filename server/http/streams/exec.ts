// pods/NAME/exec and attach: options checked as upstream, then the node's streams joined to the client's channels.
import { badRequest, internalError, type Status, StatusError } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import { pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import type { Target } from '../../nodeproxy.ts'
import type { Api } from '../api.ts'
import type { Exchange } from '../exchange.ts'
import { flag } from '../query.ts'
import { admitConnect } from '../verbs/connect.ts'
import { targetOf } from '../verbs/logs.ts'
import type { Channels } from './channels.ts'
import { dialForStream, type KubeletAddress, kubeletOfPod, podOf } from './kubelet.ts'

export interface ExecRequest {
  target: Target
  kubelet: KubeletAddress
  /** undefined: an attach. */
  argv: readonly string[] | undefined
  stdin: boolean
  stdout: boolean
  stderr: boolean
  tty: boolean
}

export const noHost = (pod: string): StatusError => badRequest(`pod ${pod} does not have a host assigned`)

/** Everything that can be refused before the handshake. Throws StatusError. */
export async function execRequest(api: Api, exchange: Exchange): Promise<ExecRequest> {
  const { query } = exchange
  await admitConnect(api, podKind as unknown as Kind, exchange)
  const pod = await podOf(api, exchange)
  const target = targetOf(pod, query.get('container') ?? '')
  if (!target) throw noHost(pod.metadata.name)
  return {
    target,
    kubelet: await kubeletOfPod(api, exchange, target.node),
    argv: exchange.info.subresource === 'exec' ? query.getAll('command') : undefined,
    stdin: flag(query, 'stdin'),
    stdout: flag(query, 'stdout'),
    stderr: flag(query, 'stderr') && !flag(query, 'tty'),
    tty: flag(query, 'tty'),
  }
}

export async function exec(api: Api, request: ExecRequest, channels: Channels): Promise<void> {
  const ending = new AbortController()
  channels.onClose(() => ending.abort())
  const stopListening = api.onClose(() => ending.abort())
  try {
    dialForStream(api, request.kubelet, kubeletPath(request))
    await channels.finish(await joined(api, request, channels, ending.signal))
  } catch (error) {
    const { status } = error instanceof StatusError ? error : internalError(String((error as Error).message))
    const { kind: _kind, apiVersion: _apiVersion, ...end } = status
    await channels.finish(end)
  } finally {
    stopListening()
  }
}

async function joined(api: Api, { target, argv, ...wanted }: ExecRequest, channels: Channels, signal: AbortSignal): Promise<EndStatus> {
  const streams = {
    stdin: wanted.stdin ? channels.stdin : undefined,
    stdout: channels.stdout,
    stderr: wanted.tty ? undefined : channels.stderr,
    tty: wanted.tty,
    resize: channels.resize,
  }
  if (argv) return exitStatus((await api.nodes.exec(target, argv, streams, signal)).exitCode)
  await api.nodes.attach(target, streams, signal)
  return exitStatus(0)
}

/** How a kubelet is asked for the same. */
function kubeletPath({ target, argv, stdin, stdout, stderr, tty }: ExecRequest): string {
  const query = new URLSearchParams((argv ?? []).map((word): [string, string] => ['command', word]))
  for (const [name, value] of Object.entries({ error: stderr, input: stdin, output: stdout, tty })) if (value) query.append(name, '1')
  return `/${argv ? 'exec' : 'attach'}/${target.namespace}/${target.pod}/${target.container}?${query}`
}

type EndStatus = Omit<Status, 'kind' | 'apiVersion'>

/** What kubectl reads its own exit code from. */
const exitStatus = (exitCode: number): EndStatus =>
  exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      }
