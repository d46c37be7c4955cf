// --service-endpoints: where the server behind a Service really listens. Nothing runs in the pods here, so whoever writes a webhook
// runs it beside the cluster, and says where.
import { ConfigError } from '../config.ts'

/** Where one connects to. */
export interface Location {
  /** A name or an address, without brackets. */
  host: string
  port: number
}

/** By NAMESPACE/NAME:PORT of the Service, and by NAMESPACE/NAME for all of its ports. */
export type ServiceEndpoints = ReadonlyMap<string, Location>

const form = 'NAMESPACE/NAME[:PORT]=HOST:PORT'
const entry = /^([a-z0-9-]+\/[a-z0-9-]+(?::\d+)?)=(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d+)$/i

/** A list of such, with commas between. Throws ConfigError. */
export function parseServiceEndpoints(text: string): ServiceEndpoints {
  const found = new Map<string, Location>()
  for (const item of text.split(',').map(each => each.trim())) {
    if (item === '') continue
    const [, service, address, name, port] = entry.exec(item) ?? []
    if (!service || !isPort(port)) throw new ConfigError(`--service-endpoints: ${JSON.stringify(item)} is not ${form}`)
    if (found.has(service)) throw new ConfigError(`--service-endpoints: ${service} is there twice`)
    found.set(service, { host: address ?? name ?? '', port: Number(port) })
  }
  return found
}

const isPort = (text: string | undefined): boolean => Number(text) >= 1 && Number(text) <= 65535
