// Which pods a Service stands for, and which Services an object's change concerns.
import type { KubeObject } from '../../openapi/kind.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { type Service, service as serviceKind } from '../../openapi/kinds/core/service/index.ts'
import {
  type EndpointSlice,
  endpointSlice,
  managedByLabel,
  serviceLabel,
} from '../../openapi/kinds/discovery.k8s.io/endpointslice/index.ts'
import { matchesSelector } from '../../openapi/values/selector.ts'
import type { Caches, ObjectKey } from './controller.ts'
import { keyOf } from './owners.ts'

const selects = ({ spec }: Service, labels: Readonly<Record<string, string>> | undefined): boolean =>
  spec.selector !== undefined && matchesSelector({ matchLabels: spec.selector }, labels)

export const servicesOf = ({ metadata }: KubeObject, caches: Caches): ObjectKey[] =>
  caches
    .informer(serviceKind)
    .list(metadata.namespace ?? '')
    .filter(service => selects(service, metadata.labels))
    .map(keyOf)

export const podsOf = (service: Service, caches: Caches): Pod[] =>
  caches
    .informer(pod)
    .list(service.metadata.namespace)
    .filter(({ metadata }) => selects(service, metadata.labels))

/** A Watch's keys: the Service of a slice that this controller keeps. */
export const serviceOfSlice =
  (managedBy: string) =>
  ({ metadata }: KubeObject): ObjectKey[] =>
    metadata.labels?.[managedByLabel] === managedBy
      ? [{ namespace: metadata.namespace ?? '', name: metadata.labels[serviceLabel] ?? '' }]
      : []

/** The slices of the Service with this key that this controller keeps. */
export const slicesOf = ({ namespace, name }: ObjectKey, managedBy: string, caches: Caches): EndpointSlice[] =>
  caches
    .informer(endpointSlice)
    .list(namespace)
    .filter(({ metadata }) => metadata.labels?.[serviceLabel] === name && metadata.labels[managedByLabel] === managedBy)

/** Whether its endpoints are ours to find: it selects pods and stays. */
export const hasPods = ({ metadata, spec }: Service): boolean =>
  metadata.deletionTimestamp === undefined && spec.selector !== undefined && spec.type !== 'ExternalName'
