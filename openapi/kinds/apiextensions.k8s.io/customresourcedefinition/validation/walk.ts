// The schemas of a definition, and all those nested in one.
import type { JSONSchemaProps } from '../../../../schemas/apiextensions.ts'
import type { CustomResourceDefinition } from '../index.ts'

/** One for each version that has one. */
export const schemasOf = ({ spec }: CustomResourceDefinition): JSONSchemaProps[] =>
  (spec.versions ?? []).flatMap(version => (version.schema?.openAPIV3Schema ?? []) as JSONSchemaProps)

export function* everySchema(schema: JSONSchemaProps): Generator<JSONSchemaProps> {
  yield schema
  for (const child of children(schema)) yield* everySchema(child)
}

function* children(schema: JSONSchemaProps): Generator<JSONSchemaProps> {
  const { items, additionalProperties, additionalItems, not } = schema
  for (const one of [items, additionalProperties, additionalItems, not].flat() as unknown[]) if (typeof one === 'object' && one) yield one
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) yield* list ?? []
  for (const map of [schema.properties, schema.patternProperties, schema.definitions]) yield* Object.values(map ?? {})
}
