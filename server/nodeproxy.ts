// NodeProxy: what the apiserver asks of nodes and of the pods' network. controllers/kubelet answers it, cluster.ts joins the two.
import type { Duplex, Readable, Writable } from 'node:stream'

export interface PodTarget {
  node: string
  namespace: string
  pod: string
}

export interface Target extends PodTarget {
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
  /** Why nobody answers at the node's kubelet, as the system says it; undefined: it answers. */
  unreachable(node: string): 'connection refused' | 'no route to host' | undefined
  /** Throws StatusError when the container cannot answer; so do exec, attach and portForward. */
  logs(target: Target, options: LogOptions, signal: AbortSignal): AsyncIterable<string>
  exec(target: Target, argv: readonly string[], streams: ExecStreams, signal: AbortSignal): Promise<{ exitCode: number }>
  /** Joins the container's own program, until that ends. */
  attach(target: Target, streams: ExecStreams, signal: AbortSignal): Promise<void>
  /** A connection to a port inside the pod. */
  portForward(target: PodTarget, port: number): Duplex
  /** A connection into the pods' network; undefined: nobody listens there. */
  connect(address: string, port: number): Duplex | undefined
  /** A connection to the kubelet itself, which speaks HTTP. */
  kubelet(node: string): Duplex
}

const noNode = (): never => {
  throw new Error('bug: no node answers')
}

/** Without kubelets nobody answers for a node. */
export const nobody: NodeProxy = {
  unreachable: () => 'connection refused',
  logs: noNode,
  exec: noNode,
  attach: noNode,
  portForward: noNode,
  connect: () => undefined,
  kubelet: noNode,
}
