// NetworkPolicy.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, invalid, notEnforced, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { cidrWarning, strictCidrErrors } from '../../rules/addresses.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import { NetworkPolicy as schema } from '../../schemas/networking.ts'
import { contains, parseCidr } from '../../values/cidr.ts'
import { printSelector } from '../../values/selector.ts'
import { oneOf, portNumber, portNumberOrName } from '../core/pod/validation/fields.ts'

export interface NetworkPolicy extends ObjectOf<typeof schema> {}
export type NetworkPolicyInput = InputOf<typeof schema>

type Spec = NetworkPolicy['spec']
type Ingress = NonNullable<Spec['ingress']>[number]
type Port = NonNullable<Ingress['ports']>[number]
type Peer = NonNullable<Ingress['from']>[number]
type Block = NonNullable<Peer['ipBlock']>

const columns = [nameColumn, text<NetworkPolicy>('Pod-Selector', 'Pods it is about.', p => printSelector(p.spec.podSelector)), ageColumn]

const types = ['Ingress', 'Egress']

function validate({ spec }: NetworkPolicy): FieldError[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec
  const errors = [
    ...validateLabelSelector(podSelector, 'spec.podSelector'),
    ...ingress.flatMap(({ ports, from }, index) => ruleErrors(ports, from, [`spec.ingress[${index}]`, 'from'])),
    ...egress.flatMap(({ ports, to }, index) => ruleErrors(ports, to, [`spec.egress[${index}]`, 'to'])),
  ]
  if (policyTypes.length > types.length)
    return [...errors, invalid('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes')]
  const unknown = (type: string, index: number) => (types.includes(type) ? [] : [notSupported(`spec.policyTypes[${index}]`, type, types)])
  return [...errors, ...policyTypes.flatMap(unknown)]
}

function ruleErrors(ports: readonly Port[] = [], peers: readonly Peer[] = [], [path, field]: readonly [string, string]): FieldError[] {
  return [
    ...ports.flatMap((port, index) => portErrors(port, `${path}.ports[${index}]`)),
    ...peers.flatMap((peer, index) => peerErrors(peer, `${path}.${field}[${index}]`)),
  ]
}

function portErrors({ protocol, port, endPort }: Port, path: string): FieldError[] {
  const errors = oneOf(`${path}.protocol`, protocol, ['TCP', 'UDP', 'SCTP'])
  const end = `${path}.endPort`
  if (port === undefined)
    return endPort === undefined ? errors : [...errors, invalid(end, endPort, 'may not be specified when `port` is not specified')]
  if (typeof port === 'string') {
    if (endPort !== undefined) errors.push(invalid(end, endPort, 'may not be specified when `port` is non-numeric'))
    return [...errors, ...portNumberOrName(`${path}.port`, port)]
  }
  errors.push(...portNumber(`${path}.port`, port))
  if (endPort === undefined) return errors
  // The message quotes the port, not the end.
  if (endPort < port) errors.push(invalid(end, port, 'must be greater than or equal to `port`'))
  return [...errors, ...portNumber(end, endPort)]
}

function peerErrors({ podSelector, namespaceSelector, ipBlock }: Peer, path: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...(ipBlock ? blockErrors(ipBlock, `${path}.ipBlock`) : []),
  ]
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(path, 'must specify a peer'))
  else if (ipBlock && (podSelector || namespaceSelector)) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'))
  return errors
}

function blockErrors({ cidr, except = [] }: Block, path: string): FieldError[] {
  if (!cidr) return [required(`${path}.cidr`)]
  const errors = strictCidrErrors(`${path}.cidr`, cidr)
  const outer = parseCidr(cidr)
  if (!outer) return errors
  for (const [index, text] of except.entries()) {
    const at = `${path}.except[${index}]`
    errors.push(...strictCidrErrors(at, text))
    const inner = parseCidr(text)
    if (inner && (!contains(outer, inner) || outer.bits >= inner.bits)) errors.push(invalid(at, text, 'must be a strict subset of `cidr`'))
  }
  return errors
}

function warnings({ spec: { ingress = [], egress = [] } }: NetworkPolicy): string[] {
  const peers = [
    ...ingress.flatMap(({ from = [] }, i) => from.map((peer, j) => [peer, `spec.ingress[${i}].from[${j}]`] as const)),
    ...egress.flatMap(({ to = [] }, i) => to.map((peer, j) => [peer, `spec.egress[${i}].to[${j}]`] as const)),
  ]
  return peers.flatMap(([{ ipBlock }, path]) =>
    ipBlock
      ? [
          ...cidrWarning(`${path}.ipBlock.cidr`, ipBlock.cidr),
          ...(ipBlock.except ?? []).flatMap((text, i) => cidrWarning(`${path}.ipBlock.except[${i}]`, text)),
        ]
      : [],
  )
}

export const networkPolicy = defineKind<NetworkPolicy, NetworkPolicyInput>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  scope: 'Namespaced',
  names: { plural: 'networkpolicies', singular: 'networkpolicy', shortNames: ['netpol'] },
  schema,
  columns: [...columns],
  hasGeneration: true,
  defaults({ spec }) {
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) for (const port of ports) port.protocol ??= 'TCP'
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  },
  validate,
  validateUpdate: validate,
  warnings: policy => [...warnings(policy), notEnforced('NetworkPolicies')],
  example: { metadata: { name: 'example' }, spec: {} },
})
