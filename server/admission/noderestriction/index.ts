// NodeRestriction: what a kubelet writes is about its own node and the pods on it.
import { notFound, type StatusError } from '../../../openapi/errors.ts'
import type { CertificateSigningRequest } from '../../../openapi/kinds/certificates.k8s.io/certificatesigningrequest.ts'
import type { Node } from '../../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import type { ResourceSlice } from '../../../openapi/kinds/resource.k8s.io/resourceslice.ts'
import { DerError } from '../../../openapi/values/der.ts'
import { deepEqual } from '../../../openapi/values/equal.ts'
import { parseCertificateRequest } from '../../../openapi/values/pkcs10.ts'
import type { Authorizer } from '../../auth/attributes.ts'
import { nodeOf } from '../../auth/node/authorizer.ts'
import { type AdmissionPlugin, type AdmissionRequest, kindName, refused } from '../chain.ts'
import type { Lookup } from '../lookup.ts'
import { changedLabels, forbiddenLabels } from './labels.ts'
import { mirrorProblem } from './mirrorpods.ts'
import { tokenProblem } from './tokens.ts'

interface Asked extends AdmissionRequest {
  /** Who asks. */
  node: string
  /** Of what is asked about. */
  name: string
}

/** Why not; '' when there is nothing against it. */
type Check = (asked: Asked) => string | Promise<string>

export function nodeRestriction(lookup: Lookup, authorizer: Authorizer): AdmissionPlugin {
  const checks: Readonly<Record<string, Check>> = {
    Pod: asked => podProblem(asked, lookup),
    Node: nodeProblem,
    PersistentVolumeClaim: claimProblem,
    ServiceAccount: asked => tokenProblem({ ...asked, user: asked.request.user }, lookup, authorizer),
    'Lease.coordination.k8s.io': leaseProblem,
    'CSINode.storage.k8s.io': ({ node, name }) =>
      name === node ? '' : 'can only access CSINode with the same name as the requesting node',
    'ResourceSlice.resource.k8s.io': sliceProblem,
    'CertificateSigningRequest.certificates.k8s.io': requestProblem,
  }
  async function check(request: AdmissionRequest): Promise<void> {
    const node = nodeOf(request.request.user)
    if (node === undefined || request.operation === 'CONNECT') return
    if (node === '') throw refused(request, `could not determine node from user ${JSON.stringify(request.request.user.name)}`)
    const problem = await checks[kindName(request.kind)]?.({ ...request, node, name: request.name ?? request.object.metadata.name ?? '' })
    if (problem) throw refused(request, problem)
  }
  return {
    name: 'NodeRestriction',
    kinds: Object.keys(checks),
    subresources: true,
    bodies: true,
    admit: check,
    // A delete goes through no admit().
    validate: request => (request.operation === 'DELETE' ? check(request) : undefined),
  }
}

const quote = JSON.stringify

/** As a reader of pods says it. */
const noSuch = (sort: string, name: string): StatusError => notFound({ group: '', names: { plural: sort } }, name)

function podProblem(asked: Asked, lookup: Lookup): string | Promise<string> {
  const { subresource = '' } = asked.request
  if (subresource === 'status') return podStatusProblem(asked)
  if (subresource === 'eviction') return evictionProblem(asked, lookup)
  if (subresource !== '') return `unexpected pod subresource ${quote(subresource)}, only 'status' and 'eviction' are allowed`
  const { operation, node, object } = asked
  if (operation === 'CREATE') return mirrorProblem(object as Pod, node, lookup)
  if (operation !== 'DELETE') return `unexpected operation ${quote(operation)}, node ${quote(node)} can only create and delete mirror pods`
  return (object as Pod).spec.nodeName === node ? '' : `node ${quote(node)} can only delete pods with spec.nodeName set to itself`
}

