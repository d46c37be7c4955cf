// gRPC clients, also of services that are known by reflection only.
import { type ClientReadableStream, credentials, makeClientConstructor, type ServiceError } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor/index.js'

export type Answer = Record<string, unknown>
/** A unary call by its name. */
export type Call = (method: string, message?: object) => Promise<Answer>
interface AnyClient {
  [method: string]: (...args: unknown[]) => unknown
}

export function connect(address: string, definition: object): { call: Call; client: AnyClient; close(): void } {
  const Client = makeClientConstructor(definition as never, 'service')
  const client = new Client(address, credentials.createInsecure()) as unknown as AnyClient & { close(): void }
  const call: Call = (method, message = {}) =>
    new Promise((resolve, reject) => {
      client[method]?.(message, (error: ServiceError | null, answer: Answer) => (error ? reject(error) : resolve(answer)))
    })
  return { call, client, close: () => client.close() }
}

/** The Simulator service as the server describes it: no proto file at hand. */
export async function fromReflection(address: string): Promise<{ services: string[]; simulator: object }> {
  const load = (version: string) =>
    fromJSON(protobuf.parse(reflectionProto(version)).root.toJSON(), { defaults: true, oneofs: true })[
      `grpc.reflection.${version}.ServerReflection`
    ]
  const { client, close } = connect(address, load('v1') as object)
  const ask = (message: object) =>
    new Promise<Answer>((resolve, reject) => {
      const stream = client.serverReflectionInfo?.() as ClientReadableStream<Answer> & { write(m: object): void; end(): void }
      stream.on('data', resolve).on('error', reject)
      stream.write(message)
      stream.end()
    })
  try {
    const listed = (await ask({ listServices: '*' })) as { listServicesResponse: { service: { name: string }[] } }
    const described = (await ask({ fileContainingSymbol: 'kubemock.v1.Simulator' })) as {
      fileDescriptorResponse: { fileDescriptorProto: Buffer[] }
    }
    const file = described.fileDescriptorResponse.fileDescriptorProto.map(bytes => descriptor.FileDescriptorProto.decode(bytes))
    const root = (protobuf.Root as unknown as { fromDescriptor(set: object): protobuf.Root }).fromDescriptor({ file })
    return {
      services: listed.listServicesResponse.service.map(({ name }) => name).sort(),
      simulator: fromJSON(root.toJSON(), { longs: String, defaults: true })['kubemock.v1.Simulator'] as object,
    }
  } finally {
    close()
  }
}

/** The part of the published protocol that is used here. */
const reflectionProto = (version: string) => `syntax = "proto3";
package grpc.reflection.${version};
service ServerReflection { rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse); }
message ServerReflectionRequest { oneof message_request { string file_containing_symbol = 4; string list_services = 7; } }
message ServerReflectionResponse {
  oneof message_response { FileDescriptorResponse file_descriptor_response = 4; ListServiceResponse list_services_response = 6; }
}
message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
message ListServiceResponse { repeated ServiceResponse service = 1; }
message ServiceResponse { string name = 1; }
`
