// Random values: objects that fit a schema, JSON of any shape, patches. The seed is fixed, so that a run repeats; KUBEMOCK_SEED gives another.
import fc, { type Arbitrary } from 'fast-check'

type Schema = { readonly [keyword: string]: unknown }

export const run = (numRuns: number): { numRuns: number; seed: number } => ({ numRuns, seed: Number(process.env.KUBEMOCK_SEED ?? 1) })

const text = fc.oneof(
  fc.constantFrom(
    'a',
    'example',
    'x-1',
    'true',
    'null',
    '1',
    '~',
    ' lead',
    'trail ',
    'a: b',
    '- a',
    '# no',
    'é',
    '日本',
    '\u2028',
    '😀',
    '"',
    "'",
    'two\nlines',
    '\ttab',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/)
const time = fc.integer({ min: 0, max: 4_000_000_000 }).map(seconds => new Date(seconds * 1000).toISOString())
const quantity = fc.constantFrom('0', '1', '100m', '1500m', '64Mi', '1Gi', '3k', '1e3', '12E', '5n')

const scalars: readonly [RegExp, Arbitrary<unknown>][] = [
  [/\.Time$/, time.map(at => at.replace(/\.\d+/, ''))],
  [/\.MicroTime$/, time.map(at => at.replace(/\.\d+/, '.000001'))],
  [/\.Quantity$/, quantity],
  [/\.IntOrString$/, fc.oneof(fc.integer({ min: 0, max: 65_535 }), word, fc.constant('25%'))],
  [/\.(RawExtension|FieldsV1|JSON)$/, fc.dictionary(word, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })],
]

const arbitraries = new WeakMap<Schema, Map<number, Arbitrary<unknown>>>()

/** What fits the schema; optional fields come and go. Below `depth` levels only what is required. */
export function fitting(schema: Schema, depth = 6): Arbitrary<unknown> {
  const known = arbitraries.get(schema) ?? new Map<number, Arbitrary<unknown>>()
  arbitraries.set(schema, known)
  const made = known.get(depth) ?? build(schema, depth)
  known.set(depth, made)
  return made
}

function build(schema: Schema, depth: number): Arbitrary<unknown> {
  const title = typeof schema.title === 'string' ? schema.title : ''
  const scalar = scalars.find(([pattern]) => pattern.test(title))
  if (scalar) return scalar[1]
  if (schema.enum) return fc.constantFrom(...(schema.enum as string[]))
  if (schema.type === 'string')
    return schema.format === 'byte' ? fc.uint8Array({ maxLength: 8 }).map(b => Buffer.from(b).toString('base64')) : text
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'integer') return fc.integer({ min: 0, max: 100_000 })
  if (schema.type === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true })
  if (schema.type === 'array') return fc.array(fitting(schema.items as Schema, depth - 1), { minLength: 1, maxLength: depth > 0 ? 2 : 1 })
  if (!schema.properties)
    return fc.dictionary(word, schema.additionalProperties ? fitting(schema.additionalProperties as Schema, depth - 1) : fc.constant({}), {
      minKeys: 1,
      maxKeys: 2,
    })
  const required = new Set((schema.required as string[] | undefined) ?? [])
  const properties = Object.entries(schema.properties as Record<string, Schema>).filter(([name]) => depth > 0 || required.has(name))
  const present = properties.map(([name, property]) => {
    const some = fc.option(fitting(property, depth - 1), { nil: undefined, freq: depth > 3 ? 2 : 1 })
    return [name, required.has(name) && depth > -6 ? fitting(property, depth - 1) : some] as const
  })
  return fc
    .record(Object.fromEntries(present))
    .map(object => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)))
}

export const anyJson: Arbitrary<unknown> = fc.jsonValue({ maxDepth: 4 })

/** Paths into an object, made of its own fields and of others. */
export function pointers(object: unknown): Arbitrary<string> {
  const found: string[] = ['']
  const walk = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, item] of Object.entries(value)) {
      found.push(`${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      walk(item, found.at(-1) ?? '')
    }
  }
  walk(object, '')
  return fc.oneof(
    fc.constantFrom(...found),
    fc.tuple(fc.constantFrom(...found), fc.oneof(word, fc.constantFrom('-', '0', '9', '~', ''))).map(([path, key]) => `${path}/${key}`),
  )
}
