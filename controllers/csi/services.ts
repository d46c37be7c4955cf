// The CSI services as grpc-js wants them, made from the proto text without a file on disk.
import type { ServiceClientConstructor } from '@grpc/grpc-js'
import { csiProto } from './proto.ts'

export interface CsiServices {
  Identity: ServiceClientConstructor
  Controller: ServiceClientConstructor
}

export async function csiServices(): Promise<CsiServices> {
  const [{ loadPackageDefinition }, { fromJSON }, protobuf] = await Promise.all([
    import('@grpc/grpc-js'),
    import('@grpc/proto-loader'),
    import('protobufjs'),
  ])
  const root = (protobuf.default ?? protobuf).parse(csiProto, { keepCase: false }).root
  const loaded = loadPackageDefinition(fromJSON(root.toJSON(), { longs: String, defaults: true }))
  return (loaded as unknown as { csi: { v1: CsiServices } }).csi.v1
}
