// MutatingAdmissionPolicyBinding.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import type { FieldError } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { MutatingAdmissionPolicyBinding as schema } from '../../schemas/admissionregistration.ts'
import { bindingErrors, paramRefCell } from './policy.ts'

export interface MutatingAdmissionPolicyBinding extends ObjectOf<typeof schema> {}
export type MutatingAdmissionPolicyBindingInput = InputOf<typeof schema>

const validate = ({ spec }: MutatingAdmissionPolicyBinding): FieldError[] => bindingErrors(spec)

const columns = [
  nameColumn,
  text<MutatingAdmissionPolicyBinding>('PolicyName', 'The policy that it puts in force.', ({ spec }) => spec.policyName),
  text<MutatingAdmissionPolicyBinding>('ParamRef', 'Where its parameters are.', ({ spec }) => paramRefCell(spec.paramRef)),
  ageColumn,
]

export const mutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding, MutatingAdmissionPolicyBindingInput>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  scope: 'Cluster',
  names: { plural: 'mutatingadmissionpolicybindings', singular: 'mutatingadmissionpolicybinding', categories: ['api-extensions'] },
  schema,
  storageVersion: 'v1beta1',
  columns,
  hasGeneration: true,
  needsResourceVersion: true,
  validate,
  validateUpdate: validate,
  example: { metadata: { name: 'example' }, spec: { policyName: 'example' } },
})
