// Printer columns of a custom resource: what a JSONPath finds first, as the type of the column has it.
import { ageColumn, nameColumn } from '../columns.ts'
import type { Column, KubeObject } from '../kind.ts'
import type { CustomResourceDefinitionVersion } from '../schemas/apiextensions.ts'
import { sortedJson } from '../values/json.ts'
import { jsonPath } from '../values/jsonpath.ts'
import { ageOf, parseTime } from '../values/time.ts'

type Definition = NonNullable<CustomResourceDefinitionVersion['additionalPrinterColumns']>[number]

const age: Column<KubeObject> = { ...ageColumn, type: 'date' }

export function printerColumns(definitions: readonly Definition[] | undefined): Column<KubeObject>[] {
  if (!definitions || definitions.length === 0) return [{ ...nameColumn, format: 'name' }, age]
  return [{ ...nameColumn, format: 'name' }, ...definitions.map(columnOf)]
}

function columnOf({ name, type, format = '', priority = 0, description, jsonPath: path }: Definition): Column<KubeObject> {
  const find = jsonPath(path)
  return {
    name,
    type: type as Column<KubeObject>['type'],
    format,
    priority,
    description: description || `Custom resource definition column (in JSONPath format): ${path}`,
    value(object, now) {
      const found = find?.(object) ?? []
      return found.length === 0 ? null : cell(type, found[0], now)
    },
  }
}

function cell(type: string, value: unknown, now: Date): string | number | boolean | null {
  if (type === 'string') return text(value)
  if (value === null) return null
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null
  if (type === 'number') return typeof value === 'number' ? value : null
  if (type === 'boolean') return typeof value === 'boolean' ? value : null
  if (type !== 'date' || typeof value !== 'string') return null
  return value === '' ? '<unknown>' : parseTime(value) ? ageOf(value, now) : '<invalid>'
}

/** Objects and lists as JSON with sorted keys. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '<no value>'
  if (typeof value !== 'object') return String(value)
  return sortedJson(value)
}
