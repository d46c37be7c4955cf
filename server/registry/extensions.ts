// What of the API comes and goes: custom resources, and the APIServices that stand for every group and version.
import { ApiServices, type ApiServicesOptions } from './apiservices.ts'
import { CustomResources } from './customresources/index.ts'

export interface Extensions {
  /** When the store has what a fresh cluster has. */
  start(): Promise<void>
  /** After the store was cleared. */
  restore(): Promise<void>
  /** A version that an extension server would have to answer for. */
  isRemote(group: string, version: string): boolean
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
    isRemote: (group, version) => aggregator.isRemote(group, version),
    idle: () => customResources.idle() && aggregator.idle(),
    close() {
      customResources.close()
      aggregator.close()
    },
  }
}
