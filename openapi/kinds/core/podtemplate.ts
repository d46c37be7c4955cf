// PodTemplate.
import { containerImages, containerNames, labelText, nameColumn, text } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { PodTemplate as schema } from '../../schemas/pod.ts'
import { podSpecDefaults } from './pod/defaults.ts'
import { validatePodTemplate } from './pod/validation/template.ts'
import { templateWarnings } from './pod/warnings.ts'

export interface PodTemplate extends ObjectOf<typeof schema> {}
export type PodTemplateInput = InputOf<typeof schema>

export const podTemplate = defineKind<PodTemplate, PodTemplateInput>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  scope: 'Namespaced',
  names: { plural: 'podtemplates', singular: 'podtemplate' },
  schema,
  columns: [
    nameColumn,
    text('Containers', 'Names of the containers.', t => containerNames(t.template.spec)),
    text('Images', 'Their images.', t => containerImages(t.template.spec)),
    text('Pod Labels', 'Labels the pods get.', t => labelText(t.template.metadata.labels)),
  ],
  hasGeneration: true,
  returnsDeletedObject: true,
  defaults: ({ template }) => podSpecDefaults(template.spec),
  validate: ({ template }) => validatePodTemplate(template, 'template'),
  validateUpdate: ({ template }) => validatePodTemplate(template, 'template'),
  warnings: ({ metadata, template }, old) =>
    old && metadata.generation === old.metadata.generation ? [] : templateWarnings(template, 'template'),
  example: {
    metadata: { name: 'example' },
    template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
  },
})
