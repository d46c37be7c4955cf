// Pod.

import { defineKind } from '../../../kind.ts'
import { Pod as schema } from '../../../schemas/pod.ts'
import { printTime } from '../../../values/time.ts'
import { podColumns } from './columns.ts'
import { podSpecDefaults, qosClassOf, requestsFromLimits } from './defaults.ts'
import type { Pod, PodInput } from './pod.ts'
import { validatePodStatusUpdate } from './validation/status.ts'
import { validatePodCreate } from './validation/template.ts'
import { validatePodUpdate } from './validation/update.ts'
import { podViews } from './views.ts'
import { podWarnings } from './warnings.ts'

export type { Pod, PodInput } from './pod.ts'

/** The first of all addresses is the one; where they differ the one is right. */
function oneAddress(status: Pod['status']): void {
  const { podIP, podIPs } = status
  if (podIP && podIPs?.[0]?.ip !== podIP) status.podIPs = [{ ip: podIP }]
  else if (!podIP && podIPs?.[0]) status.podIP = podIPs[0].ip
}

function positiveGrace({ spec }: Pod): void {
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1
}

export const pod = defineKind<Pod, PodInput>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  scope: 'Namespaced',
  names: { plural: 'pods', singular: 'pod', shortNames: ['po'], categories: ['all'] },
  schema,
  subresources: {
    status: true,
    connect: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize'],
  },
  columns: [...podColumns],
  selectableFields: [
    { label: 'spec.nodeName', value: p => p.spec.nodeName ?? '' },
    { label: 'spec.restartPolicy', value: p => p.spec.restartPolicy },
    { label: 'spec.schedulerName', value: p => p.spec.schedulerName },
    { label: 'spec.serviceAccountName', value: p => p.spec.serviceAccountName ?? '' },
    { label: 'spec.hostNetwork', value: p => String(p.spec.hostNetwork ?? false) },
    { label: 'status.phase', value: p => p.status.phase ?? '' },
    { label: 'status.podIP', value: p => p.status.podIP ?? '' },
    { label: 'status.podIPs', value: p => p.status.podIP ?? '' },
    { label: 'status.nominatedNodeName', value: p => p.status.nominatedNodeName ?? '' },
  ],
  hasGeneration: true,
  statusResetFields: ['metadata.deletionTimestamp', 'metadata.ownerReferences'],
  returnsDeletedObject: true,
  defaults({ spec, status }) {
    requestsFromLimits(spec)
    podSpecDefaults(spec)
    oneAddress(status)
    // Only in pods: templates leave the choice to them.
    spec.enableServiceLinks ??= true
  },
  prepareForCreate(draft, { now }) {
    positiveGrace(draft)
    draft.status = { phase: 'Pending', qosClass: qosClassOf(draft.spec) }
    const gated = (draft.spec.schedulingGates ?? []).length > 0
    if (gated)
      draft.status.conditions = [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
          lastProbeTime: null as never,
          lastTransitionTime: printTime(now),
        },
      ]
  },
  prepareForUpdate: positiveGrace,
  prepareForStatusUpdate(draft, old) {
    // Old kubelets sent owners back garbled.
    draft.metadata.ownerReferences = old.metadata.ownerReferences
    draft.status.qosClass ??= old.status.qosClass
  },
  gracePeriodSeconds({ spec, status }, asked) {
    const finished = status.phase === 'Failed' || status.phase === 'Succeeded'
    if (!spec.nodeName || finished) return 0
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 0
    return seconds < 0 ? 1 : seconds
  },
  rowConditions({ status: { phase } }) {
    if (phase === 'Succeeded')
      return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }]
    return phase === 'Failed' ? [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }] : []
  },
  views: podViews,
  validate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  // Nobody reads them on updates, which controllers make all the time.
  warnings: (next, old) => (old ? [] : podWarnings(next)),
  example: { metadata: { name: 'example' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
})
