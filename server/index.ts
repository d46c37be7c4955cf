// The library: a cluster in your own process.
//   await using cluster = await startCluster()
import { type Cluster, createCluster } from './cluster.ts'
import { type Config, defaults } from './config.ts'

export type { Cluster, Config }

export interface StartOptions extends Partial<Config> {
  /** Time stands still at this instant until clock.advance() moves it. */
  pausedAt?: Date
  /** Called for failures inside; the default prints them to standard error. */
  logError?(error: unknown): void
}

/** A cluster on free ports that keeps nothing on disk. Close it, or use `await using`. */
export async function startCluster({ pausedAt, logError, ...config }: StartOptions = {}): Promise<Cluster & AsyncDisposable> {
  const cluster = await createCluster({
    config: { ...defaults(), port: 0, grpcPort: -1, dnsPort: -1, stateDir: '', ...config },
    pausedAt,
    logError: logError ?? (error => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)),
  })
  return Object.assign(cluster, { [Symbol.asyncDispose]: () => cluster.close() })
}
