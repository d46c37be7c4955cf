// What users do to the simulated world: let it settle, move time, break things. REST (/_kubemock/) and gRPC are two faces of this.
import { badRequest } from '../openapi/errors.ts'
import { parseDuration } from '../openapi/values/time.ts'

export interface Simulator {
  info(): object
  kubeconfig(): string
  now(): Date
  /** Resolves when nothing is left to do at this instant. */
  settle(): Promise<void>
  /** Moves the clock on; everything due meanwhile happens, in order. */
  advance(ms: number): Promise<void>
  /** Back to the cluster of the first moment; watchers see every deletion. */
  reset(): Promise<void>
  /** Forgets all history: watches and pages from older versions are answered 410. */
  compact(): Promise<void>
  /** The machine is cut off. Throws NotFound. */
  failNode(name: string): Promise<void>
  recoverNode(name: string): Promise<void>
  /** The pod's containers end with an error and do not come back: phase Failed. Throws NotFound. */
  failPod(namespace: string, name: string): Promise<void>
}

/** Milliseconds of a Go duration ('1h30m'). Throws BadRequest. */
export function durationMs(text: unknown): number {
  const ms = typeof text === 'string' ? parseDuration(text) : undefined
  if (ms === undefined || ms < 0) throw badRequest(`${JSON.stringify(text ?? '')} is not a duration such as 90s or 1h30m`)
  return ms
}
