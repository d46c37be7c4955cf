// pods/binding: what the scheduler does. The pod gets its node, once, and the node's topology labels.

import { conflict, isReason, notFound, StatusError } from '../../../openapi/errors.ts'
import type { KubeObject } from '../../../openapi/kind.ts'
import { type Node, topologyOf } from '../../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import { Binding } from '../../../openapi/schemas/core.ts'
import type { RequestContext } from '../request.ts'
import type { Store } from '../store.ts'
import type { Subresource } from './index.ts'

export interface BindingStores {
  pods: Store<Pod>
  nodes: Store<Node>
  time(): string
}

export const bindingSubresource = ({ pods, nodes, time }: BindingStores): Subresource => ({
  path: 'pods/binding',
  apiVersion: 'v1',
  bodyKind: 'Binding',
  schema: Binding,
  async create({ name, body, request }) {
    const target = (body.target ?? {}) as { kind?: string; name?: string }
    checkTarget(target)
    const given = (body.metadata ?? {}) as KubeObject['metadata']
    const labels = await topology(nodes, request, target.name ?? '')
    await pods.update({ ...request, subresource: 'binding' }, name, current => {
      if (!current) throw notFound(podKind, name)
      checkBindable(current, given, name)
      return {
        object: bound(current, {
          node: target.name ?? '',
          annotations: given.annotations,
          labels: { ...given.labels, ...labels },
          time: time(),
        }),
        applied: true,
      }
    })
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

function checkTarget({ kind = '', name = '' }: { kind?: string; name?: string }): void {
  if (kind !== '' && kind !== 'Node')
    throw new StatusError(500, '', `target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`)
  if (name === '') throw new StatusError(500, '', 'target.name: Required value')
}

function checkBindable(pod: Pod, given: KubeObject['metadata'], name: string): void {
  const refuse = (why: string) => conflict({ group: '', names: { plural: 'pods/binding' } }, name, why)
  const precondition = (what: string, asked: string, found: string) =>
    conflict(
      { group: '', names: { plural: 'pods' } },
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/pods/${pod.metadata.namespace}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${found}`,
    )
  if (given.uid && given.uid !== pod.metadata.uid) throw precondition('UID', given.uid, pod.metadata.uid)
  if (given.resourceVersion && given.resourceVersion !== pod.metadata.resourceVersion)
    throw precondition('ResourceVersion', given.resourceVersion, pod.metadata.resourceVersion)
  if (pod.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`)
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`)
  if ((pod.spec.schedulingGates ?? []).length > 0) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`)
}

interface BindingFacts {
  node: string
  annotations: Record<string, string> | undefined
  labels: Record<string, string>
  time: string
}

function bound(pod: Pod, { node, annotations, labels, time }: BindingFacts): Pod {
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: time }
  const others = (pod.status?.conditions ?? []).filter(c => c.type !== 'PodScheduled')
  const metadata = { ...pod.metadata }
  if (annotations && Object.keys(annotations).length > 0) metadata.annotations = { ...metadata.annotations, ...annotations }
  if (Object.keys(labels).length > 0) metadata.labels = { ...labels, ...metadata.labels }
  const { nominatedNodeName: _nominated, ...status } = pod.status
  return { ...pod, metadata, spec: { ...pod.spec, nodeName: node }, status: { ...status, conditions: [...others, scheduled] } } as Pod
}

async function topology(nodes: Store<Node>, request: RequestContext, name: string): Promise<Record<string, string>> {
  try {
    return topologyOf(await nodes.get({ ...request, namespace: '' }, name))
  } catch (error) {
    // A node that does not exist is accepted, as upstream does.
    if (isReason(error, 'NotFound')) return {}
    throw error
  }
}
