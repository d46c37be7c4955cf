// Checks that the kinds of this group share: lists with a limit, names of pools and attributes, what a driver alone understands.
import { expressionProblem } from '../../cel/admission/compile.ts'
import { duplicate, type FieldError, invalid, required, tooLong, tooMany } from '../../errors.ts'
import { driverNameErrors } from '../../rules/csidriver.ts'
import type { DeviceSelector, DeviceToleration, OpaqueDeviceConfiguration } from '../../schemas/resource.ts'
import { isLabelValue, isQualifiedName, patternError } from '../../values/names.ts'
import { dnsSubdomain, oneOf, problems } from '../core/pod/validation/fields.ts'

export const effects = ['NoExecute', 'NoSchedule', 'None']
export const most = { requests: 32, selectors: 32, config: 32, tolerations: 16, bytes: 10 * 1024 }
const longest = { pool: 253, identifier: 32 }

/** Each item at its place; a list that is too long gets this error alone. */
export function listErrors<T>(
  items: readonly T[] | undefined,
  max: number,
  path: string,
  check: (item: T, at: string) => FieldError[],
): FieldError[] {
  if (!items) return []
  return items.length > max ? [tooMany(path, items.length, max)] : items.flatMap((item, index) => check(item, `${path}[${index}]`))
}

/** Those whose key came before. */
export const repeated = <T>(items: readonly T[] | undefined, key: (item: T) => string, path: string): FieldError[] => {
  const keys = (items ?? []).map(key)
  return keys.flatMap((each, index) => (keys.indexOf(each) < index ? [duplicate(`${path}[${index}]`, each)] : []))
}

export function poolNameErrors(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)]
  const long = Buffer.byteLength(name) > longest.pool ? [tooLong(path, longest.pool)] : []
  return [...long, ...name.split('/').flatMap(part => dnsSubdomain(path, part))]
}

const identifier = '[A-Za-z_][A-Za-z0-9_]*'
const identifierMessage =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'"

function identifierErrors(id: string, path: string): FieldError[] {
  const errors = Buffer.byteLength(id) > longest.identifier ? [tooLong(path, longest.identifier)] : []
  if (!new RegExp(`^${identifier}$`).test(id))
    errors.push(invalid(path, id, patternError(identifierMessage, identifier, 'my_name', 'MY_NAME', 'MyName')))
  return errors
}

/** Of an attribute or a capacity: an identifier, with or without a domain. */
export function attributeNameErrors(name: string, path: string): FieldError[] {
  const [first = '', second, ...rest] = name.split('/')
  if (second === undefined) return identifierErrors(first, path)
  if (rest.length > 0) return [invalid(path, name, 'must not contain more than one slash')]
  return [
    ...(first === '' ? [invalid(path, '', 'the domain must not be empty')] : driverNameErrors(first, path)),
    ...(second === '' ? [invalid(path, '', 'the name must not be empty')] : identifierErrors(second, path)),
  ]
}

/** The domain may not be left out. */
export const fullNameErrors = (name: string, path: string): FieldError[] => [
  ...attributeNameErrors(name, path),
  ...(name.includes('/') ? [] : [invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash')]),
]

/** loadCel() must be over when there are any. */
export const selectorErrors = (selectors: readonly DeviceSelector[] | undefined, path: string): FieldError[] =>
  listErrors(selectors, most.selectors, path, ({ cel }, at) => {
    if (!cel) return [required(`${at}.cel`)]
    const { expression = '' } = cel
    if (Buffer.byteLength(expression) > most.bytes) return [tooLong(`${at}.cel.expression`, most.bytes)]
    const why = expressionProblem(expression, ['bool', 'dyn'], { device: true })
    return why === undefined ? [] : [invalid(`${at}.cel.expression`, expression, why.replace(/^must evaluate to .* but got /, notBool))]
  })

const notBool = 'must evaluate to bool or the unknown type, not '

export function opaqueErrors(opaque: OpaqueDeviceConfiguration | undefined, path: string): FieldError[] {
  if (!opaque) return [required(path)]
  return [...driverNameErrors(opaque.driver, `${path}.driver`), ...rawErrors(opaque.parameters, `${path}.parameters`)]
}

export function rawErrors(raw: unknown, path: string): FieldError[] {
  if (raw === undefined || raw === null) return [required(path)]
  if (Buffer.byteLength(JSON.stringify(raw)) > most.bytes) return [tooLong(path, most.bytes)]
  return typeof raw === 'object' && !Array.isArray(raw) ? [] : [invalid(path, '<value omitted>', 'must be a valid JSON object')]
}

export const tolerationErrors = (tolerations: readonly DeviceToleration[] | undefined, path: string): FieldError[] =>
  listErrors(tolerations, most.tolerations, path, ({ key, operator, value = '', effect }, at) => [
    ...(key ? problems(`${at}.key`, key, isQualifiedName) : []),
    ...operatorErrors(operator, value, at),
    ...(effect ? oneOf(`${at}.effect`, effect, effects) : []),
  ])

function operatorErrors(operator: string | undefined, value: string, path: string): FieldError[] {
  if (!operator) return [required(`${path}.operator`)]
  if (operator === 'Equal') return problems(`${path}.value`, value, isLabelValue)
  if (operator !== 'Exists') return oneOf(`${path}.operator`, operator, ['Equal', 'Exists'])
  return value === '' ? [] : [invalid(`${path}.value`, value, 'must be empty for operator `Exists`')]
}

/** Conditions of devices that a binding waits for, and those that stop it. */
export function bindingErrors(wanted: readonly string[] = [], failing: readonly string[] = [], path: string): FieldError[] {
  const [wantedPath, failingPath] = [`${path}.bindingConditions`, `${path}.bindingFailureConditions`]
  const label = (name: string, at: string) => problems(at, name, isQualifiedName)
  const both = failing.flatMap((name, index) =>
    wanted.includes(name)
      ? [invalid(`${failingPath}[${index}]`, name, 'bindingFailureConditions must not overlap with bindingConditions')]
      : [],
  )
  const errors = [
    ...listErrors(wanted, 4, wantedPath, label),
    ...listErrors(failing, 4, failingPath, label),
    ...repeated(wanted, name => name, wantedPath),
    ...repeated(failing, name => name, failingPath),
    ...both,
  ]
  if (wanted.length === 0 && failing.length > 0)
    errors.push(invalid(wantedPath, null, 'bindingConditions are required to use bindingFailureConditions'))
  if (failing.length === 0 && wanted.length > 0)
    errors.push(invalid(failingPath, null, 'bindingFailureConditions are required to use bindingConditions'))
  return errors
}
