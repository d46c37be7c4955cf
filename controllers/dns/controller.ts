// Keeps the DNS zone as the cluster is. Keys carry their kind: one controller follows four.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import { pod } from '../../openapi/kinds/core/pod/index.ts'
import { service } from '../../openapi/kinds/core/service/index.ts'
import { endpointSlice } from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import type { Context, Controller, ObjectKey } from '../runtime/controller.ts'
import type { ZoneOptions } from './answer.ts'
import { type DnsListener, listenDns } from './listen.ts'
import { answerQuery, type Transport } from './query.ts'
import { Zone } from './zone.ts'

export interface Dns {
  controller: Controller
  /** undefined: no answer. */
  query(packet: Uint8Array, transport: Transport): Uint8Array | undefined
  listen(address: { host: string; port: number }): Promise<DnsListener>
}

const keyed =
  (prefix: string) =>
  ({ metadata }: KubeObject): ObjectKey[] => [{ namespace: metadata.namespace, name: `${prefix}/${metadata.name}` }]

export function createDns(options: ZoneOptions): Dns {
  const zone = new Zone()
  const query = (packet: Uint8Array, transport: Transport) => answerQuery(zone, options, packet, transport)
  return {
    query,
    listen: address => listenDns(query, address),
    controller: {
      name: 'dns',
      watches: [
        { kind: namespace as unknown as Kind, keys: keyed('namespace') },
        { kind: service as unknown as Kind, keys: keyed('service') },
        { kind: endpointSlice as unknown as Kind, keys: keyed('slice') },
        { kind: pod as unknown as Kind, keys: keyed('pod') },
      ],
      async reconcile(key, context) {
        update(zone, key, context)
      },
    },
  }
}

function update(zone: Zone, { namespace: space = '', name: text }: ObjectKey, { informer, clock }: Context): void {
  const [prefix, name = ''] = text.split('/')
  const key = `${space}/${name}`
  if (prefix === 'pod') zone.setPod(key, informer(pod).get({ namespace: space, name }))
  else if (prefix === 'namespace') zone.setNamespace(name, informer(namespace).get({ name }) !== undefined)
  else {
    if (prefix === 'service') zone.setService(key, informer(service).get({ namespace: space, name }))
    else zone.setSlice(key, informer(endpointSlice).get({ namespace: space, name }))
    zone.serial = Math.floor(clock.now().getTime() / 1000)
  }
}
