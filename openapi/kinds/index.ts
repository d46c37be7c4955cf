// The built-in kinds in discovery order. A new kind adds one import and one line.
import type { Kind } from '../kind.ts'
import { mutatingAdmissionPolicy } from './admissionregistration.k8s.io/mutatingadmissionpolicy.ts'
import { mutatingAdmissionPolicyBinding } from './admissionregistration.k8s.io/mutatingadmissionpolicybinding.ts'
import { mutatingWebhookConfiguration } from './admissionregistration.k8s.io/mutatingwebhookconfiguration.ts'
import { validatingAdmissionPolicy } from './admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import { validatingAdmissionPolicyBinding } from './admissionregistration.k8s.io/validatingadmissionpolicybinding.ts'
import { validatingWebhookConfiguration } from './admissionregistration.k8s.io/validatingwebhookconfiguration.ts'
import { customResourceDefinition } from './apiextensions.k8s.io/customresourcedefinition/index.ts'
import { apiService } from './apiregistration.k8s.io/apiservice.ts'
import { controllerRevision } from './apps/controllerrevision.ts'
import { daemonSet } from './apps/daemonset.ts'
import { deployment } from './apps/deployment.ts'
import { replicaSet } from './apps/replicaset.ts'
import { statefulSet } from './apps/statefulset.ts'
import { selfSubjectReview } from './authentication.k8s.io/selfsubjectreview.ts'
import { tokenReview } from './authentication.k8s.io/tokenreview.ts'
import { localSubjectAccessReview } from './authorization.k8s.io/localsubjectaccessreview.ts'
import { selfSubjectAccessReview } from './authorization.k8s.io/selfsubjectaccessreview.ts'
import { selfSubjectRulesReview } from './authorization.k8s.io/selfsubjectrulesreview.ts'
import { subjectAccessReview } from './authorization.k8s.io/subjectaccessreview.ts'
import { horizontalPodAutoscaler } from './autoscaling/horizontalpodautoscaler/index.ts'
import { horizontalPodAutoscalerV1 } from './autoscaling/horizontalpodautoscaler/v1.ts'
import { cronJob } from './batch/cronjob.ts'
import { job } from './batch/job/index.ts'
import { certificateSigningRequest } from './certificates.k8s.io/certificatesigningrequest.ts'
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
import { flowSchema } from './flowcontrol.apiserver.k8s.io/flowschema.ts'
import { priorityLevelConfiguration } from './flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import { ingress } from './networking.k8s.io/ingress.ts'
import { ingressClass } from './networking.k8s.io/ingressclass.ts'
import { ipAddress } from './networking.k8s.io/ipaddress.ts'
import { networkPolicy } from './networking.k8s.io/networkpolicy.ts'
import { serviceCidr } from './networking.k8s.io/servicecidr.ts'
import { runtimeClass } from './node.k8s.io/runtimeclass.ts'
import { podDisruptionBudget } from './policy/poddisruptionbudget.ts'
import { clusterRole } from './rbac.authorization.k8s.io/clusterrole.ts'
import { clusterRoleBinding } from './rbac.authorization.k8s.io/clusterrolebinding.ts'
import { role } from './rbac.authorization.k8s.io/role.ts'
import { roleBinding } from './rbac.authorization.k8s.io/rolebinding.ts'
import { deviceClass } from './resource.k8s.io/deviceclass.ts'
import { resourceClaim } from './resource.k8s.io/resourceclaim.ts'
import { resourceClaimTemplate } from './resource.k8s.io/resourceclaimtemplate.ts'
import { resourceSlice } from './resource.k8s.io/resourceslice.ts'
import { priorityClass } from './scheduling.k8s.io/priorityclass.ts'
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
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  horizontalPodAutoscaler,
  horizontalPodAutoscalerV1,
  cronJob,
  job,
  certificateSigningRequest,
  ingressClass,
  ingress,
  ipAddress,
  networkPolicy,
  serviceCidr,
  podDisruptionBudget,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  customResourceDefinition,
  priorityClass,
  lease,
  runtimeClass,
  endpointSlice,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
  flowSchema,
  priorityLevelConfiguration,
] as unknown as readonly Kind[]
