// How nodes are listed.
import { ageColumn, nameColumn, text } from '../../../columns.ts'
import type { Column } from '../../../kind.ts'
import type { Node } from './index.ts'

const rolePrefix = 'node-role.kubernetes.io/'

function status({ status, spec }: Node): string {
  const ready = status.conditions?.find(c => c.type === 'Ready')
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown']
  if (spec.unschedulable) words.push('SchedulingDisabled')
  return words.join(',')
}

function roles({ metadata }: Node): string {
  const names = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) return [key.slice(rolePrefix.length)]
    return key === 'kubernetes.io/role' && value !== '' ? [value] : []
  })
  return [...new Set(names)].sort().join(',') || '<none>'
}

const address =
  (type: string) =>
  (node: Node): string =>
    node.status.addresses?.find(a => a.type === type)?.address ?? '<none>'
const orUnknown = (value: string | undefined): string => value || '<unknown>'

/** With the architecture, where the kubelet says it. */
function kernel({ status: { nodeInfo } }: Node): string {
  const version = orUnknown(nodeInfo?.kernelVersion)
  return nodeInfo?.kernelVersion && nodeInfo.architecture ? `${version} (${nodeInfo.architecture})` : version
}

export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  text('Status', 'Whether it takes and runs pods.', status),
  text('Roles', 'From its role labels.', roles),
  ageColumn,
  text('Version', 'Version of its kubelet.', n => n.status.nodeInfo?.kubeletVersion ?? ''),
  text('Internal-IP', 'Its address inside.', address('InternalIP'), 1),
  text('External-IP', 'Its address outside.', address('ExternalIP'), 1),
  text('OS-Image', 'Its operating system.', n => orUnknown(n.status.nodeInfo?.osImage), 1),
  text('Kernel-Version', 'Its kernel.', kernel, 1),
  text('Container-Runtime', 'What runs its containers.', n => orUnknown(n.status.nodeInfo?.containerRuntimeVersion), 1),
]
