// A container's environment and the files under /etc that a kubelet writes.
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { node as nodeKind } from '../../openapi/kinds/core/node/index.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { secret } from '../../openapi/kinds/core/secret/index.ts'
import { type Service, service } from '../../openapi/kinds/core/service/index.ts'
import { quantityToMilli } from '../../openapi/values/quantity.ts'
import type { Context } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import type { Container } from './images/image.ts'

/** What a downward reference names. '' for what is not there. */
export function fieldOf(pod: Pod, path: string): string {
  const labelled = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path)
  if (labelled) return pod.metadata[labelled[1] as 'labels' | 'annotations']?.[labelled[2] ?? ''] ?? ''
  const map = /^metadata\.(labels|annotations)$/.exec(path)
  if (map)
    return Object.entries(pod.metadata[map[1] as 'labels' | 'annotations'] ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join('\n')
  const values: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName': pod.spec.serviceAccountName,
    'status.hostIP': pod.status.hostIP,
    'status.hostIPs': pod.status.hostIPs?.map(({ ip }) => ip).join(','),
    'status.podIP': pod.status.podIP,
    'status.podIPs': pod.status.podIPs?.map(({ ip }) => ip).join(','),
  }
  return values[path] ?? ''
}

export interface ResourceReference {
  containerName?: string
  /** limits.cpu, requests.memory… */
  resource: string
  divisor?: string | number
}

/** The amount in units of the divisor, rounded up. Without a limit, what the node has. */
export function resourceOf(
  pod: Pod,
  container: Container,
  { containerName, resource, divisor }: ResourceReference,
  context: Context,
): string {
  const [list, name = ''] = resource.split(/\.(.*)/s)
  const { resources } = pod.spec.containers.find(c => c.name === containerName) ?? container
  const node = list === 'limits' ? context.informer(nodeKind).get({ name: pod.spec.nodeName ?? '' }) : undefined
  const amount = resources?.[list as 'limits' | 'requests']?.[name] ?? node?.status.allocatable?.[name] ?? '0'
  const unit = String(divisor ?? '0') === '0' ? '1' : String(divisor)
  return String(Math.ceil(quantityToMilli(String(amount)) / quantityToMilli(unit)))
}

export const hostnameOf = ({ metadata, spec }: Pod): string => spec.hostname ?? metadata.name

export async function environment(pod: Pod, container: Container, context: Context): Promise<Record<string, string>> {
  const variables: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: hostnameOf(pod),
    HOME: '/root',
    ...serviceVariables(pod, context),
    ...(await fromSources(pod, container, context)),
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (value !== undefined) variables[name] = expand(value, variables)
    else if (valueFrom?.fieldRef) variables[name] = fieldOf(pod, valueFrom.fieldRef.fieldPath)
    else if (valueFrom?.resourceFieldRef) variables[name] = resourceOf(pod, container, valueFrom.resourceFieldRef, context)
    else if (valueFrom?.configMapKeyRef)
      variables[name] = (await mapData(pod, valueFrom.configMapKeyRef.name ?? '', context))[valueFrom.configMapKeyRef.key] ?? ''
    else if (valueFrom?.secretKeyRef)
      variables[name] = (await secretData(pod, valueFrom.secretKeyRef.name ?? '', context))[valueFrom.secretKeyRef.key] ?? ''
    else variables[name] = ''
  }
  return variables
}

/** $(NAME) of a variable that is there; $$ is a dollar. */
export const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$(\$|\(([^)]*)\))/g, (whole, all: string, name: string) => (all === '$' ? '$' : (variables[name] ?? whole)))

async function fromSources(pod: Pod, container: Container, context: Context): Promise<Record<string, string>> {
  const variables: Record<string, string> = {}
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef ? await mapData(pod, configMapRef.name ?? '', context) : await secretData(pod, secretRef?.name ?? '', context)
    for (const [key, value] of Object.entries(data)) variables[prefix + key] = value
  }
  return variables
}

async function mapData({ metadata }: Pod, name: string, { client }: Context): Promise<Record<string, string>> {
  return ignoringAbsence(async () => (await client.get(configMap, { namespace: metadata.namespace ?? '', name })).data ?? {})
}

async function secretData({ metadata }: Pod, name: string, { client }: Context): Promise<Record<string, string>> {
  const data = await ignoringAbsence(async () => (await client.get(secret, { namespace: metadata.namespace ?? '', name })).data ?? {})
  const text = new TextDecoder()
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, text.decode(Buffer.from(value, 'base64'))]))
}

async function ignoringAbsence(read: () => Promise<Record<string, string>>): Promise<Record<string, string>> {
  try {
    return await read()
  } catch (error) {
    if (isReason(error, 'NotFound')) return {}
    throw error
  }
}

/** Services of the namespace, and the API's own, as environment variables in the form of container links. */
function serviceVariables({ metadata, spec }: Pod, { informer }: Context): Record<string, string> {
  const services = spec.enableServiceLinks === false ? [] : informer(service).list(metadata.namespace ?? '')
  const api = informer(service).get({ namespace: 'default', name: 'kubernetes' })
  return Object.assign({}, ...[...services, ...(api ? [api] : [])].map(variablesOf)) as Record<string, string>
}

function variablesOf({ metadata, spec }: Service): Record<string, string> {
  const [first] = spec.ports ?? []
  if (!first || !spec.clusterIP || spec.clusterIP === 'None') return {}
  const name = metadata.name.toUpperCase().replaceAll('-', '_')
  const variables: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: spec.clusterIP,
    [`${name}_SERVICE_PORT`]: String(first.port),
    [`${name}_PORT`]: `${first.protocol.toLowerCase()}://${spec.clusterIP}:${first.port}`,
  }
  for (const { name: port, port: number, protocol } of spec.ports ?? []) {
    const link = `${name}_PORT_${number}_${protocol}`
    if (port) variables[`${name}_SERVICE_PORT_${port.toUpperCase().replaceAll('-', '_')}`] = String(number)
    Object.assign(variables, {
      [link]: `${protocol.toLowerCase()}://${spec.clusterIP}:${number}`,
      [`${link}_PROTO`]: protocol.toLowerCase(),
      [`${link}_PORT`]: String(number),
      [`${link}_ADDR`]: spec.clusterIP,
    })
  }
  return variables
}

export interface ClusterDns {
  domain: string
  address: string
}

export const searchPath = ({ metadata }: Pod, { domain }: ClusterDns): string[] => [
  `${metadata.namespace}.svc.${domain}`,
  `svc.${domain}`,
  domain,
]

/** The files a kubelet writes into every container. */
export function etcFiles(pod: Pod, dns: ClusterDns): Record<string, string> {
  const hostname = hostnameOf(pod)
  const full = pod.spec.subdomain ? `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${dns.domain}\t` : ''
  return {
    '/etc/hostname': `${hostname}\n`,
    '/etc/hosts': `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${pod.status.podIP}\t${full}${hostname}\n`,
    '/etc/resolv.conf': `search ${searchPath(pod, dns).join(' ')}\nnameserver ${dns.address}\noptions ndots:5\n`,
  }
}
