// Slices that show what a hand-made Endpoints object says: one per subset and address family. Pure.

import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import { type Endpoints, endpoints as endpointsKind } from '../../openapi/kinds/core/endpoints/index.ts'
import {
  type EndpointSlice,
  endpointSlice,
  managedByLabel,
  serviceLabel,
} from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Action } from '../runtime/controller.ts'
import { controllerReference } from '../runtime/owners.ts'

export const managedBy = 'endpointslicemirroring-controller.k8s.io'

/** Addresses of a subset that are shown at most. */
const perSubset = 1000

type Subset = NonNullable<Endpoints['subsets']>[number]
type Address = NonNullable<Subset['addresses']>[number]
type Wanted = Pick<EndpointSlice, 'addressType' | 'endpoints' | 'ports'>

/** `suffix`: random letters for a new slice's name. */
export function plan(from: Endpoints, slices: readonly EndpointSlice[], suffix: () => string): Action[] {
  const kind = endpointSlice as unknown as Kind
  const left = [...slices]
  const labels = labelsOf(from)
  const actions: Action[] = []
  for (const wanted of (from.subsets ?? []).flatMap(slicesOf)) {
    const at = left.findIndex(slice => slice.addressType === wanted.addressType && deepEqual(slice.ports ?? [], wanted.ports ?? []))
    const [slice] = at >= 0 ? left.splice(at, 1) : []
    if (!slice) actions.push({ do: 'create', kind, object: newSlice(from, wanted, suffix()) })
    else if (!deepEqual(slice.endpoints ?? [], wanted.endpoints) || !deepEqual(slice.metadata.labels, labels))
      actions.push({ do: 'update', kind, object: { ...slice, metadata: { ...slice.metadata, labels }, ...wanted } as KubeObject })
  }
  return [...actions, ...left.map((object): Action => ({ do: 'delete', kind, object: object as unknown as KubeObject }))]
}

function slicesOf({ addresses = [], notReadyAddresses = [], ports = [] }: Subset): Wanted[] {
  const all = [...addresses.map(a => endpointOf(a, true)), ...notReadyAddresses.map(a => endpointOf(a, false))].slice(0, perSubset)
  const families = [
    { addressType: 'IPv4', endpoints: all.filter(e => !e.addresses[0]?.includes(':')) },
    { addressType: 'IPv6', endpoints: all.filter(e => e.addresses[0]?.includes(':')) },
  ] as const
  return families
    .filter(({ endpoints }) => endpoints.length > 0)
    .map(family => ({ ...family, ports: ports.map(({ name = '', ...port }) => ({ name, ...port })) }) as Wanted)
}

const endpointOf = ({ ip, hostname, nodeName, targetRef }: Address, ready: boolean): NonNullable<EndpointSlice['endpoints']>[number] => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname ? { hostname } : {}),
  ...(nodeName ? { nodeName } : {}),
  ...(targetRef ? { targetRef } : {}),
})

const labelsOf = ({ metadata }: Endpoints): Record<string, string> => ({
  ...metadata.labels,
  [managedByLabel]: managedBy,
  [serviceLabel]: metadata.name,
})

const newSlice = (from: Endpoints, wanted: Wanted, suffix: string): KubeInput & Wanted => ({
  metadata: {
    namespace: from.metadata.namespace,
    name: `${from.metadata.name}-${suffix}`,
    generateName: `${from.metadata.name}-`,
    labels: labelsOf(from),
    ownerReferences: [controllerReference(endpointsKind as unknown as Kind, from)],
  },
  ...wanted,
})
