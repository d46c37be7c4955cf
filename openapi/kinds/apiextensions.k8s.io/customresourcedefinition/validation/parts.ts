// Names, deprecation, subresources and printer columns of a definition.
import { type FieldError, invalid, required } from '../../../../errors.ts'
import type { CustomResourceDefinitionVersion } from '../../../../schemas/apiextensions.ts'
import { isDns1035Label } from '../../../../values/names.ts'
import type { CustomResourceDefinition } from '../index.ts'

type Version = CustomResourceDefinitionVersion
type Names = CustomResourceDefinition['spec']['names']

const label = (path: string, text: string, before = ''): FieldError[] => {
  const problems = text === '' ? [] : isDns1035Label(before === '' ? text : text.toLowerCase())
  return problems.length > 0 ? [invalid(path, text, before + problems.join(','))] : []
}

export function nameErrors(
  { plural, singular = '', kind, listKind = '', shortNames = [], categories = [] }: Names,
  path: string,
): FieldError[] {
  const mixed = 'may have mixed case, but should otherwise match: '
  const errors = [
    ...label(`${path}.plural`, plural ?? ''),
    ...label(`${path}.singular`, singular),
    ...label(`${path}.kind`, kind ?? '', mixed),
    ...label(`${path}.listKind`, listKind, mixed),
    ...shortNames.flatMap((name, i) => strict(`${path}.shortNames[${i}]`, name)),
  ]
  if (kind && kind === listKind) errors.push(invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same'))
  return [...errors, ...categories.flatMap((name, i) => strict(`${path}.categories[${i}]`, name))]
}

const strict = (path: string, text: string): FieldError[] => {
  const problems = isDns1035Label(text)
  return problems.length > 0 ? [invalid(path, text, problems.join(','))] : []
}

export function deprecationErrors({ deprecated, deprecationWarning: text }: Version, path: string): FieldError[] {
  if (text === undefined) return []
  if (!deprecated) return [invalid(path, text, 'can only be set for deprecated versions')]
  const errors: FieldError[] = []
  if (Buffer.byteLength(text) > 256) errors.push(invalid(path, text, 'must be <= 256 characters long'))
  if (text === '') errors.push(invalid(path, text, 'must not be an empty string'))
  // Spaces other than the plain one do not print either.
  const odd = [...text.matchAll(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu)][0]?.index
  if (odd !== undefined)
    errors.push(
      invalid(
        path,
        text,
        `must only contain printable UTF-8 characters; non-printable character found at index ${Buffer.byteLength(text.slice(0, odd))}`,
      ),
    )
  return errors
}

export function subresourceErrors(subresources: Version['subresources'], path: string): FieldError[] {
  const scale = subresources?.scale
  if (!scale) return []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  const place = (name: string) => `${path}.scale.${name}`
  return [
    ...(specReplicasPath ? pathErrors(place('specReplicasPath'), specReplicasPath, ['.spec']) : [required(place('specReplicasPath'))]),
    ...(statusReplicasPath
      ? pathErrors(place('statusReplicasPath'), statusReplicasPath, ['.status'])
      : [required(place('statusReplicasPath'))]),
    ...(labelSelectorPath ? pathErrors(place('labelSelectorPath'), labelSelectorPath, ['.spec', '.status']) : []),
  ]
}

function pathErrors(field: string, path: string, roots: readonly string[]): FieldError[] {
  if (!path.startsWith('.')) return [invalid(field, path, 'must be a simple json path starting with .')]
  if (roots.some(root => path.startsWith(`${root}.`))) return []
  return [invalid(field, path, `should be a json path under ${roots.length === 1 ? roots[0] : 'either .spec or .status'}`)]
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

export function columnErrors(
  { name, type, format, jsonPath }: NonNullable<Version['additionalPrinterColumns']>[number],
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  const types = `must be one of ${columnTypes.join(',')}`
  if (!name) errors.push(required(`${path}.name`))
  if (!type) errors.push(required(`${path}.type`, types))
  else if (!columnTypes.includes(type)) errors.push(invalid(`${path}.type`, type, types))
  if (format && !columnFormats.includes(format)) errors.push(invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`))
  if (!jsonPath) errors.push(required(`${path}.JSONPath`))
  else if (!jsonPath.startsWith('.')) errors.push(invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'))
  return errors
}
