// What validating and mutating admission policies, and their bindings, have in common.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../errors.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import type { MatchResources, ParamKind, ParamRef, Variable } from '../../schemas/admissionregistration.ts'
import { isDns1035Label, isDns1123Subdomain, isPathSegmentName } from '../../values/names.ts'
import { dnsSubdomain, oneOf, problems, requiredText } from '../core/pod/validation/fields.ts'
import { conditionErrors, expressionErrors, failurePolicies, matchResourcesErrors } from './matching.ts'

export interface PolicySpec {
  failurePolicy?: string
  paramKind?: ParamKind
  matchConstraints?: MatchResources
  matchConditions?: Parameters<typeof conditionErrors>[0]
  variables?: readonly Variable[]
}

/** Up to the variables, which come before what the policy does. `sameConditions`: they were there before, and are not looked at. */
export function policyErrors(spec: PolicySpec, sameConditions: boolean): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints } = spec
  const errors = oneOf('spec.failurePolicy', failurePolicy, failurePolicies)
  if (paramKind) errors.push(...paramKindErrors(paramKind, 'spec.paramKind'))
  if (!matchConstraints) errors.push(required('spec.matchConstraints'))
  else {
    errors.push(...matchResourcesErrors(matchConstraints, 'spec.matchConstraints'))
    if (!matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
  }
  if (!sameConditions) errors.push(...conditionErrors(spec.matchConditions ?? [], paramKind !== undefined, 'spec.matchConditions'))
  return [
    ...errors,
    ...(spec.variables ?? []).flatMap((variable, index) =>
      variableErrors(variable, { ...spec, variables: spec.variables?.slice(0, index) }, `spec.variables[${index}]`),
    ),
  ]
}

export const declaredBy = (spec: PolicySpec) => ({
  params: spec.paramKind !== undefined,
  variables: spec.variables ?? [],
})

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
)
const isIdentifier = (name: string): boolean => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name)

function variableErrors({ name = '', expression = '' }: Variable, spec: PolicySpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (name.trim() === '') errors.push(required(`${path}.name`, 'name is not specified'))
  else if (!isIdentifier(name)) errors.push(invalid(`${path}.name`, name, 'must be a valid CEL identifier'))
  if (expression.trim() === '') return [...errors, required(`${path}.expression`, 'expression is not specified')]
  return [...errors, ...expressionErrors(`${path}.expression`, expression, [], { ...declaredBy(spec), authorizer: true })]
}

function paramKindErrors({ apiVersion = '', kind = '' }: ParamKind, path: string): FieldError[] {
  const errors = apiVersion === '' ? [required(`${path}.apiVersion`)] : versionErrors(apiVersion, `${path}.apiVersion`)
  if (kind === '') return [...errors, required(`${path}.kind`)]
  const why = isDns1035Label(kind.toLowerCase())
  if (why.length > 0) errors.push(invalid(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${why.join(',')}`))
  return errors
}

function versionErrors(apiVersion: string, path: string): FieldError[] {
  const parts = apiVersion === '/' ? ['', ''] : apiVersion.split('/')
  if (parts.length > 2) return [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
  const [group, version] = parts.length === 2 ? parts : ['', parts[0]]
  const errors = group
    ? isDns1123Subdomain(group)
        .slice(0, 1)
        .map(() => invalid(path, group, isDns1123Subdomain(group).join(',')))
    : []
  if (!version) return [...errors, invalid(path, apiVersion, 'version must be specified')]
  const why = isDns1035Label(version)
  return why.length > 0 ? [...errors, invalid(path, version, why.join(','))] : errors
}

const notFoundActions = ['Deny', 'Allow']
const exclusive = 'name and selector are mutually exclusive'

export interface BindingSpec {
  policyName?: string
  paramRef?: ParamRef
  matchResources?: MatchResources
}

export const bindingErrors = ({ policyName, paramRef, matchResources }: BindingSpec): FieldError[] => [
  ...(policyName ? dnsSubdomain('spec.policyName', policyName) : requiredText('spec.policyName', policyName)),
  ...(paramRef ? paramRefErrors(paramRef, 'spec.paramRef') : []),
  // validation.go: upstream's own spelling.
  ...matchResourcesErrors(matchResources, 'spec.matchResouces'),
]

function paramRefErrors({ name, selector, parameterNotFoundAction: action }: ParamRef, path: string): FieldError[] {
  const errors = name ? problems(`${path}.name`, name, isPathSegmentName) : []
  if (name && selector) errors.push(forbidden(`${path}.name`, exclusive))
  errors.push(...validateLabelSelector(selector, `${path}.selector`))
  if (name && selector) errors.push(forbidden(`${path}.selector`, exclusive))
  if (!name && !selector) errors.push(required(path, 'one of name or selector must be specified'))
  const at = `${path}.parameterNotFoundAction`
  if (!action) return [...errors, required(at)]
  return notFoundActions.includes(action) ? errors : [...errors, notSupported(at, action, notFoundActions)]
}

const unset = '<unset>'

export const paramKindCell = (kind: ParamKind | undefined): string => (kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : unset)

/** Upstream prints a name with its namespace, and a reference without a name as *. */
export function paramRefCell(ref: ParamRef | undefined): string {
  if (!ref) return unset
  const name = ref.name || '*'
  return ref.namespace ? `${ref.namespace}/${name}` : name
}
