// What became of a claim: who may use it, what was allocated, what the drivers say of the devices.
import { type FieldError, forbidden, invalid, notSupported, required, tooLong, tooMany } from '../../errors.ts'
import { conditionErrors } from '../../rules/conditions.ts'
import { driverNameErrors } from '../../rules/csidriver.ts'
import { goForm } from '../../rules/goform.ts'
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaimConsumerReference,
} from '../../schemas/resource.ts'
import { parseAddress, parseCidr, printAddress } from '../../values/cidr.ts'
import { deepEqual } from '../../values/equal.ts'
import { dnsLabel, requiredText } from '../core/pod/validation/fields.ts'
import { validateNodeSelector } from '../core/pod/validation/scheduling.ts'
import { configErrors, referenceErrors, requestNames } from './deviceclaim.ts'
import { bindingErrors, listErrors, most, poolNameErrors, rawErrors, repeated, tolerationErrors } from './fields.ts'
import type { ResourceClaim } from './resourceclaim.ts'

const consumers = 256

export function claimStatusErrors(next: ResourceClaim, old: ResourceClaim): FieldError[] {
  const { reservedFor = [], devices, allocation } = next.status
  const errors = [
    ...listErrors(reservedFor, consumers, 'status.reservedFor', consumerErrors),
    ...repeated(reservedFor, consumer => consumer.uid ?? '', 'status.reservedFor'),
    ...deviceListErrors(devices ?? [], allocation),
  ]
  if (reservedFor.length > 0 && !allocation)
    errors.push(forbidden('status.reservedFor', 'may not be specified when `allocated` is not set'))
  if (allocation && next.metadata.deletionTimestamp && reservedFor.some(each => !old.status.reservedFor?.some(o => deepEqual(o, each))))
    errors.push(
      forbidden('status.reservedFor', 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'),
    )
  if (!allocation) return errors
  if (!old.status.allocation) return [...errors, ...allocationErrors(allocation, requestNames(next.spec.devices))]
  if (deepEqual(allocation, old.status.allocation)) return errors
  return [...errors, invalid('status.allocation', goForm('@resource.v1.AllocationResult', allocation), 'field is immutable')]
}

const consumerErrors = ({ resource, name, uid }: ResourceClaimConsumerReference, path: string): FieldError[] => [
  ...requiredText(`${path}.resource`, resource),
  ...requiredText(`${path}.name`, name),
  ...requiredText(`${path}.uid`, uid),
]

interface DeviceKey {
  driver: string
  pool: string
  device: string
  shareID?: string
}
const keyOf = ({ driver, pool, device, shareID }: DeviceKey): string =>
  [driver, pool, device, ...(shareID === undefined ? [] : [shareID])].join('/')

/** Quoted by its own text, not as a string. */
const plain = (error: FieldError, value: string): FieldError => ({ ...error, message: error.message.replace(JSON.stringify(value), value) })

function deviceListErrors(devices: readonly AllocatedDeviceStatus[], allocation: AllocationResult | undefined): FieldError[] {
  const path = 'status.devices'
  const allocated = new Set((allocation?.devices.results ?? []).map(keyOf))
  const each = (device: AllocatedDeviceStatus, at: string) => deviceErrors(device, allocated, at)
  const twice = repeated(devices, keyOf, path).map(error => {
    const device = devices[Number(/\[(\d+)\]$/.exec(error.field)?.[1])]
    return device ? plain(error, keyOf(device)) : error
  })
  return [...listErrors(devices, Number.POSITIVE_INFINITY, path, each), ...twice]
}

function deviceErrors(status: AllocatedDeviceStatus, allocated: ReadonlySet<string>, path: string): FieldError[] {
  const { driver, pool, device, shareID, data, networkData } = status
  // Stored, an empty list that is always printed is null.
  const conditions = status.conditions ?? []
  const key = keyOf(status)
  return [
    ...driverNameErrors(driver, `${path}.driver`),
    ...poolNameErrors(pool, `${path}.pool`),
    ...dnsLabel(`${path}.device`, device ?? ''),
    ...(shareID === undefined ? [] : uidErrors(shareID, `${path}.shareID`)),
    ...(allocated.has(key) ? [] : [plain(invalid(path, key, 'must be an allocated device in the claim'), key)]),
    ...(conditions.length > 8 ? [tooMany(`${path}.conditions`, conditions.length, 8)] : []),
    ...conditionErrors(conditions, `${path}.conditions`),
    ...(data === undefined ? [] : rawErrors(data, `${path}.data`)),
    ...(networkData ? networkErrors(networkData, `${path}.networkData`) : []),
  ]
}

function networkErrors({ interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData, path: string): FieldError[] {
  return [
    ...(interfaceName.length > 256 ? [tooLong(`${path}.interfaceName`, 256)] : []),
    ...(hardwareAddress.length > 128 ? [tooLong(`${path}.hardwareAddress`, 128)] : []),
    ...listErrors(ips, 16, `${path}.ips`, (ip, at) => interfaceErrors(ip, at)),
    ...repeated(ips, ip => ip, `${path}.ips`),
  ]
}

/** An address with the length of its network. */
function interfaceErrors(text: string, path: string): FieldError[] {
  const [cidr, address] = [parseCidr(text), parseAddress(text.split('/')[0] ?? '')]
  if (!cidr || !address) return [invalid(path, text, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)')]
  const canonical = `${printAddress(address)}/${cidr.bits}`
  return canonical === text ? [] : [invalid(path, text, `must be in canonical form (${JSON.stringify(canonical)})`)]
}

function uidErrors(uid: string, path: string): FieldError[] {
  const hex = '[0-9a-fA-F]'
  if (new RegExp(`^${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}$`).test(uid)) {
    const form = 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters'
    return uid === uid.toLowerCase() ? [] : [invalid(path, uid, form)]
  }
  const why = [32, 36, 38, 45].includes(uid.length) ? 'invalid UUID format' : `invalid UUID length: ${uid.length}`
  return [invalid(path, uid, `error validating uid: ${why}`)]
}

function allocationErrors({ devices, nodeSelector }: AllocationResult, names: ReadonlySet<string>): FieldError[] {
  const path = 'status.allocation'
  return [
    ...listErrors(devices.results, most.requests, `${path}.devices.results`, (result, at) => resultErrors(result, names, at)),
    ...listErrors(devices.config, 2 * most.config, `${path}.devices.config`, (config, at) => allocatedConfigErrors(config, names, at)),
    ...(nodeSelector ? validateNodeSelector(nodeSelector, `${path}.nodeSelector`) : []),
  ]
}

function resultErrors(result: DeviceRequestAllocationResult, names: ReadonlySet<string>, path: string): FieldError[] {
  const { request, driver, pool, device, bindingConditions, bindingFailureConditions, tolerations, shareID } = result
  return [
    ...referenceErrors(request ?? '', names, `${path}.request`),
    ...driverNameErrors(driver, `${path}.driver`),
    ...poolNameErrors(pool, `${path}.pool`),
    ...dnsLabel(`${path}.device`, device ?? ''),
    ...bindingErrors(bindingConditions, bindingFailureConditions, path),
    ...tolerationErrors(tolerations, `${path}.tolerations`),
    ...(shareID === undefined ? [] : uidErrors(shareID, `${path}.shareID`)),
  ]
}

const sources = ['FromClaim', 'FromClass']
function allocatedConfigErrors(config: DeviceAllocationConfiguration, names: ReadonlySet<string>, path: string): FieldError[] {
  const { source } = config
  const known = source ? (sources.includes(source) ? [] : [notSupported(`${path}.source`, source, sources)]) : [required(`${path}.source`)]
  return [...known, ...configErrors(config, names, path)]
}

/** What drivers say of devices that are no longer allocated is dropped. Mutates `next`. */
export function dropDeallocated({ status: next }: ResourceClaim, { status: old }: ResourceClaim): void {
  const results = (status: ResourceClaim['status']) => (status.allocation?.devices.results ?? []).map(({ shareID: _, ...r }) => keyOf(r))
  const kept = new Set(results(next))
  const gone = new Set(results(old).filter(key => !kept.has(key)))
  const devices = (next.devices ?? []).filter(({ shareID: _, ...device }) => !gone.has(keyOf(device)))
  if (devices.length > 0) next.devices = devices
  else delete next.devices
}
