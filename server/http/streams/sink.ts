// Where a watch writes its events: a response that stays open, or a WebSocket with one message an event.
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

export interface EventSink {
  begin(contentType: string): void
  /** False: the client reads slower than we write; wait for `drained`. */
  write(frame: Buffer): boolean
  drained(signal: AbortSignal): Promise<void>
  onClose(run: () => void): void
  end(): void
  /** Ends it at once; what the client has not read is lost. */
  cut(): void
}

/** Of a client that does not read; what it reads later waits as changes. */
const highWaterBytes = 1024 * 1024

/** What comes within one turn of the event loop leaves in one record: a busy watch costs less, an idle one waits for nobody. */
export function responseSink(response: ServerResponse): EventSink {
  let corked = false
  const uncork = () => {
    corked = false
    response.uncork()
  }
  return {
    begin(contentType) {
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache, private' })
      response.flushHeaders()
    },
    write(frame) {
      if (!corked) {
        corked = true
        response.cork()
        setImmediate(uncork)
      }
      return response.write(frame) || response.writableLength < highWaterBytes
    },
    drained: signal => once(signal, done => response.once('drain', done)),
    onClose: run => void response.once('close', run),
    end: () => void response.end(),
    cut: () => void response.destroy(),
  }
}

/** The length that precedes each protobuf frame in a response; a message has its own. */
const prefixBytes = 4

/** `accept` completes the handshake: until begin() an error can still be a plain answer. `connection` is what it goes over. */
export function webSocketSink(accept: () => WebSocket, connection: Duplex): EventSink {
  let socket: WebSocket | undefined
  let binary = false
  let onClosed = () => {}
  return {
    begin(contentType) {
      binary = contentType.includes('protobuf')
      socket = accept()
      socket.on('close', () => onClosed())
    },
    write(frame) {
      socket?.send(binary ? frame.subarray(prefixBytes) : frame, { binary })
      return (socket?.bufferedAmount ?? 0) < highWaterBytes
    },
    // ws tells no drain: a message's callback comes when it and all before it were written.
    drained: signal => once(signal, done => socket?.ping(undefined, undefined, done)),
    onClose(run) {
      onClosed = run
    },
    end() {
      socket?.close(1000)
      // Upstream does not wait for the client's own close.
      connection.end()
    },
    cut: () => socket?.terminate(),
  }
}

function once(signal: AbortSignal, listen: (done: () => void) => void): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    listen(done)
  })
}
