// Requests whose method Node's parser does not know. It gives up on them with the bytes it has seen; they are read here, so that they are
// answered as any other request. Only what comes whole in one piece, first on its connection or after a pause: nobody needs more.
import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\/\S*) HTTP\/1\.1$/

/** undefined: the bytes are no request. */
export function requestOf({ code, rawPacket }: { code?: string; rawPacket?: Buffer }, socket: Socket): IncomingMessage | undefined {
  if (code !== 'HPE_INVALID_METHOD' || !rawPacket) return undefined
  const [head = '', rest] = rawPacket.toString('latin1').split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const [, method, url] = requestLine.exec(first) ?? []
  if (!method || !url || rest === undefined) return undefined
  const request = new IncomingMessage(socket)
  Object.assign(request, { method, url, httpVersion: '1.1' })
  for (const line of lines) {
    const at = line.indexOf(':')
    if (at <= 0) return undefined
    request.headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim()
  }
  return request.headers.host === undefined ? undefined : request
}
