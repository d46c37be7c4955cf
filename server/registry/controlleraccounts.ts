// The service accounts that the controllers of a cluster act as, written past the stores: they hold nothing but a name.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { serviceAccount } from '../../openapi/kinds/core/serviceaccount.ts'
import type { DefaultRolesOptions } from './defaultroles.ts'
import { keyOf } from './keys.ts'

const names = `attachdetach-controller bootstrap-signer certificate-controller clusterrole-aggregation-controller cronjob-controller
daemon-set-controller deployment-controller device-taint-eviction-controller disruption-controller endpoint-controller endpointslice-controller
endpointslicemirroring-controller ephemeral-volume-controller expand-controller generic-garbage-collector horizontal-pod-autoscaler
job-controller legacy-service-account-token-cleaner namespace-controller node-controller persistent-volume-binder pod-garbage-collector
pv-protection-controller pvc-protection-controller replicaset-controller replication-controller resource-claim-controller
resourcequota-controller root-ca-cert-publisher service-account-controller service-cidrs-controller statefulset-controller token-cleaner
ttl-after-finished-controller ttl-controller validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller`

/** What is there already stays as it is. */
export async function writeControllerAccounts({ storage, ids, time }: DefaultRolesOptions): Promise<void> {
  for (const name of names.split(/\s/)) {
    const metadata = { name, namespace: 'kube-system', uid: ids.uid(), creationTimestamp: time() }
    const object = { kind: 'ServiceAccount', apiVersion: 'v1', metadata } as KubeObject
    await storage.write(keyOf(serviceAccount as unknown as Kind, 'kube-system', name), object, 0)
  }
}
