// ValidatingWebhookConfiguration.
import { loadCel } from '../../cel/admission/compile.ts'
import { ageColumn, integer, nameColumn } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ValidatingWebhookConfiguration as schema } from '../../schemas/admissionregistration.ts'
import { webhooksErrors, webhooksUpdateErrors } from './webhook.ts'

export interface ValidatingWebhookConfiguration extends ObjectOf<typeof schema> {}
export type ValidatingWebhookConfigurationInput = InputOf<typeof schema>

export const validatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration, ValidatingWebhookConfigurationInput>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  scope: 'Cluster',
  names: { plural: 'validatingwebhookconfigurations', singular: 'validatingwebhookconfiguration', categories: ['api-extensions'] },
  schema,
  columns: [
    nameColumn,
    integer<ValidatingWebhookConfiguration>('Webhooks', 'How many webhooks it has.', ({ webhooks }) => webhooks?.length ?? 0),
    ageColumn,
  ],
  hasGeneration: true,
  needsResourceVersion: true,
  ready: loadCel,
  validate: ({ webhooks }) => webhooksErrors(webhooks),
  validateUpdate: (next, old) => webhooksUpdateErrors(next.webhooks, old.webhooks),
  example: {
    metadata: { name: 'example' },
    webhooks: [
      {
        name: 'hook.example.com',
        clientConfig: { url: 'https://hook.example.com' },
        rules: [{ operations: ['CREATE'], apiGroups: ['example.com'], apiVersions: ['v1'], resources: ['examples'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  },
})
