// What a simulated kubelet registers: its Node and its Lease.

import type { LeaseInput } from '../../openapi/kinds/coordination.k8s.io/lease.ts'
import type { NodeInput } from '../../openapi/kinds/core/node/index.ts'
import { printMicroTime, printTime } from '../../openapi/values/time.ts'

export const leaseNamespace = 'kube-node-lease'
export const leaseSeconds = 40

const capacity = { cpu: '32', memory: '256Gi', pods: '110', 'ephemeral-storage': '100Gi', 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' }

export const nodeAddress = (index: number): string => `10.128.${Math.floor((index + 2) / 256)}.${(index + 2) % 256}`
/** Each node has a /24 of 10.24.0.0/14. */
export const podCidr = (index: number): string => `10.${24 + Math.floor(index / 256)}.${index % 256}.0/24`

export function newNode(index: number, now: Date): NodeInput & { status: object } {
  const name = `node-${index}`
  return {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'region-1',
        'topology.kubernetes.io/zone': `zone-${index % 3}`,
      },
    },
    spec: { podCIDR: podCidr(index), podCIDRs: [podCidr(index)], providerID: `kubemock://${name}` },
    status: nodeStatus(index, now),
  } as NodeInput & { status: object }
}

export function nodeStatus(index: number, now: Date): object {
  return {
    addresses: [
      { type: 'InternalIP', address: nodeAddress(index) },
      { type: 'Hostname', address: `node-${index}` },
    ],
    capacity,
    allocatable: capacity,
    conditions: nodeConditions(printTime(now), printTime(now)),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      containerRuntimeVersion: 'containerd://2.2.0',
      kernelVersion: '6.12.0',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID: `${String(index).padStart(32, '0')}`,
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      systemUUID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    },
  }
}

const healthy = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const

export const nodeConditions = (heartbeat: string, transition: string): object[] =>
  healthy.map(([type, status, reason, message]) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: transition,
  }))

export const newLease = (node: string, uid: string, now: Date): LeaseInput => ({
  metadata: { namespace: leaseNamespace, name: node, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid }] },
  spec: { holderIdentity: node, leaseDurationSeconds: leaseSeconds, renewTime: printMicroTime(now) },
})
