// One device of a slice: its attributes, capacities, taints, counters, and which nodes can reach it.
import { type FieldError, forbidden, invalid, notSupported, required, tooLong, tooMany } from '../../errors.ts'
import type { CapacityRequestPolicy, Device, DeviceAttribute, DeviceCapacity, DeviceTaint } from '../../schemas/resource.ts'
import { deepEqual } from '../../values/equal.ts'
import { isLabelValue, isQualifiedName } from '../../values/names.ts'
import { dnsLabel, dnsSubdomain, problems } from '../core/pod/validation/fields.ts'
import { validateNodeSelector } from '../core/pod/validation/scheduling.ts'
import { policyErrors } from './capacity.ts'
import { attributeNameErrors, bindingErrors, effects, listErrors, repeated } from './fields.ts'

const limits = { facts: 32, value: 64, taints: 16, consumptions: 2, counters: 32 }

export function deviceErrors(device: Device, old: Device | undefined, perDevice: boolean, path: string): FieldError[] {
  const { name, attributes = {}, capacity = {}, taints, consumesCounters, bindingConditions, bindingFailureConditions } = device
  const facts = Object.keys(attributes).length + Object.keys(capacity).length
  const tooManyFacts = `the total number of attributes and capacities must not exceed ${limits.facts}`
  return [
    ...dnsLabel(`${path}.name`, name ?? ''),
    ...(facts > limits.facts ? [invalid(path, facts, tooManyFacts)] : []),
    ...byName(attributes, `${path}.attributes`, attributeErrors),
    ...(deepEqual(old?.capacity, capacity) ? [] : byName(capacity, `${path}.capacity`, capacityErrors(device.allowMultipleAllocations))),
    ...(old && deepEqual(old.taints, taints) ? [] : listErrors(taints, limits.taints, `${path}.taints`, taintErrors)),
    ...listErrors(consumesCounters, limits.consumptions, `${path}.consumesCounters`, ({ counterSet, counters }, at) => [
      ...(counterSet ? dnsLabel(`${at}.counterSet`, counterSet) : [required(`${at}.counterSet`)]),
      ...counterErrors(counters, `${at}.counters`),
    ]),
    ...repeated(consumesCounters, consumption => consumption.counterSet ?? '', `${path}.consumesCounters`),
    ...nodeErrors(device, perDevice, path),
    ...bindingErrors(bindingConditions, bindingFailureConditions, path),
  ]
}

/** Errors of a name stand at the map, those of a value at its key. */
const byName = <T>(items: Readonly<Record<string, T>>, path: string, check: (item: T, at: string) => FieldError[]): FieldError[] =>
  Object.entries(items).flatMap(([name, item]) => [...attributeNameErrors(name, path), ...check(item, `${path}[${shortened(name)}]`)])

function shortened(key: string): string {
  const max = 96
  if (key.length <= max) return key
  const left = max - 3
  return `${key.slice(0, Math.ceil(left / 2))}...${key.slice(key.length - Math.floor(left / 2))}`
}

/** Also those of a set that devices share. */
export function counterErrors(counters: Readonly<Record<string, unknown>> = {}, path: string): FieldError[] {
  const names = Object.keys(counters)
  if (names.length === 0) return [required(path)]
  return names.length > limits.counters ? [tooMany(path, names.length, limits.counters)] : names.flatMap(name => dnsLabel(path, name))
}

const numeric = '(0|[1-9]\\d*)'
const preRelease = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const build = '[0-9a-zA-Z-]+'
const semver = new RegExp(`^${numeric}\\.${numeric}\\.${numeric}(-${preRelease}(\\.${preRelease})*)?(\\+${build}(\\.${build})*)?$`)

function attributeErrors(attribute: DeviceAttribute, path: string): FieldError[] {
  const { string, version } = attribute
  const errors: FieldError[] = []
  if (string !== undefined && Buffer.byteLength(string) > limits.value) errors.push(tooLong(`${path}.string`, limits.value))
  if (version !== undefined && !semver.test(version))
    errors.push(invalid(`${path}.version`, version, 'must be a string compatible with semver.org spec 2.0.0'))
  if (version !== undefined && Buffer.byteLength(version) > limits.value) errors.push(tooLong(`${path}.version`, limits.value))
  const why = 'exactly one value must be specified'
  const count = Object.values(attribute).filter(value => value !== undefined).length
  if (count === 0) errors.push(invalid(path, '', why))
  return count > 1 ? [...errors, invalid(path, inGo(attribute), why)] : errors
}

const inGo = ({ bool = null, int = null, string = null, version = null }: { [K in keyof DeviceAttribute]: DeviceAttribute[K] | null }) => ({
  IntValue: int,
  BoolValue: bool,
  StringValue: string,
  VersionValue: version,
  IntValues: null,
  BoolValues: null,
  StringValues: null,
  VersionValues: null,
})

const capacityErrors =
  (shared: boolean | undefined) =>
  ({ value, requestPolicy }: DeviceCapacity, path: string): FieldError[] => {
    if (!requestPolicy) return []
    const at = `${path}.requestPolicy`
    return shared
      ? policyErrors(requestPolicy as CapacityRequestPolicy, value, at)
      : [forbidden(at, 'allowMultipleAllocations must be true')]
  }

function taintErrors({ key, value, effect }: DeviceTaint, path: string): FieldError[] {
  const errors = problems(`${path}.key`, key ?? '', isQualifiedName)
  if (value) errors.push(...problems(`${path}.value`, value, isLabelValue))
  if (!effect) errors.push(required(`${path}.effect`))
  else if (!effects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, effects))
  return errors
}

function nodeErrors({ nodeName, nodeSelector, allNodes }: Device, perDevice: boolean, path: string): FieldError[] {
  const inSlice = 'if `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
  if (!perDevice)
    return nodeName === undefined && nodeSelector === undefined && allNodes === undefined
      ? []
      : [invalid(path, null, `\`nodeName\`, \`nodeSelector\` and \`allNodes\` can only be set ${inSlice}`)]
  const errors: FieldError[] = []
  if (nodeName) errors.push(...dnsSubdomain(`${path}.nodeName`, nodeName))
  else if (nodeName !== undefined) errors.push(invalid(`${path}.nodeName`, nodeName, 'must not be empty'))
  if (nodeSelector) errors.push(...validateNodeSelector(nodeSelector, `${path}.nodeSelector`))
  if (allNodes === false) errors.push(invalid(`${path}.allNodes`, allNodes, 'must be either unset or set to true'))
  const given = [...(nodeName ? ['`nodeName`'] : []), ...(nodeSelector ? ['`nodeSelector`'] : []), ...(allNodes ? ['`allNodes`'] : [])]
  const why = `exactly one of \`nodeName\`, \`nodeSelector\`, or \`allNodes\` is required when ${inSlice.slice('if '.length)}`
  if (given.length === 0) errors.push(required(path, why))
  return given.length > 1 ? [...errors, invalid(path, `{${given.join(', ')}}`, why)] : errors
}
