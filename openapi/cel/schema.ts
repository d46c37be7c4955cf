// Which schemas have rules at all: told without what reads them.
import { itemsOf, type Structural, valuesOf } from '../custom/structural.ts'

const known = new WeakMap<Structural, boolean>()

/** Whether there are any rules in it. */
export function hasRules(schema: Structural): boolean {
  const before = known.get(schema)
  if (before !== undefined) return before
  const parts = [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {}), ...(schema.allOf ?? [])]
  const has = (schema['x-kubernetes-validations'] ?? []).length > 0 || parts.some(part => part && hasRules(part))
  known.set(schema, has)
  return has
}
