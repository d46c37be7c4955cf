// RuntimeClass.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { labelErrors } from '../../rules/metadata.ts'
import { RuntimeClass as schema } from '../../schemas/runtimeclass.ts'
import { immutable } from '../apps/selection.ts'
import { dnsLabel } from '../core/pod/validation/fields.ts'
import { validateContainerResources } from '../core/pod/validation/resources.ts'
import { validateTolerations } from '../core/pod/validation/scheduling.ts'

export interface RuntimeClass extends ObjectOf<typeof schema> {}
export type RuntimeClassInput = InputOf<typeof schema>

const validate = ({ handler, overhead, scheduling }: RuntimeClass): FieldError[] => [
  ...(handler ? dnsLabel('handler', handler) : [required('handler')]),
  ...(overhead ? validateContainerResources({ limits: overhead.podFixed }, new Set(), 'overhead') : []),
  ...(scheduling
    ? [
        ...labelErrors(scheduling.nodeSelector, 'scheduling.nodeSelector'),
        ...validateTolerations(scheduling.tolerations ?? [], 'scheduling.tolerations'),
      ]
    : []),
]

export const runtimeClass = defineKind<RuntimeClass, RuntimeClassInput>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  scope: 'Cluster',
  names: { plural: 'runtimeclasses', singular: 'runtimeclass' },
  schema,
  columns: [nameColumn, text<RuntimeClass>('Handler', 'How the runtime calls it.', c => c.handler), ageColumn],
  validate,
  validateUpdate: (next, old) => immutable(next.handler, old.handler, 'handler'),
  example: { metadata: { name: 'example' }, handler: 'example' },
})
