// The controllers. A new one adds one import and one line.
import type { Kind } from '../openapi/kind.ts'
import { tokenCleaner } from './bootstraptokens/cleaner.ts'
import { bootstrapSigner } from './bootstraptokens/signer.ts'
import { clusterRoleAggregationController } from './clusterroleaggregation/controller.ts'
import { cronJobController } from './cronjob/controller.ts'
import { csiController } from './csi/controller.ts'
import { csrApprovingController } from './csrapproving/controller.ts'
import { csrCleanerController } from './csrcleaner/controller.ts'
import { csrSigningController, type Sign } from './csrsigning/controller.ts'
import { daemonSetController } from './daemonset/controller.ts'
import { deploymentController } from './deployment/controller.ts'
import { disruptionController } from './disruption/controller.ts'
import { staleDisruptionController } from './disruption/stale.ts'
import { endpointsController } from './endpoints/controller.ts'
import { endpointSliceController } from './endpointslice/controller.ts'
import { endpointSliceMirroringController } from './endpointslicemirroring/controller.ts'
import { ephemeralVolumeController } from './ephemeralvolume/controller.ts'
import { garbageCollector } from './garbagecollector/controller.ts'
import { horizontalPodAutoscalerController } from './horizontalpodautoscaler/controller.ts'
import { jobController } from './job/controller.ts'
import { namespaceController } from './namespace/controller.ts'
import { nodeLifecycleController } from './nodelifecycle/controller.ts'
import { persistentVolumeController } from './persistentvolume/controller.ts'
import { podGarbageCollector } from './podgc/controller.ts'
import { replicaSetController, replicationControllerController } from './replicaset/controller.ts'
import { resourceClaimController } from './resourceclaim/controller.ts'
import { resourceQuotaController } from './resourcequota/controller.ts'
import { rootCaController } from './rootca/controller.ts'
import type { Controller } from './runtime/controller.ts'
import { schedulerController } from './scheduler/controller.ts'
import { serviceAccountController } from './serviceaccount/controller.ts'
import { serviceAccountTokenController } from './serviceaccounttoken/controller.ts'
import { serviceCidrController } from './servicecidr/controller.ts'
import { statefulSetController } from './statefulset/controller.ts'
import { claimProtectionController, volumeProtectionController } from './storageprotection/controller.ts'
import { taintEvictionController } from './tainteviction/controller.ts'
import { ttlAfterFinishedController } from './ttlafterfinished/controller.ts'
import { validatingAdmissionPolicyStatusController } from './validatingadmissionpolicystatus/controller.ts'
import { volumeExpandController } from './volumeexpand/controller.ts'

export interface ControllerOptions {
  /** PEM of the cluster's CA. */
  rootCa: string
  csiEndpoint: string
  /** Signs certificates with the cluster's CA. */
  sign: Sign
  /** All kinds served, for those that walk them. */
  kinds: readonly Kind[]
}

export const createControllers = ({ rootCa, csiEndpoint, sign, kinds }: ControllerOptions): readonly Controller[] => [
  serviceAccountController,
  serviceAccountTokenController(rootCa),
  rootCaController(rootCa),
  nodeLifecycleController,
  taintEvictionController(),
  schedulerController(),
  statefulSetController,
  deploymentController,
  replicaSetController,
  replicationControllerController,
  daemonSetController,
  jobController(),
  cronJobController,
  horizontalPodAutoscalerController(),
  disruptionController,
  staleDisruptionController,
  ttlAfterFinishedController,
  ephemeralVolumeController,
  resourceClaimController,
  persistentVolumeController,
  claimProtectionController,
  volumeProtectionController,
  csiController(csiEndpoint),
  volumeExpandController,
  endpointSliceController,
  endpointSliceMirroringController,
  endpointsController,
  serviceCidrController,
  podGarbageCollector,
  resourceQuotaController(kinds),
  clusterRoleAggregationController,
  validatingAdmissionPolicyStatusController(kinds),
  csrApprovingController,
  csrSigningController(sign),
  csrCleanerController,
  tokenCleaner,
  bootstrapSigner,
  namespaceController,
  garbageCollector(kinds),
]
