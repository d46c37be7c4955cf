// EndpointSlices: addresses of one family, and not too many of anything.
import { duplicate, type FieldError, invalid, required, tooMany } from '../../../errors.ts'
import { ipErrors, specialIpErrors } from '../../../rules/addresses.ts'
import { isIpv4, isIpv6 } from '../../../values/ip.ts'
import { isLabelValue, isQualifiedName } from '../../../values/names.ts'
import { dnsLabel, dnsSubdomain, oneOf, problems } from '../../core/pod/validation/fields.ts'
import type { EndpointSlice } from './index.ts'

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number]
type Port = NonNullable<EndpointSlice['ports']>[number]

const addressTypes = ['FQDN', 'IPv4', 'IPv6']
const most = { endpoints: 1000, addresses: 100, ports: 20_000, zones: 8, nodes: 8 }

export const validateEndpointSlice = (slice: EndpointSlice): FieldError[] => [
  ...(slice.addressType ? oneOf('addressType', slice.addressType, addressTypes) : [required('addressType')]),
  ...endpointListErrors(slice.endpoints ?? [], slice.addressType),
  ...portListErrors(slice.ports ?? []),
]

export const validateEndpointSliceUpdate = (next: EndpointSlice, old: EndpointSlice): FieldError[] => [
  ...(next.addressType === old.addressType ? validateEndpointSlice(next) : []),
  ...(next.addressType === old.addressType ? [] : [invalid('addressType', next.addressType, 'field is immutable')]),
]

function endpointListErrors(endpoints: readonly Endpoint[], type: string): FieldError[] {
  if (endpoints.length > most.endpoints) return [tooMany('endpoints', endpoints.length, most.endpoints)]
  return endpoints.flatMap((endpoint, index) => endpointErrors(endpoint, type, `endpoints[${index}]`))
}

function endpointErrors(endpoint: Endpoint, type: string, path: string): FieldError[] {
  const { hostname, nodeName, zone, hints } = endpoint
  const addresses = endpoint.addresses ?? []
  const errors: FieldError[] = []
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'))
  else if (addresses.length > most.addresses) errors.push(tooMany(`${path}.addresses`, addresses.length, most.addresses))
  errors.push(...addresses.flatMap((address, i) => addressErrors(address, type, `${path}.addresses`, i)))
  if (nodeName !== undefined) errors.push(...dnsSubdomain(`${path}.nodeName`, nodeName))
  for (const [key, value] of Object.entries(endpoint.deprecatedTopology ?? {}))
    errors.push(
      ...problems(`${path}.deprecatedTopology`, key, isQualifiedName),
      ...problems(`${path}.deprecatedTopology`, value, isLabelValue),
    )
  if (zone !== undefined) errors.push(...problems(`${path}.zone`, zone, isLabelValue))
  if (hostname !== undefined) errors.push(...dnsLabel(`${path}.hostname`, hostname))
  return [...errors, ...hintErrors(hints, `${path}.hints`)]
}

/** What the address must be besides well-formed. */
function addressErrors(address: string, type: string, path: string, index: number): FieldError[] {
  const at = `${path}[${index}]`
  if (type === 'FQDN') return dnsSubdomain(at, address)
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const wrong = ipErrors(at, address)
  if (wrong.length > 0) return wrong
  const fits = type === 'IPv4' ? isIpv4(address) : isIpv6(address)
  const family = fits ? [] : [invalid(path, address, `must be an ${type} address`)]
  return [...family, ...specialIpErrors(at, address)]
}

function hintErrors(hints: Endpoint['hints'], path: string): FieldError[] {
  if (!hints) return []
  return [
    ...nameErrors(hints.forZones ?? [], most.zones, `${path}.forZones`),
    ...nameErrors(hints.forNodes ?? [], most.nodes, `${path}.forNodes`),
  ]
}

function nameErrors(items: readonly { name: string }[], max: number, path: string): FieldError[] {
  if (items.length > max) return [tooMany(path, items.length, max)]
  return items.flatMap(({ name }, index) => {
    const at = `${path}[${index}].name`
    const repeated = items.slice(0, index).some(item => item.name === name)
    return [...(repeated ? [duplicate(at, name)] : []), ...problems(at, name, isLabelValue)]
  })
}

function portListErrors(ports: readonly Port[]): FieldError[] {
  if (ports.length > most.ports) return [tooMany('ports', ports.length, most.ports)]
  return ports.flatMap((port, index) => {
    const path = `ports[${index}]`
    const { name = '', protocol, appProtocol } = port
    const errors = name ? dnsLabel(`${path}.name`, name) : []
    if (ports.slice(0, index).some(p => (p.name ?? '') === name)) errors.push(duplicate(`${path}.name`, name))
    errors.push(...(protocol ? oneOf(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']) : [required(`${path}.protocol`)]))
    return appProtocol === undefined ? errors : [...errors, ...problems(`${path}.appProtocol`, appProtocol, isQualifiedName)]
  })
}
