// The library: a cluster in your own process.
//   await using cluster = await startCluster()
import { type Cluster, createCluster } from './cluster.ts'
import { type Config, defaults } from './config.ts'
import type { startCluster as promised, StartOptions } from './library.ts'

export type { Cluster, Config, StartOptions }

export const startCluster = (async ({ pausedAt, logError, ...config } = {}) => {
  const cluster = await createCluster({
    config: { ...defaults(), port: 0, grpcPort: -1, dnsPort: -1, stateDir: '', ...config },
    pausedAt,
    logError: logError ?? (error => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)),
  })
  return Object.assign(cluster, { [Symbol.asyncDispose]: () => cluster.close() })
}) satisfies typeof promised
