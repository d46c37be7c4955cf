// The schema of a custom resource in the vocabulary of the built-in kinds: what apply, managed fields and defaults go by.

import type { JsonSchema } from '../kind.ts'
import { string } from '../schema.ts'
import { ObjectMeta } from '../schemas/meta.ts'
import { isEmbedded, isIntOrString, itemsOf, preserves, type Structural, valuesOf } from './structural.ts'

/** Nothing is known: objects merge by field, all else as a whole, all the way down. */
const anything: Record<string, unknown> = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
anything.additionalProperties = anything

const typeMeta = {
  apiVersion: string('Group and version of this representation.'),
  kind: string('Name of the type.'),
  metadata: { ...ObjectMeta, description: 'Name, namespace, labels and the other facts every stored object carries.' },
}

/** `title`: name of the definition. */
export const servedSchema = (schema: Structural, title: string): JsonSchema => ({
  ...fieldsOf({ ...schema, type: 'object' }, typeMeta),
  title,
})

function schemaOf(schema: Structural): JsonSchema {
  const known = served(schema)
  const more: Record<string, unknown> = {}
  for (const name of ['default', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type'] as const)
    if (schema[name] !== undefined) more[name] = schema[name]
  return Object.keys(more).length > 0 ? { ...known, ...more } : known
}

function served(schema: Structural): JsonSchema {
  if (isIntOrString(schema)) return { type: ['integer', 'string'], format: 'int-or-string' }
  if (isEmbedded(schema)) return fieldsOf(schema, typeMeta)
  if (schema.properties) return fieldsOf(schema, {})
  const [items, values] = [itemsOf(schema), valuesOf(schema)]
  if (schema.type === 'array' && items) return { type: 'array', items: schemaOf(items) }
  if (schema.type === 'object' && values) return { type: 'object', additionalProperties: schemaOf(values) }
  if (preserves(schema) || schema.additionalProperties || schema.type === undefined) return anything
  if (schema.type === 'object') return fieldsOf(schema, {})
  return { type: schema.type, ...(schema.format ? { format: schema.format } : {}) }
}

const fieldsOf = (schema: Structural, common: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { ...Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, s]) => [name, schemaOf(s)])), ...common },
  additionalProperties: preserves(schema) ? anything : false,
})
