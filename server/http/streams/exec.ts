// pods/NAME/exec over a WebSocket: options checked as upstream, then the node's streams joined to the channels.
import { badRequest, internalError, type Status, StatusError } from '../../../openapi/errors.ts'
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

/** The container a stream is asked with. Throws what is said before any upgrade. */
export async function streamTarget(api: Api, exchange: Exchange): Promise<Target> {
  const { name } = exchange.info
  const pod = await api.registry.store(podKind).get(requestContext(exchange), name)
  const target = targetOf(pod, exchange.query.get('container') ?? '')
  if (!target) throw badRequest(`pod ${name} does not have a host assigned`)
  return target
}

/** Everything that can be refused before the handshake. Throws StatusError. */
export async function execRequest(api: Api, exchange: Exchange): Promise<ExecRequest> {
  const { query } = exchange
  return {
    target: await streamTarget(api, exchange),
    argv: query.getAll('command'),
    stdin: flag(query, 'stdin'),
    stdout: flag(query, 'stdout'),
    stderr: flag(query, 'stderr'),
    tty: flag(query, 'tty'),
  }
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
