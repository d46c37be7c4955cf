// What the provisioner asks of a CSI driver, over one kept channel.
import { csiServices } from './services.ts'

export interface NewVolume {
  name: string
  bytes: number
  parameters: Record<string, string>
  /** Of the claim, as Kubernetes names them. */
  accessModes: readonly string[]
  block: boolean
  /** Where the first pod is to run. */
  node?: string
}

export interface CreatedVolume {
  volumeId: string
  bytes: number
  /** What the driver wants to hear again when it is mounted. */
  context: Readonly<Record<string, string>>
  /** Where it can be reached; empty: everywhere. */
  topologies: readonly Readonly<Record<string, string>>[]
}

export interface CsiDriver {
  createVolume(request: NewVolume): Promise<CreatedVolume>
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

interface WireVolume {
  volumeId: string
  capacityBytes: string
  volumeContext?: Record<string, string>
  accessibleTopology?: { segments: Record<string, string> }[]
}

export const fsTypeKey = 'csi.storage.k8s.io/fstype'
const modes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'SINGLE_NODE_WRITER',
  ReadOnlyMany: 'MULTI_NODE_READER_ONLY',
  ReadWriteMany: 'MULTI_NODE_MULTI_WRITER',
  ReadWriteOncePod: 'SINGLE_NODE_SINGLE_WRITER',
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
    async createVolume({ name, bytes, parameters, accessModes, block, node }) {
      const here = node ? [{ segments: { 'kubernetes.io/hostname': node } }] : []
      const access = block ? { block: {} } : { mount: { fsType: parameters[fsTypeKey] ?? 'ext4' } }
      const { volume } = await call<{ volume: WireVolume }>('createVolume', {
        name,
        capacityRange: { requiredBytes: bytes },
        volumeCapabilities: accessModes.map(mode => ({ ...access, accessMode: { mode: modes[mode] } })),
        // What has this prefix is for the provisioner itself.
        parameters: Object.fromEntries(Object.entries(parameters).filter(([key]) => !key.startsWith('csi.storage.k8s.io/'))),
        ...(node ? { accessibilityRequirements: { requisite: here, preferred: here } } : {}),
      })
      return {
        volumeId: volume.volumeId,
        bytes: Number(volume.capacityBytes) || bytes,
        context: volume.volumeContext ?? {},
        topologies: (volume.accessibleTopology ?? []).map(({ segments }) => segments),
      }
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
