// Services: what each type must and must not have. Order of the errors as upstream's ValidateService.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../../errors.ts'
import { cidrErrors, ipErrors, specialIpErrors } from '../../../rules/addresses.ts'
import { contentErrors, labelErrors } from '../../../rules/metadata.ts'
import { isDns1123Subdomain, isQualifiedName } from '../../../values/names.ts'
import { dnsLabel, oneOf, portNumber, portNumberOrName, problems } from '../pod/validation/fields.ts'
import { asGo } from '../pod/validation/goform.ts'
import { addressChangeErrors, validateServiceAddresses } from './addresses.ts'
import type { Service } from './index.ts'
import { isHeadless, isReachableFromOutside, needsHealthCheck } from './strategy.ts'

type Spec = Service['spec']
type Port = NonNullable<Spec['ports']>[number]

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const balancerOnly = "may only be used when `type` is 'LoadBalancer'"
const maxAffinitySeconds = 86_400
const kubeletPort = 10_250

export const validateService = (service: Service): FieldError[] => [
  ...typeErrors(service),
  ...portErrors(service.spec.ports ?? []),
  ...(service.spec.selector ? labelErrors(service.spec.selector, 'spec.selector') : []),
  ...affinityErrors(service.spec),
  ...validateServiceAddresses(service),
  ...(service.spec.externalIPs ?? []).flatMap((ip, index) => externalIpErrors(ip, `spec.externalIPs[${index}]`)),
  ...(service.spec.type ? oneOf('spec.type', service.spec.type, types) : [required('spec.type')]),
  ...portClashes(service.spec),
  ...balancerErrors(service),
  ...trafficErrors(service),
]

export function validateServiceUpdate(next: Service, old: Service): FieldError[] {
  const errors = addressChangeErrors(next, old)
  if (next.spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer' && next.spec.loadBalancerClass !== old.spec.loadBalancerClass)
    errors.push(invalid('spec.loadBalancerClass', next.spec.loadBalancerClass, 'may not change once set'))
  if (needsHealthCheck(next) && needsHealthCheck(old) && next.spec.healthCheckNodePort !== old.spec.healthCheckNodePort)
    errors.push(forbidden('spec.healthCheckNodePort', 'field is immutable'))
  return [...errors, ...contentErrors(next.metadata, 'metadata'), ...validateService(next)]
}

export const validateServiceStatus = ({ status }: Service): FieldError[] =>
  (status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname, ipMode }, index) => {
    const path = `status.loadBalancer.ingress[${index}]`
    return [
      ...(ip ? ipErrors(`${path}.ip`, ip) : []),
      ...(ip && ipMode === undefined ? [required(`${path}.ipMode`, 'must be specified when `ip` is set')] : []),
      ...(!ip && ipMode !== undefined ? [forbidden(`${path}.ipMode`, 'may not be specified when `ip` is not set')] : []),
      ...oneOf(`${path}.ipMode`, ipMode, ['Proxy', 'VIP']),
      ...(hostname ? problems(`${path}.hostname`, hostname, isDns1123Subdomain) : []),
      ...(hostname && ipErrors('', hostname).length === 0
        ? [invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address')]
        : []),
    ]
  })

function typeErrors(service: Service): FieldError[] {
  const { type, ports = [], clusterIPs = [] } = service.spec
  const errors: FieldError[] = []
  if (ports.length === 0 && !isHeadless(service) && type !== 'ExternalName') errors.push(required('spec.ports'))
  if (type === 'LoadBalancer')
    for (const [index, { port }] of ports.entries())
      if (port === kubeletPort)
        errors.push(invalid(`spec.ports[${index}]`, port, `may not expose port ${kubeletPort} externally since it is used by kubelet`))
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(service))
    errors.push(invalid('spec.clusterIPs[0]', clusterIPs[0], `may not be set to 'None' for ${type} services`))
  return type === 'ExternalName' ? [...errors, ...externalNameErrors(service.spec)] : errors
}

function externalNameErrors(spec: Spec): FieldError[] {
  const why = 'may not be set for ExternalName services'
  const errors = (['clusterIPs', 'ipFamilies'] as const)
    .filter(field => (spec[field] ?? []).length > 0)
    .map(field => forbidden(`spec.${field}`, why))
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden('spec.ipFamilyPolicy', why))
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  return [...errors, ...(name ? problems('spec.externalName', name, isDns1123Subdomain) : [required('spec.externalName')])]
}

