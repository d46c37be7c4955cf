// The vocabulary of kinds: each helper returns a literal JSON Schema, so that one const gives types, defaults, validation of structure,
// merge keys and documents. Schemas nest by value; publishing turns a nested schema with a title into a $ref.
// `default` is a value the real API stores; what OpenAPI v3 prints as default is the documents' business.

type Schema = { readonly [keyword: string]: unknown }

const scalar =
  <const S extends Schema>(schema: S) =>
  <const X extends Schema = Record<never, never>>(description: string, extra?: X) =>
    ({ ...schema, description, ...(extra as X) }) as S & X & { description: string }

export const string = scalar({ type: 'string' })
export const boolean = scalar({ type: 'boolean' })
export const int32 = scalar({ type: 'integer', format: 'int32' })
export const int64 = scalar({ type: 'integer', format: 'int64' })
export const double = scalar({ type: 'number', format: 'double' })
export const bytes = scalar({ type: 'string', format: 'byte' })

/** A struct. `title` is upstream's definition name. */
export const object = <const P extends Record<string, Schema>, const R extends (keyof P & string)[] = []>(
  title: string,
  description: string,
  properties: P,
  required?: R,
) => ({ type: 'object', title, description, properties, required: (required ?? []) as R, additionalProperties: false }) as const

export const map = <const V extends Schema>(values: V, description: string) =>
  ({ type: 'object', description, additionalProperties: values }) as const

/** An array; `extra` holds x-kubernetes-list-type, -list-map-keys, -patch-strategy, -patch-merge-key. */
export const list = <const I extends Schema, const X extends Schema = Record<never, never>>(items: I, description: string, extra?: X) =>
  ({ type: 'array', items, description, ...(extra as X) }) as { type: 'array'; items: I; description: string } & X

/** A field of a named type: the same schema, described for its place. */
export const field = <const S extends Schema, const X extends Schema = Record<never, never>>(schema: S, description: string, extra?: X) =>
  ({ ...schema, description, ...(extra as X) }) as Omit<S, 'description'> & { description: string } & X
