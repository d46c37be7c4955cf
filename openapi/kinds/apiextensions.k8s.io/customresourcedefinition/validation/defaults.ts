// Defaults in a schema: the schema itself must accept them.
import { embeddedErrors } from '../../../../custom/embedded.ts'
import { pruneObject, pruneValue } from '../../../../custom/prune.ts'
import { isEmbedded, itemsOf, type Structural } from '../../../../custom/structural.ts'
import { defaultErrors } from '../../../../custom/validate.ts'
import { type FieldError, invalid } from '../../../../errors.ts'

/** In the order the fields stand. Defaults below additionalProperties are left to the OpenAPI rules. */
export function defaultsErrors(schema: Structural, path: string): FieldError[] {
  const errors = schema.default === undefined ? [] : own(schema, schema.default, `${path}.default`)
  const items = itemsOf(schema)
  if (items) errors.push(...defaultsErrors(items, `${path}.items`))
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...defaultsErrors(property, `${path}.properties[${name}]`))
  return errors
}

function own(schema: Structural, value: unknown, path: string): FieldError[] {
  const { unknown } = isEmbedded(schema) ? pruneObject(schema, value) : pruneValue(schema, value)
  const unpruned = unknown.length > 0 ? [invalid(path, value, 'must not have unknown fields')] : []
  const embedded = embeddedErrors(schema, value, path)
  return [...unpruned, ...(embedded.length > 0 ? embedded : defaultErrors(schema, value, path))]
}
