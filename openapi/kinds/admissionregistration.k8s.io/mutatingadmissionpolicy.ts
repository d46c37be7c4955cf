// MutatingAdmissionPolicy.
import { loadCel } from '../../cel/admission/compile.ts'
import { ageColumn, integer, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { MutatingAdmissionPolicy as schema } from '../../schemas/admissionregistration.ts'
import { deepEqual } from '../../values/equal.ts'
import { oneOf } from '../core/pod/validation/fields.ts'
import { expressionErrors, reinvocationPolicies } from './matching.ts'
import { declaredBy, paramKindCell, policyErrors } from './policy.ts'

export interface MutatingAdmissionPolicy extends ObjectOf<typeof schema> {}
export type MutatingAdmissionPolicyInput = InputOf<typeof schema>

type Mutation = NonNullable<MutatingAdmissionPolicy['spec']['mutations']>[number]

function validate({ spec }: MutatingAdmissionPolicy, old?: MutatingAdmissionPolicy): FieldError[] {
  const same = old !== undefined && deepEqual([spec.paramKind, spec.matchConditions], [old.spec.paramKind, old.spec.matchConditions])
  const errors = policyErrors(spec, same)
  const { mutations = [], reinvocationPolicy } = spec
  if (mutations.length === 0) errors.push(required('spec.mutations', 'mutations must contain at least one item'))
  for (const [index, mutation] of mutations.entries()) errors.push(...mutationErrors(mutation, spec, `spec.mutations[${index}]`))
  if (!reinvocationPolicy) return [...errors, required('spec.reinvocationPolicy')]
  return [...errors, ...oneOf('spec.reinvocationPolicy', reinvocationPolicy, reinvocationPolicies)]
}

/** The field that goes with each type of patch. */
const fieldOf = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const
/** What its expression has to be. */
const madeBy = { ApplyConfiguration: 'Object', JSONPatch: 'list(JSONPatch)' } as const
const types = Object.keys(fieldOf) as (keyof typeof fieldOf)[]

function mutationErrors(mutation: Mutation, spec: MutatingAdmissionPolicy['spec'], path: string): FieldError[] {
  const type = types.find(t => t === mutation.patchType)
  if (!mutation.patchType) return [required(`${path}.patchType`)]
  if (!type) return [notSupported(`${path}.patchType`, mutation.patchType, types)]
  const errors: FieldError[] = []
  for (const other of types) {
    const field = fieldOf[other]
    const given = mutation[field]
    if (other !== type && given) errors.push(forbidden(`${path}.${field}`, `must not be specified when patchType is ${type}`))
    if (other === type && !given) errors.push(required(`${path}.${field}`, `must be specified when patchType is ${type}`))
    if (other !== type || !given) continue
    const at = `${path}.${field}.expression`
    if (!given.expression?.trim()) errors.push(required(at, 'expression is not specified'))
    else errors.push(...expressionErrors(at, given.expression, [madeBy[type]], { ...declaredBy(spec), authorizer: true, patches: true }))
  }
  return errors
}

const columns = [
  nameColumn,
  integer<MutatingAdmissionPolicy>('Mutations', 'How many changes it makes.', ({ spec }) => spec.mutations?.length ?? 0),
  text<MutatingAdmissionPolicy>('ParamKind', 'Kind of its parameters.', ({ spec }) => paramKindCell(spec.paramKind)),
  ageColumn,
]

export const mutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy, MutatingAdmissionPolicyInput>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  scope: 'Cluster',
  names: { plural: 'mutatingadmissionpolicies', singular: 'mutatingadmissionpolicy', categories: ['api-extensions'] },
  schema,
  storageVersion: 'v1beta1',
  columns,
  hasGeneration: true,
  needsResourceVersion: true,
  ready: loadCel,
  validate: policy => validate(policy),
  validateUpdate: validate,
  example: {
    metadata: { name: 'example' },
    spec: {
      matchConstraints: {
        resourceRules: [{ operations: ['CREATE'], apiGroups: ['example.com'], apiVersions: ['v1'], resources: ['examples'] }],
      },
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      reinvocationPolicy: 'Never',
    },
  },
})
