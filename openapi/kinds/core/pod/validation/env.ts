// Environment variables and the references they may take their values from; downward API volumes share the references.
import { type FieldError, invalid, notSupported, required } from '../../../../errors.ts'
import type { EnvFromSource, EnvVar, EnvVarSource } from '../../../../schemas/container.ts'
import type { FileKeySelector, ObjectFieldSelector, ResourceFieldSelector } from '../../../../schemas/reference.ts'
import { isConfigMapKey, isQualifiedName } from '../../../../values/names.ts'
import { compareQuantities } from '../../../../values/quantity.ts'
import { descendingPath, dnsSubdomain, environmentNameProblems, problems, requiredText } from './fields.ts'

const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
const convertibleFields = new Set([
  ...envFields,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.host',
  'status.phase',
])
const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

export function validateEnv(variables: readonly EnvVar[], path: string): FieldError[] {
  return variables.flatMap(({ name, value, valueFrom }, index) => {
    const at = `${path}[${index}]`
    const nameErrors = name ? problems(`${at}.name`, name, environmentNameProblems) : [required(`${at}.name`)]
    return valueFrom ? [...nameErrors, ...validateSource(valueFrom, value ?? '', `${at}.valueFrom`)] : nameErrors
  })
}

function validateSource(source: EnvVarSource, value: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (source.fieldRef) errors.push(...validateFieldRef(source.fieldRef, envFields, `${path}.fieldRef`))
  if (source.resourceFieldRef) errors.push(...validateResourceRef(source.resourceFieldRef, `${path}.resourceFieldRef`))
  if (source.configMapKeyRef) errors.push(...validateKeyRef(source.configMapKeyRef, `${path}.configMapKeyRef`))
  if (source.secretKeyRef) errors.push(...validateKeyRef(source.secretKeyRef, `${path}.secretKeyRef`))
  if (source.fileKeyRef) errors.push(...validateFileKeyRef(source.fileKeyRef, `${path}.fileKeyRef`))
  const count = Object.values(source).filter(reference => reference !== undefined).length
  if (count === 0)
    errors.push(invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'))
  if (value !== '') {
    if (count > 0) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  } else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  return errors
}

/** `allowed` are the paths without a subscript; labels and annotations by key are always fine. */
export function validateFieldRef(reference: ObjectFieldSelector, allowed: readonly string[], path: string): FieldError[] {
  const { apiVersion, fieldPath } = reference
  if (!apiVersion) return [required(`${path}.apiVersion`)]
  if (!fieldPath) return [required(`${path}.fieldPath`)]
  const unconverted = (why: string) => [invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`)]
  if (apiVersion !== 'v1') return unconverted(`unsupported pod version: ${apiVersion}`)
  const [, base = '', key = ''] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? []
  if (base === 'metadata.annotations') return problems(path, key, text => isQualifiedName(text.toLowerCase()))
  if (base === 'metadata.labels') return problems(path, key, isQualifiedName)
  if (base !== '') return unconverted(`field label does not support subscript: ${fieldPath}`)
  if (!convertibleFields.has(fieldPath)) return unconverted(`field label not supported: ${fieldPath}`)
  const internal = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
  return allowed.includes(internal) ? [] : [notSupported(`${path}.fieldPath`, internal, allowed)]
}

export function validateResourceRef(reference: ResourceFieldSelector, path: string): FieldError[] {
  const { resource, divisor } = reference
  if (!resource) return [required(`${path}.resource`), ...validateDivisor('', divisor, path)]
  const known = containerResources.includes(resource) || /^(limits|requests)\.hugepages-/.test(resource)
  const errors = known ? [] : [notSupported(`${path}.resource`, resource, containerResources)]
  return [...errors, ...validateDivisor(resource, divisor, path)]
}

const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']
const byteText = "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the"

function validateDivisor(resource: string, divisor: string | undefined, path: string): FieldError[] {
  if (divisor === undefined || compareQuantities(divisor, '0') === 0) return []
  const wrong = (text: string) => [invalid(`${path}.divisor`, resource, text)]
  if (resource.endsWith('.cpu'))
    return ['1m', '1'].includes(divisor) ? [] : wrong("only divisor's values 1m and 1 are supported with the cpu resource")
  if (byteDivisors.includes(divisor)) return []
  if (resource.endsWith('.memory')) return wrong(`${byteText} memory resource`)
  if (resource.endsWith('.ephemeral-storage')) return wrong(`${byteText} local ephemeral storage resource`)
  return resource.includes('.hugepages-') ? wrong(`${byteText} hugepages resource`) : []
}

const validateKeyRef = ({ name, key }: { name?: string; key?: string }, path: string): FieldError[] => [
  ...dnsSubdomain(`${path}.name`, name ?? ''),
  ...(key ? problems(`${path}.key`, key, isConfigMapKey) : [required(`${path}.key`)]),
]

const validateFileKeyRef = ({ key, path: file, volumeName }: FileKeySelector, path: string): FieldError[] => [
  ...(key ? problems(`${path}.key`, key, environmentNameProblems) : [required(`${path}.key`)]),
  ...(file ? descendingPath(`${path}.path`, file) : [required(`${path}.path`)]),
  ...requiredText(`${path}.volumeName`, volumeName),
]

export function validateEnvFrom(sources: readonly EnvFromSource[], path: string): FieldError[] {
  return sources.flatMap(({ prefix, configMapRef, secretRef }, index) => {
    const at = `${path}[${index}]`
    const errors: FieldError[] = prefix ? problems(`${at}.prefix`, prefix, environmentNameProblems) : []
    for (const [field, reference] of Object.entries({ configMapRef, secretRef }))
      if (reference)
        errors.push(...(reference.name ? dnsSubdomain(`${at}.${field}.name`, reference.name) : [required(`${at}.${field}.name`)]))
    if (!configMapRef && !secretRef) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    if (configMapRef && secretRef) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
    return errors
  })
}