function podStatusProblem({ operation, object, old, node }: Asked): string {
  if (operation !== 'UPDATE') return `unexpected operation ${quote(operation)}`
  const [next, before] = [object as Pod, old as Pod]
  if (before.spec.nodeName !== node) return `node ${quote(node)} can only update pod status for pods with spec.nodeName set to itself`
  if (!deepEqual(next.metadata.labels ?? {}, before.metadata.labels ?? {}))
    return `node ${quote(node)} cannot update labels through pod status`
  if (!deepEqual(next.status?.resourceClaimStatuses ?? [], before.status?.resourceClaimStatuses ?? []))
    return `node ${quote(node)} cannot update resource claim statues`
  if (!deepEqual(next.status?.extendedResourceClaimStatus, before.status?.extendedResourceClaimStatus))
    return `node ${quote(node)} cannot update extended resource claim status`
  return ''
}

async function evictionProblem({ node, name, request }: Asked, lookup: Lookup): Promise<string> {
  if (name === '') return 'could not determine pod from request data'
  const found = await lookup.get(podKind, request.namespace, name)
  if (!found) throw noSuch('pod', name)
  return found.spec.nodeName === node ? '' : `node ${node} can only evict pods with spec.nodeName set to itself`
}

function nodeProblem({ operation, object, old, node, name }: Asked): string {
  if (name !== node) return `node ${quote(node)} is not allowed to modify node ${quote(name)}`
  if (operation === 'DELETE') return ''
  const [{ metadata, spec }, before] = [object as Node, old as Node | undefined]
  const labels = forbiddenLabels(changedLabels(metadata.labels, before?.metadata.labels))
  if (!before) {
    if (spec.configSource) return `node ${quote(node)} is not allowed to create pods with a non-nil configSource`
    return labels.length > 0 ? `node ${quote(node)} is not allowed to set the following labels: ${labels.join(', ')}` : ''
  }
  if (spec.configSource && !deepEqual(spec.configSource, before.spec.configSource))
    return `node ${quote(node)} is not allowed to update configSource to a new non-nil configSource`
  if (!deepEqual(spec.taints ?? [], before.spec.taints ?? [])) return `node ${quote(node)} is not allowed to modify taints`
  return labels.length > 0 ? `is not allowed to modify labels: ${labels.join(', ')}` : ''
}

/** Besides its bookkeeping a node writes what a volume has become, and nothing else. */
function claimProblem({ operation, object, old, node, request }: Asked): string {
  if (request.subresource !== 'status') return 'may only update PVC status'
  if (operation !== 'UPDATE') return `unexpected operation ${quote(operation)}`
  return deepEqual(withoutWritable(object), withoutWritable(old))
    ? ''
    : `node ${quote(node)} is not allowed to update fields other than status.quantity and status.conditions`
}

function withoutWritable(claim: object | undefined): object {
  const { metadata, status, ...rest } = claim as { metadata: Record<string, unknown>; status?: Record<string, unknown> }
  const { resourceVersion: _version, managedFields: _managers, ...meta } = metadata
  const { capacity: _c, conditions: _s, allocatedResources: _a, allocatedResourceStatuses: _r, ...others } = status ?? {}
  return { ...rest, meta, others }
}

const leaseNamespace = 'kube-node-lease'

function leaseProblem({ node, name, object }: Asked): string {
  if (object.metadata.namespace !== leaseNamespace) return `can only access leases in the ${quote(leaseNamespace)} system namespace`
  return name === node ? '' : 'can only access node lease with the same name as the requesting node'
}

/** Updates are for the authorizer, who knows what is there. */
function sliceProblem({ operation, object, node }: Asked): string {
  if (operation === 'UPDATE' || (object as ResourceSlice).spec.nodeName === node) return ''
  return `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`
}

const kubeletSigners = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet']

function requestProblem({ operation, object, node }: Asked): string {
  const { signerName, request } = (object as CertificateSigningRequest).spec ?? {}
  if (operation !== 'CREATE' || !kubeletSigners.includes(signerName)) return ''
  try {
    const { commonName } = parseCertificateRequest(Buffer.from(request ?? '', 'base64').toString('latin1'))
    return commonName === `system:node:${node}` ? '' : `can only create a node CSR with CN=system:node:${node}`
  } catch (error) {
    if (error instanceof DerError) return `unable to parse csr: ${error.message}`
    throw error
  }
}
