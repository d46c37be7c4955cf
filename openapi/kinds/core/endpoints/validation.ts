// Endpoints: each subset has addresses that can be reached, and ports with names where there are several.
import { type FieldError, required } from '../../../errors.ts'
import { ipErrors, specialIpErrors } from '../../../rules/addresses.ts'
import { isQualifiedName } from '../../../values/names.ts'
import { dnsLabel, dnsSubdomain, oneOf, portNumber, problems } from '../pod/validation/fields.ts'
import type { Endpoints } from './index.ts'

type Subset = NonNullable<Endpoints['subsets']>[number]
type Address = NonNullable<Subset['addresses']>[number]
type Port = NonNullable<Subset['ports']>[number]

export const validateEndpoints = ({ subsets = [] }: Endpoints): FieldError[] =>
  subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const path = `subsets[${index}]`
    const empty = addresses.length === 0 && notReadyAddresses.length === 0
    return [
      ...(empty ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...addresses.flatMap((address, i) => addressErrors(address, `${path}.addresses[${i}]`)),
      ...notReadyAddresses.flatMap((address, i) => addressErrors(address, `${path}.notReadyAddresses[${i}]`)),
      ...ports.flatMap((port, i) => portErrors(port, ports.length > 1, `${path}.ports[${i}]`)),
    ]
  })

const addressErrors = ({ ip, hostname, nodeName }: Address, path: string): FieldError[] => [
  ...ipErrors(`${path}.ip`, ip),
  ...(hostname ? dnsLabel(`${path}.hostname`, hostname) : []),
  ...(nodeName === undefined ? [] : dnsSubdomain(`${path}.nodeName`, nodeName)),
  ...specialIpErrors(`${path}.ip`, ip),
]

const portErrors = ({ name, port, protocol, appProtocol }: Port, named: boolean, path: string): FieldError[] => [
  ...(name ? dnsLabel(`${path}.name`, name) : named ? [required(`${path}.name`)] : []),
  ...portNumber(`${path}.port`, port),
  ...(protocol ? oneOf(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']) : [required(`${path}.protocol`)]),
  ...(appProtocol === undefined ? [] : problems(`${path}.appProtocol`, appProtocol, isQualifiedName)),
]
