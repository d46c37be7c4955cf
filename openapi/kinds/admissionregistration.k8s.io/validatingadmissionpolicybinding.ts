// ValidatingAdmissionPolicyBinding.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { duplicate, type FieldError, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { ValidatingAdmissionPolicyBinding as schema } from '../../schemas/admissionregistration.ts'
import { bindingErrors, paramRefCell } from './policy.ts'

export interface ValidatingAdmissionPolicyBinding extends ObjectOf<typeof schema> {}
export type ValidatingAdmissionPolicyBindingInput = InputOf<typeof schema>

const actions = ['Audit', 'Deny', 'Warn']

const validate = ({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] => [
  ...bindingErrors(spec),
  ...actionErrors(spec.validationActions ?? [], 'spec.validationActions'),
]

function actionErrors(given: readonly string[], path: string): FieldError[] {
  if (given.length === 0) return [required(path, 'at least one validation action is required')]
  const errors: FieldError[] = []
  for (const [index, action] of given.entries()) {
    if (!actions.includes(action)) errors.push(notSupported(`${path}[${index}]`, action, actions))
    if (given.indexOf(action) < index) errors.push(duplicate(`${path}[${index}]`, action))
  }
  if (given.includes('Deny') && given.includes('Warn'))
    errors.push(
      invalid(
        path,
        given,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    )
  return errors
}

const columns = [
  nameColumn,
  text<ValidatingAdmissionPolicyBinding>('PolicyName', 'The policy that it puts in force.', ({ spec }) => spec.policyName),
  text<ValidatingAdmissionPolicyBinding>('ParamRef', 'Where its parameters are.', ({ spec }) => paramRefCell(spec.paramRef)),
  ageColumn,
]

export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBindingInput>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  scope: 'Cluster',
  names: { plural: 'validatingadmissionpolicybindings', singular: 'validatingadmissionpolicybinding', categories: ['api-extensions'] },
  schema,
  columns,
  hasGeneration: true,
  needsResourceVersion: true,
  validate,
  validateUpdate: validate,
  example: { metadata: { name: 'example' }, spec: { policyName: 'example', validationActions: ['Deny'] } },
})
