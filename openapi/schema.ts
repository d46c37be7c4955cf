// The vocabulary of kinds: each helper returns a literal JSON Schema, so that one const gives types, defaults, validation of structure,
// merge keys and documents. Schemas nest by value; publishing turns a nested schema with a title into a $ref.
// `default` is a value the real API stores; what OpenAPI v3 prints as default is the documents' business.

type Schema = { readonly [keyword: string]: unknown }
type None = Record<never, never>

const scalar =
  <const S extends Schema>(schema: S) =>
  <const X extends Schema = None>(description: string, extra?: X) =>
    ({ ...schema, description, ...(extra as X) }) as S & X & { description: string }

export const string = scalar({ type: 'string' })
export const boolean = scalar({ type: 'boolean' })
export const int32 = scalar({ type: 'integer', format: 'int32' })
export const int64 = scalar({ type: 'integer', format: 'int64' })
export const double = scalar({ type: 'number', format: 'double' })
export const bytes = scalar({ type: 'string', format: 'byte' })
export const time = scalar({ type: 'string', format: 'date-time', title: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time' })
export const microTime = scalar({ type: 'string', format: 'date-time', title: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime' })
export const quantity = scalar({ type: 'string', title: 'io.k8s.apimachinery.pkg.api.resource.Quantity' })
export const intOrString = scalar({
  type: ['integer', 'string'],
  format: 'int-or-string',
  title: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
})
/** Any JSON object, kept as it is. */
export const rawJson = scalar({ type: 'object', title: 'io.k8s.apimachinery.pkg.runtime.RawExtension' })
export const fieldsV1 = scalar({ type: 'object', title: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1' })

/** A struct. `title` is upstream's definition name. */
export const object = <const P extends Record<string, Schema>, const R extends (keyof P & string)[] = [], const X extends Schema = None>(
  title: string,
  description: string,
  properties: P,
  ...[required, extra]: [required?: R, extra?: X]
) =>
  ({
    type: 'object',
    title,
    description,
    properties,
    required: (required ?? []) as R,
    additionalProperties: false,
    ...(extra as X),
  }) as const

export const map = <const V extends Schema, const X extends Schema = None>(values: V, description: string, extra?: X) =>
  ({ type: 'object', description, additionalProperties: values, ...(extra as X) }) as {
    type: 'object'
    additionalProperties: V
    description: string
  } & X

/** An array; `extra` holds x-kubernetes-list-type, -list-map-keys, -patch-strategy, -patch-merge-key. */
export const list = <const I extends Schema, const X extends Schema = None>(items: I, description: string, extra?: X) =>
  ({ type: 'array', items, description, ...(extra as X) }) as { type: 'array'; items: I; description: string } & X

/** A field of a named type: the same schema, described for its place. What the type says of itself stays as `x-type-description`. */
export const field = <const S extends Schema, const X extends Schema = None>(schema: S, description: string, extra?: X) =>
  ({ ...schema, 'x-type-description': schema.description, description, ...(extra as X) }) as Omit<
    S,
    'description' | (string extends keyof X ? never : keyof X)
  > & {
    description: string
  } & X

/**
 * A struct that nests itself. `properties` gets the schema of one more of it, described for its place, and is called when first looked
 * at; however deep a value is, there is one schema for each place.
 */
export function recursive(
  title: string,
  description: string,
  properties: (again: (description: string) => Schema) => Record<string, Schema>,
): Schema {
  let made: Record<string, Schema> | undefined
  const at = (text: string): Schema => ({
    type: 'object',
    title,
    description: text,
    'x-type-description': description,
    get properties() {
      made ??= properties(at)
      return made
    },
    additionalProperties: false,
  })
  return at(description)
}

/** Any JSON value, of a type with a name. */
export const anyJson = <const T extends string, const X extends Schema = None>(title: T, description: string, extra?: X) =>
  ({ title, description, ...(extra as X) }) as { title: T; description: string } & X
