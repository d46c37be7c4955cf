// Pod.

import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { Pod as schema } from '../../../schemas/pod.ts'
import { podColumns } from './columns.ts'
import { podSpecDefaults, qosClassOf } from './defaults.ts'
import { validatePodStatusUpdate } from './validation/status.ts'
import { validatePodCreate } from './validation/template.ts'
import { validatePodUpdate } from './validation/update.ts'
import { podWarnings } from './warnings.ts'

export interface Pod extends ObjectOf<typeof schema> {}
export type PodInput = InputOf<typeof schema>

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
  returnsDeletedObject: true,
  defaults: draft => podSpecDefaults(draft.spec),
  prepareForCreate(draft) {
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
          lastTransitionTime: null as never,
        },
      ]
  },
  prepareForUpdate(draft, old) {
    draft.status = old.status
  },
  gracePeriodSeconds({ spec, status }, asked) {
    const finished = status.phase === 'Failed' || status.phase === 'Succeeded'
    if (!spec.nodeName || finished) return 0
    return asked ?? spec.terminationGracePeriodSeconds
  },
  validate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  // Nobody reads them on updates, which controllers make all the time.
  warnings: (next, old) => (old ? [] : podWarnings(next)),
  example: { metadata: { name: 'example' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
})
