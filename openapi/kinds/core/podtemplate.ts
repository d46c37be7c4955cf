// PodTemplate.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { PodTemplate as schema } from '../../schemas/pod.ts'

export interface PodTemplate extends ObjectOf<typeof schema> {}
export type PodTemplateInput = InputOf<typeof schema>

export const podTemplate = defineKind<PodTemplate, PodTemplateInput>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  scope: 'Namespaced',
  names: { plural: 'podtemplates', singular: 'podtemplate' },
  schema,
  columns: [],
  example: {
    metadata: { name: 'example' },
    template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
  },
})
