// The controllers. A new one adds one import and one line.
import { csiController } from './csi/controller.ts'
import { endpointsController } from './endpoints/controller.ts'
import { endpointSliceController } from './endpointslice/controller.ts'
import { nodeLifecycleController } from './nodelifecycle/controller.ts'
import { persistentVolumeController } from './persistentvolume/controller.ts'
import { rootCaController } from './rootca/controller.ts'
import type { Controller } from './runtime/controller.ts'
import { schedulerController } from './scheduler/controller.ts'
import { serviceAccountController } from './serviceaccount/controller.ts'
import { statefulSetController } from './statefulset/controller.ts'
import { claimProtectionController, volumeProtectionController } from './storageprotection/controller.ts'
import { taintEvictionController } from './tainteviction/controller.ts'

export interface ControllerOptions {
  /** PEM of the cluster's CA. */
  rootCa: string
  csiEndpoint: string
}

export const createControllers = ({ rootCa, csiEndpoint }: ControllerOptions): readonly Controller[] => [
  serviceAccountController,
  rootCaController(rootCa),
  nodeLifecycleController,
  taintEvictionController,
  schedulerController(),
  statefulSetController,
  persistentVolumeController,
  claimProtectionController,
  volumeProtectionController,
  csiController(csiEndpoint),
  endpointSliceController,
  endpointsController,
]
