// The gRPC port: the simulator's verbs, health and reflection. The libraries are loaded when the first client connects.

import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { ServerUnaryCall, ServiceError, sendUnaryData } from '@grpc/grpc-js'
import { errorText, StatusError } from '../../openapi/errors.ts'
import { printTime } from '../../openapi/values/time.ts'
import { durationMs, type Simulator } from '../simulator.ts'
import { simulatorProto } from './proto.ts'

export interface GrpcListener {
  port: number
  close(): Promise<void>
}

export interface GrpcOptions {
  port: number
  host: string
  logError(error: unknown): void
}

export async function listenGrpc(simulator: Simulator, { port, host, logError }: GrpcOptions): Promise<GrpcListener> {
  const sockets = new Set<Socket>()
  let serving: Promise<Serving | undefined> | undefined
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serving ??= createServing(simulator).catch(error => void logError(error))
    void serving.then(it => (it ? it.inject(socket) : socket.destroy()))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      ;(await serving)?.close()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

interface Serving {
  inject(socket: Socket): void
  close(): void
}

async function createServing(simulator: Simulator): Promise<Serving> {
  const [grpc, { fromJSON }, protobuf, { ReflectionService }, health] = await Promise.all([
    import('@grpc/grpc-js'),
    import('@grpc/proto-loader'),
    import('protobufjs'),
    import('@grpc/reflection'),
    import('grpc-health-check'),
  ])
  const definitions = fromJSON((protobuf.default ?? protobuf).parse(simulatorProto, { keepCase: false }).root.toJSON(), {
    longs: String,
    defaults: true,
  })
  const server = new grpc.Server()
  server.addService(definitions['kubemock.v1.Simulator'] as never, handlers(simulator, grpc.status))
  const state = new health.HealthImplementation({ '': 'SERVING', 'kubemock.v1.Simulator': 'SERVING' })
  state.addToServer(server as never)
  // Reflection reads the files that messages bring; a service alone brings none.
  const { Check } = health.service as unknown as { Check: { requestType: never } }
  new ReflectionService({ ...definitions, 'grpc.health.v1.HealthCheckRequest': Check.requestType }).addToServer(server)
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure())
  return {
    inject: socket => injector.injectConnection(socket),
    close() {
      injector.destroy()
      server.forceShutdown()
    },
  }
}

interface Codes {
  NOT_FOUND: number
  INVALID_ARGUMENT: number
  INTERNAL: number
}

function handlers(simulator: Simulator, codes: Codes) {
  const now = () => ({ now: printTime(simulator.now()) })
  const unary =
    <Q>(run: (request: Q) => Promise<object>) =>
    (call: ServerUnaryCall<Q, object>, reply: sendUnaryData<object>): void => {
      run(call.request).then(
        answer => reply(null, answer),
        (error: unknown) => reply(toServiceError(error, codes)),
      )
    }
  return {
    reset: unary(async () => {
      await simulator.reset()
      return now()
    }),
    settle: unary(async () => {
      await simulator.settle()
      return now()
    }),
    advanceClock: unary(async ({ duration }: { duration: string }) => {
      await simulator.advance(durationMs(duration))
      return now()
    }),
    compact: unary(async () => {
      await simulator.compact()
      return {}
    }),
    failNode: unary(async ({ name }: { name: string }) => {
      await simulator.failNode(name)
      return {}
    }),
    recoverNode: unary(async ({ name }: { name: string }) => {
      await simulator.recoverNode(name)
      return {}
    }),
    failPod: unary(async ({ namespace, name }: { namespace: string; name: string }) => {
      await simulator.failPod(namespace || 'default', name)
      return {}
    }),
  }
}

function toServiceError(error: unknown, codes: Codes): Partial<ServiceError> {
  const message = errorText(error)
  if (!(error instanceof StatusError)) return { code: codes.INTERNAL, details: message }
  return { code: error.code === 404 ? codes.NOT_FOUND : codes.INVALID_ARGUMENT, details: message }
}
