// pods/NAME/exec over a WebSocket: options checked as upstream, then the node's streams joined to the channels.
import { badRequest, internalError, invalidObject, required, type Status, StatusError } from '../../../openapi/errors.ts'
import { pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import type { Target } from '../../nodeproxy.ts'
import type { Api } from '../api.ts'
import { type Exchange, requestContext } from '../exchange.ts'
import { flag } from '../query.ts'
import { targetOf } from '../verbs/logs.ts'
import type { Channels } from './channels.ts'

export interface ExecRequest {
  target: Target
  argv: readonly string[]
  stdin: boolean
  stdout: boolean
  stderr: boolean
  tty: boolean
}

/** Everything that can be refused before the handshake. Throws StatusError. */
export async function execRequest(api: Api, exchange: Exchange): Promise<ExecRequest> {
  const { query, info } = exchange
  const [stdin, stdout, tty] = [flag(query, 'stdin'), flag(query, 'stdout'), flag(query, 'tty')]
  const stderr = flag(query, 'stderr')
  const argv = query.getAll('command')
  const pod = await api.registry.store(podKind).get(requestContext(exchange), info.name)
  const options = { group: '', kind: 'PodExecOptions' }
  if (!stdin && !stdout && !stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr')
  if (tty && stderr) throw badRequest('tty and stderr cannot both be true')
  if (argv.length === 0) throw invalidObject(options, info.name, [required('command', '')])
  const target = targetOf(pod, query.get('container') ?? '')
  if (!target) throw badRequest(`pod ${info.name} does not have a host assigned`)
  return { target, argv, stdin, stdout, stderr, tty }
}

export async function exec(api: Api, request: ExecRequest, channels: Channels): Promise<void> {
  const ending = new AbortController()
  channels.onClose(() => ending.abort())
  const stopListening = api.onClose(() => ending.abort())
  try {
    const { exitCode } = await api.nodes.exec(
      request.target,
      request.argv,
      {
        stdin: request.stdin ? channels.stdin : undefined,
        stdout: channels.stdout,
        stderr: request.tty ? undefined : channels.stderr,
        tty: request.tty,
        resize: channels.resize,
      },
      ending.signal,
    )
    await channels.finish(exitStatus(exitCode))
  } catch (error) {
    await channels.finish((error instanceof StatusError ? error : internalError(String((error as Error).message))).status)
  } finally {
    stopListening()
  }
}

/** What kubectl reads its own exit code from. */
const exitStatus = (exitCode: number): Omit<Status, 'kind' | 'apiVersion'> =>
  exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      }
