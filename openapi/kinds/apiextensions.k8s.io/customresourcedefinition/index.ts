// CustomResourceDefinition.
import { createdAtColumn, nameColumn } from '../../../columns.ts'
import type { FieldError } from '../../../errors.ts'
import { defineKind, type InputOf, type KubeObject, type ObjectOf } from '../../../kind.ts'
import { CustomResourceDefinition as schema } from '../../../schemas/apiextensions.ts'
import { createErrors, statusErrors, updateErrors } from './validation/definition.ts'
import { definitionWarnings, loadChecks } from './warnings.ts'

export interface CustomResourceDefinition extends ObjectOf<typeof schema> {}
export type CustomResourceDefinitionInput = InputOf<typeof schema>

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

export type Condition = NonNullable<CustomResourceDefinition['status']['conditions']>[number]

export const conditionOf = ({ status }: CustomResourceDefinition, type: string): Condition | undefined =>
  (status.conditions ?? []).find(condition => condition.type === type)
export const isEstablished = (definition: CustomResourceDefinition): boolean => conditionOf(definition, 'Established')?.status === 'True'

/** The conditions with this one; its time is that of the last change of its status. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: string,
): Condition[] {
  const before = conditionOf(definition, condition.type)
  const { type, status, reason, message } = condition
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
  const made = { type, status, lastTransitionTime, reason, message } as Condition
  const conditions = definition.status.conditions ?? []
  return before ? conditions.map(each => (each === before ? made : each)) : [...conditions, made]
}

function defaults({ spec, status }: CustomResourceDefinition): void {
  const { names } = spec
  if (names.kind) {
    names.singular ||= names.kind.toLowerCase()
    names.listKind ||= `${names.kind}List`
  }
  if ((status.storedVersions ?? []).length === 0) status.storedVersions = withStorage(spec, []) as typeof status.storedVersions
}

/** What objects are written as may be found in the store ever after. */
function withStorage(spec: CustomResourceDefinition['spec'], known: readonly string[]): readonly string[] | undefined {
  const stored = (spec.versions ?? []).find(version => version.storage)?.name
  const all = stored === undefined || known.includes(stored) ? known : [...known, stored]
  return all.length > 0 ? all : undefined
}

function rememberStorage(draft: CustomResourceDefinition): void {
  const storedVersions = withStorage(draft.spec, draft.status.storedVersions ?? []) ?? null
  draft.status = { ...draft.status, storedVersions } as CustomResourceDefinition['status']
}

function prepareForCreate(draft: CustomResourceDefinition): void {
  draft.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null } as never
  rememberStorage(draft)
}

function markDeleted(definition: CustomResourceDefinition): CustomResourceDefinition {
  const { metadata, status } = definition
  const conditions = withCondition(
    definition,
    {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    },
    metadata.deletionTimestamp ?? '',
  )
  const finalizers = metadata.finalizers ?? []
  const held = finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer]
  return { ...definition, metadata: { ...metadata, finalizers: held }, status: { ...status, conditions } }
}

const validate = (definition: CustomResourceDefinition): FieldError[] => createErrors(definition)

export const customResourceDefinition = defineKind<CustomResourceDefinition, CustomResourceDefinitionInput>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  storageVersion: 'v1beta1',
  kind: 'CustomResourceDefinition',
  scope: 'Cluster',
  names: {
    plural: 'customresourcedefinitions',
    singular: 'customresourcedefinition',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
  },
  schema,
  columns: [nameColumn, createdAtColumn],
  subresources: { status: true },
  hasGeneration: true,
  needsResourceVersion: true,
  defaults,
  prepareForCreate,
  prepareForUpdate: rememberStorage,
  ready: loadChecks,
  validate,
  validateUpdate: updateErrors,
  validateStatusUpdate: statusErrors,
  // Its name says more than that it is one: the definition's own rules check it.
  warnings: definitionWarnings,
  staysWhileDeleted: ({ metadata }: KubeObject) => !metadata.deletionTimestamp || (metadata.finalizers ?? []).includes(cleanupFinalizer),
  markDeleted,
  example: {
    metadata: { name: 'examples.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'examples', singular: 'example', kind: 'Example', listKind: 'ExampleList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    } as never,
  },
})
