// IPAddress objects: one for each cluster IP, made before its Service and gone after it. Whoever makes one by hand has the address.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import {
  ipAddress as addressKind,
  allocator,
  familyLabel,
  type IPAddress,
  managedByLabel,
} from '../../openapi/kinds/networking.k8s.io/ipaddress.ts'
import { isReady, type ServiceCIDR, serviceCidr } from '../../openapi/kinds/networking.k8s.io/servicecidr.ts'
import { networkOf, parseCidr } from '../../openapi/values/cidr.ts'
import { isIpv4 } from '../../openapi/values/ip.ts'
import type { Clock } from '../clock.ts'
import type { Ids } from '../ids.ts'
import type { Storage } from '../storage/storage.ts'
import { decideDeletion } from './delete.ts'
import { type Hook, nothing, type Reservation } from './hooks.ts'
import { keyOf, prefixOf } from './keys.ts'
import type { AddressPool, Range } from './pools.ts'

export interface IpAddressOptions {
  storage: Storage
  clock: Clock
  ids: Ids
  /** Now, as metadata prints it. */
  time(): string
}

export interface IpAddresses {
  /** IPv4 ranges of the ServiceCIDRs that are ready, the oldest first. */
  ranges(): Promise<Range[]>
  create(ip: string, service: Service): Promise<void>
  /** False: finalizers hold it back. */
  remove(ip: string): Promise<boolean>
  hook: Hook
}

const kind = addressKind as unknown as Kind
const addressKey = (ip: string): string => keyOf(kind, '', ip)

export function createIpAddresses({ storage, clock, ids, time }: IpAddressOptions, pool: AddressPool): IpAddresses {
  const create = async (ip: string, service: Service): Promise<void> => {
    const object = newAddress(ip, service, { uid: ids.uid(), time: time() })
    const { ok } = await storage.write(addressKey(ip), object, 0)
    if (!ok) throw new Error(`bug: ${ip} is free but has an IPAddress`)
  }
  const remove = async (ip: string): Promise<boolean> => {
    const { entry } = await storage.get(addressKey(ip))
    if (!entry) return true
    const decision = decideDeletion(kind, entry.value, {}, clock.now())
    if (decision.do !== 'nothing') await storage.write(entry.key, decision.do === 'mark' ? decision.object : null, entry.revision)
    return decision.do === 'remove'
  }
  /** The Service that still has the address. */
  const userOf = async ({ metadata: { name }, spec: { parentRef } }: IPAddress): Promise<Service | undefined> => {
    if (parentRef?.resource !== 'services' || !parentRef.name) return undefined
    const { entry } = await storage.get(keyOf(serviceKind as unknown as Kind, parentRef.namespace ?? '', parentRef.name))
    const service = entry?.value as Service | undefined
    return service?.spec.clusterIPs?.includes(name) ? service : undefined
  }
  const hook: Hook = {
    resource: 'ipaddresses.networking.k8s.io',
    reserve: ({ metadata: { name } }, current, { dryRun }) =>
      current || dryRun || !isIpv4(name) || !pool.take(name) ? nothing : taken(pool, name),
    async afterDelete(last) {
      const service = await userOf(last as IPAddress)
      // Upstream repairs it as well, a little later.
      if (service) await create(last.metadata.name, service)
      else if (isIpv4(last.metadata.name)) pool.release(last.metadata.name)
    },
  }
  const ranges = async (): Promise<Range[]> => {
    const { entries } = await storage.list(prefixOf(serviceCidr as unknown as Kind, ''))
    const ready = entries.filter(({ value }) => isReady(value as ServiceCIDR)).sort((a, b) => a.created - b.created)
    return ready.flatMap(({ value }) => rangesOf(value as ServiceCIDR))
  }
  return { ranges, create, remove, hook }
}

const taken = (pool: AddressPool, ip: string): Reservation => ({ commit: () => {}, undo: () => pool.release(ip) })

const rangesOf = ({ spec: { cidrs = [] } }: ServiceCIDR): Range[] =>
  cidrs.flatMap(text => {
    const cidr = parseCidr(text)
    return cidr?.family === 4 ? [{ base: Number(networkOf(cidr)), size: 2 ** (32 - cidr.bits), text }] : []
  })

/** What the API server writes of itself: always these fields. */
const ownedFields = {
  'f:metadata': { 'f:labels': { '.': {}, [`f:${familyLabel}`]: {}, [`f:${managedByLabel}`]: {} } },
  'f:spec': { 'f:parentRef': { '.': {}, 'f:name': {}, 'f:namespace': {}, 'f:resource': {} } },
}

function newAddress(ip: string, { metadata: { namespace, name } }: Service, { uid, time }: { uid: string; time: string }): KubeObject {
  const apiVersion = 'networking.k8s.io/v1'
  const managed = { manager: 'kube-apiserver', operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: ownedFields }
  const address = {
    apiVersion,
    kind: 'IPAddress',
    metadata: {
      name: ip,
      uid,
      resourceVersion: '',
      creationTimestamp: time,
      labels: { [familyLabel]: 'IPv4', [managedByLabel]: allocator },
      managedFields: [managed],
    },
    spec: { parentRef: { resource: 'services', namespace, name } },
  }
  return address as unknown as KubeObject
}
