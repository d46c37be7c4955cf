// pods/NAME/portforward: connections into a pod, each as a pair of streams, one for its bytes and one for what went wrong. kubectl opens them
// as SPDY streams, over a WebSocket or plain; browsers' clients have one pair for each port that the address of the request names.
import { type Duplex, pipeline } from 'node:stream'
import type { WebSocket } from 'ws'
import { badRequest, StatusError } from '../../../openapi/errors.ts'
import type { Kind } from '../../../openapi/kind.ts'
import { pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import type { PodTarget } from '../../nodeproxy.ts'
import type { Api } from '../api.ts'
import type { Exchange } from '../exchange.ts'
import { admitConnect } from '../verbs/connect.ts'
import { noHost } from './exec.ts'
import { messageOf, partsOf } from './framing.ts'
import { type KubeletAddress, kubeletOfPod, podOf } from './kubelet.ts'
import { type SpdyStream, serveSpdy } from './spdy.ts'

export const portForwardProtocol = 'portforward.k8s.io'
/** SPDY frames in binary messages. */
export const tunnelProtocol = `SPDY/3.1+${portForwardProtocol}`

export interface PortForwardRequest {
  target: PodTarget
  kubelet: KubeletAddress
  /** Only those that the request names; SPDY streams name theirs themselves. */
  ports: readonly number[]
}

/** Everything that can be refused before the handshake. Throws StatusError. */
export async function portForwardRequest(api: Api, exchange: Exchange): Promise<PortForwardRequest> {
  const { name, namespace } = exchange.info
  await admitConnect(api, podKind as unknown as Kind, exchange)
  const pod = await podOf(api, exchange)
  const { nodeName } = pod.spec
  if (!nodeName) throw noHost(name)
  const ports = exchange.query
    .getAll('ports')
    .flatMap(text => text.split(','))
    .map(portOf)
  return { target: { node: nodeName, namespace, pod: name }, kubelet: await kubeletOfPod(api, exchange, nodeName), ports }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw badRequest(`invalid port ${JSON.stringify(text)}`)
  return port
}

/** Streams come in pairs with one request id; the connection into the pod is made when both are there. Resolves when the client is gone. */
export async function forwardSpdy(api: Api, { target }: PortForwardRequest, connection: Duplex): Promise<void> {
  const waiting = new Map<string, SpdyStream>()
  const session = serveSpdy(connection, stream => {
    const id = stream.headers.requestid || stream.headers.port || ''
    const other = waiting.get(id)
    if (!other) {
      waiting.set(id, stream)
      return
    }
    waiting.delete(id)
    const [data, error] = stream.headers.streamtype === 'error' ? [other, stream] : [stream, other]
    join(api, { target, port: Number(stream.headers.port) }, data.body, error.body)
  })
  const stop = api.onClose(() => session.close())
  await new Promise(resolve => connection.once('close', resolve))
  stop()
}

function join(api: Api, { target, port }: { target: PodTarget; port: number }, data: Duplex, error: Duplex): void {
  error.resume()
  try {
    const inside = api.nodes.portForward(target, port)
    pipeline(data, inside, data, () => error.end())
  } catch (failure) {
    if (!(failure instanceof StatusError)) throw failure
    error.end(failure.message)
    data.destroy()
  }
}

/** Two channels a port, data and errors; each begins with the port's number. Resolves when the client is gone. */
export async function forwardChannels(api: Api, { target, ports }: PortForwardRequest, socket: WebSocket, text: boolean): Promise<void> {
  const send = (channel: number, bytes: Buffer) => {
    if (socket.readyState === socket.OPEN) socket.send(messageOf(channel, bytes, text), { binary: !text })
  }
  const connections = ports.map((port, index) => {
    const number = Buffer.alloc(2)
    number.writeUInt16LE(port)
    send(2 * index, number)
    send(2 * index + 1, number)
    return connected(api, target, port, {
      data: bytes => send(2 * index, bytes),
      error: message => send(2 * index + 1, Buffer.from(message)),
    })
  })
  socket.on('message', (message: Buffer) => {
    const [channel, bytes] = partsOf(message, text)
    if (channel % 2 === 0) connections[channel / 2]?.write(bytes)
  })
  const stop = api.onClose(() => socket.close(1001))
  await new Promise(resolve => socket.once('close', resolve))
  stop()
  for (const connection of connections) connection?.destroy()
}

function connected(
  api: Api,
  target: PodTarget,
  port: number,
  to: { data(bytes: Buffer): void; error(message: string): void },
): Duplex | undefined {
  try {
    return api.nodes
      .portForward(target, port)
      .on('data', to.data)
      .on('error', () => {})
  } catch (failure) {
    if (!(failure instanceof StatusError)) throw failure
    to.error(failure.message)
    return undefined
  }
}
