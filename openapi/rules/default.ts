// Schema defaults: what `default` says is put where a field is missing, all the way down into what is there.
import { deepCopy } from '../values/copy.ts'

type Schema = { readonly [keyword: string]: unknown }
interface Plan {
  /** Fields with a default of their own. */
  own: readonly [string, unknown][]
  /** Fields below which something has a default. */
  below: readonly [string, Plan][]
  items?: Plan
}

const empty: Plan = { own: [], below: [] }
const plans = new WeakMap<Schema, Plan>()

/** Mutates `draft`. */
export function applyDefaults(schema: Schema, draft: unknown): void {
  run(planOf(schema), draft)
}

function run(plan: Plan, value: unknown): void {
  if (plan === empty || typeof value !== 'object' || value === null) return
  if (plan.items) {
    for (const item of Array.isArray(value) ? value : Object.values(value)) run(plan.items, item)
    return
  }
  const fields = value as Record<string, unknown>
  for (const [name, fallback] of plan.own)
    if (ownValue(fields, name) === undefined)
      Object.defineProperty(fields, name, { value: deepCopy(fallback), enumerable: true, configurable: true, writable: true })
  for (const [name, below] of plan.below) run(below, ownValue(fields, name))
}

/** A field may be called __proto__ or toString. */
const ownValue = (fields: Record<string, unknown>, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined)

/** Whether applyDefaults would change it. */
export const lacksDefaults = (schema: Schema, value: unknown): boolean => lacks(planOf(schema), value)

function lacks(plan: Plan, value: unknown): boolean {
  if (plan === empty || typeof value !== 'object' || value === null) return false
  const { items } = plan
  if (items) return (Array.isArray(value) ? value : Object.values(value)).some(item => lacks(items, item))
  const fields = value as Record<string, unknown>
  return (
    plan.own.some(([name]) => ownValue(fields, name) === undefined) ||
    plan.below.some(([name, below]) => lacks(below, ownValue(fields, name)))
  )
}

/** In work: a schema that nests itself has no defaults but those of its first level. */
const nesting = new WeakSet<Schema>()

function planOf(schema: Schema): Plan {
  const known = plans.get(schema)
  if (known) return known
  if (nesting.has(schema)) return empty
  nesting.add(schema)
  const plan = build(schema)
  plans.set(schema, plan)
  return plan
}

function build(schema: Schema): Plan {
  const nested = schema.type === 'array' ? schema.items : schema.additionalProperties
  if (typeof nested === 'object' && nested !== null && !schema.properties) {
    const items = planOf(nested as Schema)
    return items === empty ? empty : { own: [], below: [], items }
  }
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  const own = properties.filter(([, s]) => s.default !== undefined).map(([name, s]): [string, unknown] => [name, s.default])
  const below = properties.map(([name, s]): [string, Plan] => [name, planOf(s)]).filter(([, plan]) => plan !== empty)
  return own.length === 0 && below.length === 0 ? empty : { own, below }
}
