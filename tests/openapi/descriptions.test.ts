// Every definition and every field says what it is: in the schemas of the kinds, and in what is published of them.
import { describe, expect, test } from 'vitest'
import { openApiV2 } from '../../openapi/documents/v2.ts'
import { openApiV3 } from '../../openapi/documents/v3.ts'
import type { Kind } from '../../openapi/kind.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'

interface Described {
  title?: string
  description?: string
  'x-type-description'?: string
  properties?: Record<string, Described>
  items?: Described
  additionalProperties?: Described | false
}
type Said = readonly [place: string, text: string | undefined]

const faults = (said: readonly Said[]): string[] =>
  said.filter(([, text]) => !text?.endsWith('.') || text.length > 600 || text !== text.trim()).map(([place, text]) => `${place}: ${text}`)

/** What a schema and everything below it say. */
function walk(schema: Described, place: string, seen: Set<string>): Said[] {
  const { title, properties = {}, items, additionalProperties } = schema
  const below = [items, additionalProperties].flatMap(each => (each ? walk(each, place, seen) : []))
  if (!title || !schema.properties || seen.has(title)) return below
  seen.add(title)
  const fields = Object.entries(properties).flatMap(([name, field]): Said[] => [
    [`${title}.${name}`, field.description],
    ...walk(field, `${title}.${name}`, seen),
  ])
  return [[title, schema['x-type-description'] ?? schema.description], ...fields, ...below]
}

const published = (definitions: Record<string, Described>): Said[] =>
  Object.entries(definitions).flatMap(([title, { description, properties = {} }]): Said[] => [
    [title, description],
    ...Object.entries(properties).map(([name, field]): Said => [`${title}.${name}`, field.description]),
  ])

const named = builtinKinds.map((kind): [string, Kind] => [`${kind.kind} of ${kind.group || 'core'}`, kind])
const versions = [...new Map(builtinKinds.map(({ group, version }) => [`${group}/${version}`, [group, version] as const])).values()]

describe('schemas', () => {
  test.each(named)('%s', (_, kind) => {
    const said = walk(kind.schema as Described, kind.kind, new Set())
    expect(said.map(([place]) => place)).toEqual(expect.arrayContaining(['apiVersion', 'kind'].map(name => `${kind.schema.title}.${name}`)))
    expect(faults(said)).toEqual([])
  })
})

describe('documents', () => {
  const v2 = (openApiV2(builtinKinds) as { definitions: Record<string, Described> }).definitions

  test('OpenAPI v2', () => expect(faults(published(v2))).toEqual([]))

  test.each(versions)('OpenAPI v3 of %s/%s', (group, version) => {
    const { components } = openApiV3(builtinKinds, group, version) as { components: { schemas: Record<string, Described> } }
    expect(faults(published(components.schemas))).toEqual([])
  })

  test('a definition says what the type is, a field what it is for', () => {
    expect(v2['io.k8s.api.core.v1.Probe']?.description).toMatch(/^A check of a container/)
    expect(v2['io.k8s.api.core.v1.Container']?.properties?.readinessProbe?.description).toMatch(/^Check whether the container can serve/)
  })
})
