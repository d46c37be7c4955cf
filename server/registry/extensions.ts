// What of the API comes and goes: custom resources, and the APIServices that stand for every group and version.
import type { Aggregation } from '../aggregation/aggregation.ts'
import { ApiServices, type ApiServicesOptions } from './apiservices.ts'
import { CustomResources } from './customresources/index.ts'

export interface Extensions {
  /** When the store has what a fresh cluster has. */
  start(): Promise<void>
  /** After the store was cleared. */
  restore(): Promise<void>
  aggregation: Aggregation
  /** Nothing is left to do. */
  idle(): boolean
  close(): void
}

export function createExtensions(options: ApiServicesOptions): Extensions {
  const aggregator = new ApiServices(options)
  const customResources = new CustomResources({ ...options, onChange: () => aggregator.sync() })
  return {
    async start() {
      await aggregator.start()
      await customResources.start()
    },
    restore: () => aggregator.registerBuiltin(),
    aggregation: aggregator,
    idle: () => customResources.idle() && aggregator.idle(),
    close() {
      customResources.close()
      aggregator.close()
    },
  }
}
