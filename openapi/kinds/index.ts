// The built-in kinds in discovery order. A new kind adds one import and one line.
import type { Kind } from '../kind.ts'
import { customResourceDefinition } from './apiextensions.k8s.io/customresourcedefinition/index.ts'
import { apiService } from './apiregistration.k8s.io/apiservice.ts'
import { controllerRevision } from './apps/controllerrevision.ts'
import { daemonSet } from './apps/daemonset.ts'
import { deployment } from './apps/deployment.ts'
import { replicaSet } from './apps/replicaset.ts'
import { statefulSet } from './apps/statefulset.ts'
import { lease } from './coordination.k8s.io/lease.ts'
import { binding } from './core/binding.ts'
import { componentStatus } from './core/componentstatus.ts'
import { configMap } from './core/configmap.ts'
import { endpoints } from './core/endpoints/index.ts'
import { event } from './core/event/index.ts'
import { limitRange } from './core/limitrange/index.ts'
import { namespace } from './core/namespace.ts'
import { node } from './core/node/index.ts'
import { persistentVolume } from './core/persistentvolume/index.ts'
import { persistentVolumeClaim } from './core/persistentvolumeclaim/index.ts'
import { pod } from './core/pod/index.ts'
import { podTemplate } from './core/podtemplate.ts'
import { replicationController } from './core/replicationcontroller.ts'
import { resourceQuota } from './core/resourcequota/index.ts'
import { secret } from './core/secret/index.ts'
import { service } from './core/service/index.ts'
import { serviceAccount } from './core/serviceaccount.ts'
import { endpointSlice } from './discovery.k8s.io/endpointslice/index.ts'
import { event as eventsEvent } from './events.k8s.io/event.ts'
import { csiDriver } from './storage.k8s.io/csidriver.ts'
import { csiNode } from './storage.k8s.io/csinode.ts'
import { csiStorageCapacity } from './storage.k8s.io/csistoragecapacity.ts'
import { storageClass } from './storage.k8s.io/storageclass.ts'
import { volumeAttachment } from './storage.k8s.io/volumeattachment.ts'
import { volumeAttributesClass } from './storage.k8s.io/volumeattributesclass.ts'

export const builtinKinds = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  serviceAccount,
  service,
  apiService,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  eventsEvent,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
  customResourceDefinition,
  lease,
  endpointSlice,
] as unknown as readonly Kind[]
