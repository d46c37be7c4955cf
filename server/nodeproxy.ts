// NodeProxy: what the apiserver asks of a kubelet. controllers/kubelet answers it, cluster.ts joins the two.
import type { Duplex, Readable, Writable } from 'node:stream'

export interface Target {
  node: string
  namespace: string
  pod: string
  container: string
}

export interface LogOptions {
  follow: boolean
  previous: boolean
  timestamps: boolean
  tailLines?: number
  limitBytes?: number
  sinceSeconds?: number
  sinceTime?: Date
}

export interface ExecStreams {
  stdin?: Readable
  stdout: Writable
  /** Absent with a tty: everything goes to stdout. */
  stderr?: Writable
  tty: boolean
  /** Terminal sizes as they change. */
  resize?(listener: (size: { width: number; height: number }) => void): void
}

export interface NodeProxy {
  /** Throws StatusError when the node or the container cannot answer. */
  logs(target: Target, options: LogOptions, signal: AbortSignal): AsyncIterable<string>
  exec(target: Target, argv: readonly string[], streams: ExecStreams, signal: AbortSignal): Promise<{ exitCode: number }>
  portForward(target: Target, port: number, stream: Duplex): Promise<void>
}