function portErrors(ports: readonly Port[]): FieldError[] {
  return ports.flatMap(({ name, port, protocol, targetPort, appProtocol }, index) => {
    const path = `spec.ports[${index}]`
    const errors = name ? dnsLabel(`${path}.name`, name) : ports.length > 1 ? [required(`${path}.name`)] : []
    if (name && ports.slice(0, index).some(p => p.name === name)) errors.push(duplicate(`${path}.name`, name))
    errors.push(...portNumber(`${path}.port`, port))
    errors.push(...(protocol ? oneOf(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']) : [required(`${path}.protocol`)]))
    errors.push(...portNumberOrName(`${path}.targetPort`, targetPort))
    return appProtocol === undefined ? errors : [...errors, ...problems(`${path}.appProtocol`, appProtocol, isQualifiedName)]
  })
}

function affinityErrors({ sessionAffinity, sessionAffinityConfig: config }: Spec): FieldError[] {
  if (!sessionAffinity) return [required('spec.sessionAffinity')]
  const path = 'spec.sessionAffinityConfig'
  const errors = oneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None'])
  if (sessionAffinity === 'None' && config) return [...errors, forbidden(path, 'must not be set when session affinity is None')]
  if (sessionAffinity !== 'ClientIP') return errors
  const seconds = config?.clientIP?.timeoutSeconds
  if (seconds === undefined) return [...errors, required(`${path}.clientIP.timeoutSeconds`, 'when session affinity type is ClientIP')]
  if (seconds > 0 && seconds <= maxAffinitySeconds) return errors
  return [...errors, invalid(`${path}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`)]
}

function externalIpErrors(ip: string, path: string): FieldError[] {
  const wrong = ipErrors(path, ip)
  return wrong.length > 0 ? wrong : specialIpErrors(path, ip)
}

function portClashes({ type, ports = [] }: Spec): FieldError[] {
  const errors: FieldError[] = []
  const at = (index: number) => `spec.ports[${index}]`
  if (type === 'ClusterIP')
    for (const [index, { nodePort }] of ports.entries())
      if (nodePort) errors.push(forbidden(`${at(index)}.nodePort`, "may not be used when `type` is 'ClusterIP'"))
  for (const [index, { protocol, nodePort }] of ports.entries())
    if (nodePort && ports.slice(0, index).some(p => p.protocol === protocol && p.nodePort === nodePort))
      errors.push(duplicate(`${at(index)}.nodePort`, nodePort))
  for (const [index, { protocol, port }] of ports.entries())
    if (ports.slice(0, index).some(p => p.protocol === protocol && p.port === port))
      errors.push(duplicate(at(index), asGo('ServicePort', { protocol, port, targetPort: 0 })))
  return errors
}

function balancerErrors({ spec }: Service): FieldError[] {
  const { type, loadBalancerSourceRanges: ranges = [], allocateLoadBalancerNodePorts, loadBalancerClass } = spec
  const isBalancer = type === 'LoadBalancer'
  const path = 'spec.LoadBalancerSourceRanges'
  const errors: FieldError[] = ranges.length > 0 && !isBalancer ? [forbidden(path, balancerOnly)] : []
  for (const [index, range] of ranges.entries()) errors.push(...cidrErrors(`${path}[${index}]`, range.trim()))
  if (allocateLoadBalancerNodePorts !== undefined && !isBalancer) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', balancerOnly))
  if (allocateLoadBalancerNodePorts === undefined && isBalancer) errors.push(required('spec.allocateLoadBalancerNodePorts'))
  if (loadBalancerClass === undefined) return errors
  const wrong = isBalancer
    ? problems('spec.loadBalancerClass', loadBalancerClass, isQualifiedName)
    : [forbidden('spec.loadBalancerClass', balancerOnly)]
  return [...errors, ...wrong]
}

function trafficErrors(service: Service): FieldError[] {
  const { externalTrafficPolicy: external, internalTrafficPolicy: internal, trafficDistribution, type } = service.spec
  const errors: FieldError[] = []
  const policies = ['Cluster', 'Local']
  if (isReachableFromOutside(service))
    errors.push(...(external ? oneOf('spec.externalTrafficPolicy', external, policies) : [required('spec.externalTrafficPolicy')]))
  else if (external) errors.push(invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'))
  errors.push(...healthCheckErrors(service))
  if (internal === undefined && types.includes(type) && type !== 'ExternalName') errors.push(required('spec.internalTrafficPolicy'))
  errors.push(...oneOf('spec.internalTrafficPolicy', internal, policies))
  return [...errors, ...oneOf('spec.trafficDistribution', trafficDistribution, ['PreferClose', 'PreferSameZone', 'PreferSameNode'])]
}

function healthCheckErrors(service: Service): FieldError[] {
  const path = 'spec.healthCheckNodePort'
  const { healthCheckNodePort: port = 0 } = service.spec
  if (needsHealthCheck(service)) return port === 0 ? [required(path)] : portNumber(path, port)
  if (port === 0) return []
  return [invalid(path, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")]
}

export function serviceWarnings(service: Service): string[] {
  const { type, externalName, externalIPs = [], loadBalancerIP, sessionAffinity, trafficDistribution } = service.spec
  const texts: string[] = []
  if (isHeadless(service)) {
    if (loadBalancerIP) texts.push('spec.loadBalancerIP is ignored for headless services')
    if (externalIPs.length > 0) texts.push('spec.externalIPs is ignored for headless services')
    if (sessionAffinity !== 'None') texts.push('spec.SessionAffinity is ignored for headless services')
  }
  if (externalIPs.length > 0) texts.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  if (type !== 'ExternalName' && externalName) texts.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  if (trafficDistribution === 'PreferClose') texts.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
  return texts
}
