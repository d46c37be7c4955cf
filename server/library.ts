// What the package says to TypeScript. Its declarations are made from this file (build/types.mjs), so it reaches nothing with large types;
// index.ts keeps the promise.
/// <reference lib="esnext.disposable" preserve="true" />
import type { ControlledClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Simulator } from './simulator.ts'

export type { Config, Simulator }

export interface Cluster {
  /** https://HOST:PORT */
  url: string
  /** 127.0.0.1:PORT, or '' when not served. */
  grpcAddress: string
  dnsAddress: string
  /** A kubeconfig of the administrator, as text. */
  kubeconfig: string
  adminToken: string
  clock: ControlledClock
  simulator: Simulator
  /** Resolves when nothing is left to do now: queues empty, watches delivered. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface StartOptions extends Partial<Config> {
  /** Time stands still at this instant until clock.advance() moves it. */
  pausedAt?: Date
  /** Called for failures inside; the default prints them to standard error. */
  logError?(error: unknown): void
}

/** A cluster on free ports that keeps nothing on disk. Close it, or use `await using`. */
export declare function startCluster(options?: StartOptions): Promise<Cluster & AsyncDisposable>
