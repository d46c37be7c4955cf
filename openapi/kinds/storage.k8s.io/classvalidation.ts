// What the classes of storage share: parameters, and topologies.
import { duplicate, type FieldError, invalid, required, tooLong } from '../../errors.ts'
import type { TopologySelectorTerm } from '../../schemas/selector.ts'
import { utf8Length } from '../../values/base64.ts'
import { deepEqual } from '../../values/equal.ts'
import { isQualifiedName } from '../../values/names.ts'
import { problems } from '../core/pod/validation/fields.ts'

const most = { parameters: 512, bytes: 256 * 1024 }

export function parameterErrors(parameters: Readonly<Record<string, string>> = {}): FieldError[] {
  const path = 'parameters'
  const entries = Object.entries(parameters)
  if (entries.length > most.parameters) return [tooLong(path, most.parameters)]
  const errors: FieldError[] = entries.filter(([key]) => key === '').map(([key]) => invalid(path, key, 'field can not be empty.'))
  const size = entries.reduce((sum, [key, value]) => sum + utf8Length(key) + utf8Length(value), 0)
  return size > most.bytes ? [...errors, tooLong(path, most.bytes)] : errors
}

/** Keys with their sets of values, without order. */
type Terms = Readonly<Record<string, readonly string[]>>

export function topologyErrors(topologies: readonly TopologySelectorTerm[]): FieldError[] {
  const seen: Terms[] = []
  return topologies.flatMap(({ matchLabelExpressions = [] }, index) => {
    const path = `allowedTopologies[${index}].matchLabelExpressions`
    const terms: Record<string, readonly string[]> = {}
    const errors: FieldError[] = []
    for (const [i, { key, values }] of matchLabelExpressions.entries()) {
      errors.push(...requirementErrors(key, values ?? [], `${path}[${i}]`))
      if (Object.hasOwn(terms, key)) errors.push(duplicate(`${path}[${i}].key`, key))
      terms[key] = [...new Set(values ?? [])].sort()
    }
    if (seen.some(earlier => deepEqual(earlier, terms))) errors.push(duplicate(path, ''))
    seen.push(terms)
    return errors
  })
}

function requirementErrors(key: string, values: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = values.length === 0 ? [required(`${path}.values`)] : []
  for (const [index, value] of values.entries())
    if (values.indexOf(value) < index) errors.push(duplicate(`${path}.values[${index}]`, value))
  return [...errors, ...problems(`${path}.key`, key, isQualifiedName)]
}
