// ValidatingAdmissionPolicy.
import { loadCel } from '../../cel/admission/compile.ts'
import { ageColumn, integer, nameColumn, text } from '../../columns.ts'
import { duplicate, type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { conditionErrors } from '../../rules/conditions.ts'
import { ValidatingAdmissionPolicy as schema } from '../../schemas/admissionregistration.ts'
import { deepEqual } from '../../values/equal.ts'
import { isQualifiedName } from '../../values/names.ts'
import { oneOf, problems, requiredText } from '../core/pod/validation/fields.ts'
import { expressionErrors } from './matching.ts'
import { declaredBy, paramKindCell, policyErrors } from './policy.ts'

export interface ValidatingAdmissionPolicy extends ObjectOf<typeof schema> {}
export type ValidatingAdmissionPolicyInput = InputOf<typeof schema>

type Spec = ValidatingAdmissionPolicy['spec']
type Validation = NonNullable<Spec['validations']>[number]
type AuditAnnotation = NonNullable<Spec['auditAnnotations']>[number]

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']
const maxAnnotations = 20
const maxValueExpression = 5 * 1024

function validate(policy: ValidatingAdmissionPolicy, old?: ValidatingAdmissionPolicy): FieldError[] {
  const { spec } = policy
  const same = old !== undefined && deepEqual([spec.paramKind, spec.matchConditions], [old.spec.paramKind, old.spec.matchConditions])
  const errors = policyErrors(spec, same)
  const { validations = [], auditAnnotations = [] } = spec
  if (validations.length + auditAnnotations.length === 0)
    for (const field of ['validations', 'auditAnnotations'])
      errors.push(required(`spec.${field}`, 'validations or auditAnnotations must contain at least one item'))
  for (const [index, validation] of validations.entries()) errors.push(...validationErrors(validation, spec, `spec.validations[${index}]`))
  if (auditAnnotations.length > maxAnnotations)
    errors.push(invalid('spec.auditAnnotations', auditAnnotations, `must not have more than ${maxAnnotations} auditAnnotations`))
  for (const [index, annotation] of auditAnnotations.entries()) {
    const path = `spec.auditAnnotations[${index}]`
    errors.push(...annotationErrors(annotation, policy, path))
    if (auditAnnotations.findIndex(a => a.key === annotation.key) < index) errors.push(duplicate(`${path}.key`, annotation.key))
  }
  return errors
}

function validationErrors(validation: Validation, spec: Spec, path: string): FieldError[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation
  const errors =
    expression.trim() === ''
      ? [required(`${path}.expression`, 'expression is not specified')]
      : expressionErrors(`${path}.expression`, expression, ['bool'], { ...declaredBy(spec), authorizer: true })
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified'))
  else if (messageExpression !== '')
    errors.push(...expressionErrors(`${path}.messageExpression`, messageExpression, ['string'], declaredBy(spec)))
  if (message !== '' && message.trim() === '') errors.push(invalid(`${path}.message`, message, 'message must be non-empty if specified'))
  else if (/[\n\r]/.test(message.trim())) errors.push(invalid(`${path}.message`, message, 'message must not contain line breaks'))
  return [...errors, ...oneOf(`${path}.reason`, reason, reasons)]
}

function annotationErrors({ key, valueExpression = '' }: AuditAnnotation, policy: ValidatingAdmissionPolicy, path: string): FieldError[] {
  const errors = problems(`${path}.key`, `${policy.metadata.name}/${key ?? ''}`, isQualifiedName)
  const at = `${path}.valueExpression`
  const trimmed = valueExpression.trim()
  if (trimmed === '') return [...errors, required(at, 'valueExpression is not specified')]
  if (trimmed.length > maxValueExpression) return [...errors, required(at, `must not exceed ${maxValueExpression} bytes in length`)]
  return [...errors, ...expressionErrors(at, trimmed, ['string', 'null_type'], { ...declaredBy(policy.spec), authorizer: true })]
}

function validateStatus({ status }: ValidatingAdmissionPolicy): FieldError[] {
  const warnings = (status.typeChecking?.expressionWarnings ?? []).flatMap(({ warning, fieldRef }, index) => {
    const path = `status.typeChecking.expressionWarnings[${index}]`
    return [...requiredText(`${path}.warning`, warning), ...requiredText(`${path}.fieldRef`, fieldRef?.trim())]
  })
  return [...warnings, ...conditionErrors(status.conditions ?? [], 'status.conditions')]
}

const columns = [
  nameColumn,
  integer<ValidatingAdmissionPolicy>('Validations', 'How many demands it makes.', ({ spec }) => spec.validations?.length ?? 0),
  text<ValidatingAdmissionPolicy>('ParamKind', 'Kind of its parameters.', ({ spec }) => paramKindCell(spec.paramKind)),
  ageColumn,
]

export const validatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyInput>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  scope: 'Cluster',
  names: { plural: 'validatingadmissionpolicies', singular: 'validatingadmissionpolicy', categories: ['api-extensions'] },
  schema,
  subresources: { status: true },
  columns,
  hasGeneration: true,
  needsResourceVersion: true,
  ready: loadCel,
  validate: policy => validate(policy),
  validateUpdate: validate,
  validateStatusUpdate: validateStatus,
  example: {
    metadata: { name: 'example' },
    spec: {
      matchConstraints: {
        resourceRules: [{ operations: ['CREATE'], apiGroups: ['example.com'], apiVersions: ['v1'], resources: ['examples'] }],
      },
      validations: [{ expression: 'true' }],
    },
  },
})
