// Fields that selectors may use: a path of plain names to a string, a boolean or an integer.
import { itemsOf, own, type Structural, valuesOf } from '../../../../custom/structural.ts'
import { duplicate, type FieldError, invalid, required, tooMany } from '../../../../errors.ts'
import type { CustomResourceDefinitionVersion } from '../../../../schemas/apiextensions.ts'

const maxFields = 8

export function selectableErrors(
  fields: CustomResourceDefinitionVersion['selectableFields'],
  schema: Structural | undefined,
  { path, schema: named }: { path: string; schema: 'schema' | 'validation' },
): FieldError[] {
  if (!fields || fields.length === 0) return []
  const field = `${path}.selectableFields`
  if (!schema)
    return [
      invalid(
        field,
        '',
        named === 'validation'
          ? 'may only be set when validations.schema is included'
          : 'may only be set when `version.schema.openAPIV3Schema` is not included',
      ),
    ]
  const seen = new Set<string>()
  const errors = fields.flatMap(({ jsonPath }, i) => {
    const found = fieldErrors(jsonPath, `${field}[${i}].jsonPath`, schema)
    if (jsonPath && seen.has(jsonPath)) found.push(duplicate(`${field}[${i}].jsonPath`, jsonPath))
    seen.add(jsonPath)
    return found
  })
  return seen.size > maxFields ? [...errors, tooMany(field, seen.size, maxFields)] : errors
}

function fieldErrors(path: string, field: string, schema: Structural): FieldError[] {
  if (!path) return [required(field)]
  const { found, problem } = findField(schema, path, false)
  if (problem) return [invalid(field, path, `is an invalid path: ${problem}`)]
  const errors = path.startsWith('.metadata') ? [invalid(field, path, 'must not point to fields in metadata')] : []
  if (!['string', 'boolean', 'integer'].includes(found?.type ?? ''))
    errors.push(
      invalid(
        field,
        path,
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      ),
    )
  return errors
}

/** The schema a path of fields leads to: .a.b, and ['c'] where brackets are allowed. */
export function findField(schema: Structural, path: string, brackets: boolean): { found?: Structural; problem?: string } {
  const names = path.match(/\.[^.[\]]+|\['[^']*'\]/g) ?? []
  if (names.join('') !== path || path === '') return { problem: 'does not refer to a valid field' }
  let found: Structural | undefined = schema
  for (const each of names) {
    const bracketed = each.startsWith('[')
    if (bracketed && !brackets) return { problem: 'array notation is not allowed' }
    const name = bracketed ? each.slice(2, -2) : each.slice(1)
    found = found && !itemsOf(found) ? (own(found.properties, name) ?? valuesOf(found)) : undefined
    if (!found) return { problem: 'does not refer to a valid field' }
  }
  return { found }
}
