// A conversion webhook of the test's own: an HTTPS server that answers ConversionReviews, and keeps what it was asked.
import type { KubeObject } from '../../openapi/kind.ts'
import type { Convert } from '../../server/extension/convert.ts'
import { aDefinition } from './custom.ts'
import { serveHttps } from './https.ts'

export interface Question {
  apiVersion: string
  uid: string
  desiredAPIVersion: string
  objects: Thing[]
}

export interface Thing extends KubeObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export interface ConversionServer extends AsyncDisposable {
  client: { url: string; caBundle: string }
  behindService: { service: { namespace: string; name: string; path: string }; caBundle: string }
  port: number
  asked: Question[]
  /** What is answered instead of the converted objects, as long as it is set: a whole review, or a text with a code. */
  instead?: (question: Question) => object
}

/** For registries of the built-in kinds. */
export const noConversion: Convert = async (_webhook, objects) => [...objects]

export async function serveConversion(convert: (object: Thing, desired: string) => object = split): Promise<ConversionServer> {
  const asked: Question[] = []
  const https = await serveHttps(['127.0.0.1', 'convert.default.svc'], async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const { apiVersion, kind, request } = JSON.parse(Buffer.concat(parts).toString())
    asked.push({ apiVersion, ...request })
    const convertedObjects = request.objects.map((object: Thing) => convert(object, request.desiredAPIVersion))
    const answer = server.instead?.({ apiVersion, ...request }) ?? {
      ...{ apiVersion, kind, response: { uid: request.uid, result: { status: 'Success' }, convertedObjects } },
    }
    if ('text' in answer) return outgoing.writeHead((answer as unknown as { code: number }).code).end(answer.text)
    return outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  const { port, caBundle } = https
  const server: ConversionServer = {
    client: { url: `https://127.0.0.1:${port}/convert`, caBundle },
    behindService: { service: { namespace: 'default', name: 'convert', path: '/convert' }, caBundle },
    port,
    asked,
    [Symbol.asyncDispose]: () => https[Symbol.asyncDispose](),
  }
  return server
}

/** In v1 an address is "host:port", in v2 it is two fields, in v3 a list of the two. */
export function split(object: Thing, desired: string): Thing {
  const { address, host, port, endpoint, ...spec } = (object.spec ?? {}) as Record<string, never>
  const parts = address ? String(address).split(':') : endpoint ? (endpoint as string[]) : host ? [host, port] : []
  const made = {
    'ex.example.com/v1': { address: parts.join(':') },
    'ex.example.com/v2': { host: parts[0], port: parts[1] },
    'ex.example.com/v3': { endpoint: parts },
  }[desired]
  return { ...object, apiVersion: desired, spec: { ...spec, ...(parts.length > 0 ? made : {}) } }
}

const text = { type: 'string' }
const specs = {
  v1: { address: text, size: { type: 'integer', default: 1 } },
  v2: { host: { ...text, maxLength: 20 }, port: text, size: { type: 'integer' }, note: { ...text, default: 'none' } },
  v3: { endpoint: { type: 'array', items: text }, size: { type: 'integer' } },
}

/** things.ex.example.com in v1, v2 and v3, kept as `storage`, with status and scale. */
export const aConvertedDefinition = (clientConfig: object, { storage = 'v1', reviews = ['v1'] } = {}) =>
  aDefinition(
    {},
    {
      conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: reviews, clientConfig } },
      versions: Object.entries(specs).map(([name, properties]) => ({
        name,
        served: true,
        storage: name === storage,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties },
              status: { type: 'object', properties: { replicas: { type: 'integer' }, told: text } },
            },
          },
        },
        subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' } },
        additionalPrinterColumns: name === 'v2' ? [{ name: 'Host', type: 'string', jsonPath: '.spec.host' }] : [],
      })),
    },
  )
