// StatefulSet.
import { ageColumn, containerImages, containerNames, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { StatefulSet as schema } from '../../schemas/apps.ts'
import { forPrefix, isDns1123Label } from '../../values/names.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'

export interface StatefulSet extends ObjectOf<typeof schema> {}
export type StatefulSetInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  text<StatefulSet>('Ready', 'Pods ready of pods wanted.', s => `${s.status.readyReplicas ?? 0}/${s.spec.replicas}`),
  ageColumn,
  text<StatefulSet>('Containers', 'Names of the containers.', s => containerNames(s.spec.template.spec), 1),
  text<StatefulSet>('Images', 'Their images.', s => containerImages(s.spec.template.spec), 1),
]

export const statefulSet = defineKind<StatefulSet, StatefulSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  scope: 'Namespaced',
  names: { plural: 'statefulsets', singular: 'statefulset', shortNames: ['sts'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [...columns],
  hasGeneration: true,
  validateName: forPrefix(isDns1123Label),
  defaults({ spec }) {
    podSpecDefaults(spec.template.spec)
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate }
      // Behind a feature gate that a default cluster has off.
      delete spec.updateStrategy.rollingUpdate.maxUnavailable
    }
    spec.persistentVolumeClaimRetentionPolicy = {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
      ...spec.persistentVolumeClaimRetentionPolicy,
    }
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion = 'v1'
      claim.kind = 'PersistentVolumeClaim'
      claim.status = { phase: 'Pending' }
    }
  },
  prepareForCreate(draft) {
    draft.status = { replicas: 0, availableReplicas: 0 }
  },
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
