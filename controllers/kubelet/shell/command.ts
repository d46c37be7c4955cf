// What a shell command of ours is given. One file a family; shell/index.ts lists them.
import type { SecureFetch } from 'just-bash'

export interface Machine {
  hostname: string
  /** 'web-0.dullahan.default.svc.cluster.local' for a pod with a subdomain, else the host name. */
  fullName: string
  podIP: string
  /** What runs as process 1. */
  process: string
  search: readonly string[]
  dnsAddress: string
  now(): Date
  /** One question to the cluster's DNS; undefined: no answer came. */
  query(packet: Uint8Array, transport: 'udp' | 'tcp'): Promise<Uint8Array | undefined>
}

export interface Result {
  stdout: string
  stderr: string
  exitCode: number
}

/** What else a command reaches. */
export interface Reach {
  /** HTTP to other containers; throws what curl says of a connection that fails. */
  fetch(url: string, options: Parameters<SecureFetch>[1]): ReturnType<SecureFetch>
  /** A file, by a name as the shell takes it. */
  write(name: string, body: Uint8Array): Promise<void>
}

export interface Command {
  name: string
  run(args: readonly string[], machine: Machine, reach: Reach): Result | Promise<Result>
}

export const ok = (stdout: string): Result => ({ stdout, stderr: '', exitCode: 0 })
export const failed = (stderr: string, exitCode = 1): Result => ({ stdout: '', stderr, exitCode })
