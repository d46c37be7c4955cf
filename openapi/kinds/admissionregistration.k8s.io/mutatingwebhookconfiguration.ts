// MutatingWebhookConfiguration.
import { loadCel } from '../../cel/admission/compile.ts'
import { ageColumn, integer, nameColumn } from '../../columns.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { MutatingWebhookConfiguration as schema } from '../../schemas/admissionregistration.ts'
import { webhooksErrors, webhooksUpdateErrors } from './webhook.ts'

export interface MutatingWebhookConfiguration extends ObjectOf<typeof schema> {}
export type MutatingWebhookConfigurationInput = InputOf<typeof schema>

export const mutatingWebhookConfiguration = defineKind<MutatingWebhookConfiguration, MutatingWebhookConfigurationInput>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  scope: 'Cluster',
  names: { plural: 'mutatingwebhookconfigurations', singular: 'mutatingwebhookconfiguration', categories: ['api-extensions'] },
  schema,
  columns: [
    nameColumn,
    integer<MutatingWebhookConfiguration>('Webhooks', 'How many webhooks it has.', ({ webhooks }) => webhooks?.length ?? 0),
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
