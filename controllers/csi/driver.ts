// The embedded CSI driver: volumes are only numbers in a map. It is spoken to over gRPC like any other driver.
import type { Server, ServerUnaryCall, StatusObject, sendUnaryData } from '@grpc/grpc-js'
import { csiServices } from './services.ts'

export interface EmbeddedDriver {
  /** host:port on loopback. */
  address: string
  close(): void
}

interface CreateRequest {
  name: string
  capacityRange: { requiredBytes: string } | null
  parameters?: Record<string, string>
}

export async function startDriver(): Promise<EmbeddedDriver> {
  const grpc = await import('@grpc/grpc-js')
  const services = await csiServices()
  const volumes = new Map<string, number>()
  const server = new grpc.Server()
  server.addService(services.Identity.service, {
    getPluginInfo: answer(() => ({ name: 'csi.kubemock.dev', vendorVersion: '1' })),
    probe: answer(() => ({})),
  })
  server.addService(services.Controller.service, {
    createVolume: answer(({ name, capacityRange, parameters }: CreateRequest) => {
      // A class can ask for trouble.
      if (parameters?.fail === 'true') throw { code: grpc.status.RESOURCE_EXHAUSTED, details: 'out of space' }
      const capacityBytes = volumes.get(name) ?? Number(capacityRange?.requiredBytes ?? 0)
      volumes.set(name, capacityBytes)
      return { volume: { volumeId: name, capacityBytes } }
    }),
    deleteVolume: answer(({ volumeId }: { volumeId: string }) => {
      volumes.delete(volumeId)
      return {}
    }),
    controllerExpandVolume: answer(({ volumeId, capacityRange }: { volumeId: string; capacityRange: { requiredBytes: string } }) => {
      volumes.set(volumeId, Number(capacityRange.requiredBytes))
      return { capacityBytes: capacityRange.requiredBytes, nodeExpansionRequired: false }
    }),
  })
  const port = await listen(server, grpc.ServerCredentials.createInsecure())
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() }
}

const listen = (server: Server, credentials: Parameters<Server['bindAsync']>[1]): Promise<number> =>
  new Promise((resolve, reject) => server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port))))

const answer =
  <Q, A>(handle: (request: Q) => A) =>
  (call: ServerUnaryCall<Q, A>, reply: sendUnaryData<A>): void => {
    try {
      reply(null, handle(call.request))
    } catch (error) {
      reply(error as Partial<StatusObject>, null)
    }
  }
