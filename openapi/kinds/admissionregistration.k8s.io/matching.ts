// Which requests a webhook or a policy is about: rules, selectors, conditions. Order and words of the errors as upstream's validation.
import { expressionProblem } from '../../cel/admission/compile.ts'
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '../../errors.ts'
import { validateLabelSelector } from '../../rules/labelselector.ts'
import type { MatchCondition, MatchResources, NamedRuleWithOperations, RuleWithOperations } from '../../schemas/admissionregistration.ts'
import { isPathSegmentName, isQualifiedName } from '../../values/names.ts'
import { oneOf, problems } from '../core/pod/validation/fields.ts'

export const failurePolicies = ['Fail', 'Ignore']
export const matchPolicies = ['Equivalent', 'Exact']
export const reinvocationPolicies = ['IfNeeded', 'Never']
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

/** `what` as the message calls the others: '*' stands for all, so nothing may stand beside it. */
const alone = (given: readonly string[], path: string, what: string): FieldError[] =>
  given.length > 1 && given.includes('*') ? [invalid(path, given, `if '*' is present, must not specify other ${what}`)] : []

export function ruleErrors(rule: RuleWithOperations, path: string): FieldError[] {
  const { apiGroups, apiVersions, resources, scope } = rule
  const asked = rule.operations ?? []
  const errors: FieldError[] = asked.length === 0 ? [required(`${path}.operations`)] : alone(asked, `${path}.operations`, 'operations')
  for (const [index, operation] of asked.entries())
    if (!operations.includes(operation)) errors.push(notSupported(`${path}.operations[${index}]`, operation, operations))
  if (!apiGroups?.length) errors.push(required(`${path}.apiGroups`))
  else errors.push(...alone(apiGroups, `${path}.apiGroups`, 'API groups'))
  if (!apiVersions?.length) errors.push(required(`${path}.apiVersions`))
  else errors.push(...alone(apiVersions, `${path}.apiVersions`, 'API versions'))
  for (const [index, version] of (apiVersions ?? []).entries()) if (version === '') errors.push(required(`${path}.apiVersions[${index}]`))
  errors.push(...resourceErrors(resources ?? [], `${path}.resources`))
  return [...errors, ...oneOf(`${path}.scope`, scope, scopes)]
}

function resourceErrors(resources: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(path)] : []
  const allOf = new Set<string>()
  const everyOne = new Set<string>()
  for (const [index, text] of resources.entries()) {
    const at = `${path}[${index}]`
    if (text === '') errors.push(required(at))
    const slash = text.indexOf('/')
    if (slash < 0) continue
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)]
    if (allOf.has(resource)) errors.push(invalid(at, text, `if '${resource}/*' is present, must not specify ${text}`))
    if (everyOne.has(subresource)) errors.push(invalid(at, text, `if '*/${subresource}' is present, must not specify ${text}`))
    if (subresource === '*') allOf.add(resource)
    if (resource === '*') everyOne.add(subresource)
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"))
  // Upstream looks at the last one without a subresource only.
  const plain = resources.filter(text => text !== '' && !text.includes('/')).at(-1)
  if (resources.includes('*') && plain !== undefined && plain !== '*')
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"))
  return errors
}

function namedRuleErrors(rule: NamedRuleWithOperations, path: string): FieldError[] {
  const names = rule.resourceNames ?? []
  const errors = names.flatMap((name, index) => [
    ...problems(`${path}.resourceNames[${index}]`, name, isPathSegmentName),
    ...(names.indexOf(name) < index ? [duplicate(`${path}.resourceNames[${index}]`, name)] : []),
  ])
  return [...errors, ...ruleErrors(rule, path)]
}

export function matchResourcesErrors(match: MatchResources | undefined, path: string): FieldError[] {
  if (!match) return []
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules, excludeResourceRules } = match
  return [
    ...oneOf(`${path}.matchPolicy`, matchPolicy, matchPolicies),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(objectSelector, `${path}.objectSelector`),
    ...(resourceRules ?? []).flatMap((rule, index) => namedRuleErrors(rule, `${path}.resourceRules[${index}]`)),
    ...(excludeResourceRules ?? []).flatMap((rule, index) => namedRuleErrors(rule, `${path}.excludeResourceRules[${index}]`)),
  ]
}

const maxConditions = 64

/** `params`: the policy has some, so that a condition may name them. */
export function conditionErrors(conditions: readonly MatchCondition[], params: boolean, path: string): FieldError[] {
  const errors: FieldError[] = conditions.length > maxConditions ? [tooMany(path, conditions.length, maxConditions)] : []
  for (const [index, { name, expression }] of conditions.entries()) {
    const at = `${path}[${index}]`
    const trimmed = (expression ?? '').trim()
    if (trimmed === '') errors.push(required(`${at}.expression`))
    else errors.push(...expressionErrors(`${at}.expression`, trimmed, ['bool'], { params, authorizer: true }))
    if (!name) errors.push(required(`${at}.name`))
    else errors.push(...problems(`${at}.name`, name, isQualifiedName))
    if (name && conditions.findIndex(c => c.name === name) < index) errors.push(duplicate(`${at}.name`, name))
  }
  return errors
}

/** The one problem an expression can have. */
export function expressionErrors(
  path: string,
  expression: string,
  types: readonly string[],
  declared: Parameters<typeof expressionProblem>[2],
): FieldError[] {
  const why = expressionProblem(expression, types, declared)
  return why === undefined ? [] : [invalid(path, expression, why)]
}
