// What the provisioner asks of a CSI driver, over one kept channel.
import { csiServices } from './services.ts'

export interface CsiDriver {
  createVolume(request: {
    name: string
    bytes: number
    parameters: Record<string, string>
    node?: string
  }): Promise<{ volumeId: string; bytes: number }>
  deleteVolume(volumeId: string): Promise<void>
  expandVolume(volumeId: string, bytes: number): Promise<number>
  close(): void
}

/** A failed call as Go programs print it: that is what stands in Events. */
function told(error: Error & { code?: number; details?: string }, codes: Readonly<Record<string, string | number>>): Error {
  const name = codes[error.code ?? -1]
  if (typeof name !== 'string') return error
  const words = name.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return new Error(`rpc error: code = ${words} desc = ${error.details ?? error.message}`)
}

type Call = (request: object, done: (error: Error | null, answer: never) => void) => void

/** Connects when first used. `address`: as grpc-js takes it, host:port or unix:///path. */
export async function connectDriver(address: string): Promise<CsiDriver> {
  const [{ credentials, status }, { Controller }] = await Promise.all([import('@grpc/grpc-js'), csiServices()])
  const client = new Controller(address, credentials.createInsecure())
  const call = <A>(method: string, request: object): Promise<A> =>
    new Promise((resolve, reject) => {
      const run = (client as unknown as Record<string, Call>)[method] as Call
      run.call(client, request, (error, answer) => (error ? reject(told(error, status)) : resolve(answer as A)))
    })
  return {
    async createVolume({ name, bytes, parameters, node }) {
      const topology = node
        ? { requisite: [{ segments: { 'kubernetes.io/hostname': node } }], preferred: [{ segments: { 'kubernetes.io/hostname': node } }] }
        : undefined
      const { volume } = await call<{ volume: { volumeId: string; capacityBytes: string } }>('createVolume', {
        name,
        capacityRange: { requiredBytes: bytes },
        volumeCapabilities: [{ mount: {}, accessMode: { mode: 'SINGLE_NODE_WRITER' } }],
        parameters,
        ...(topology ? { accessibilityRequirements: topology } : {}),
      })
      return { volumeId: volume.volumeId, bytes: Number(volume.capacityBytes) || bytes }
    },
    async deleteVolume(volumeId) {
      await call('deleteVolume', { volumeId })
    },
    async expandVolume(volumeId, bytes) {
      const answer = await call<{ capacityBytes: string }>('controllerExpandVolume', { volumeId, capacityRange: { requiredBytes: bytes } })
      return Number(answer.capacityBytes)
    },
    close: () => client.close(),
  }
}
