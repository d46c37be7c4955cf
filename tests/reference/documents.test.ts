// The recorded structure of discovery, OpenAPI documents and Tables, against what the declarations build. Descriptions are our own words.
import { describe, expect, test } from 'vitest'
import { apiResourceList } from '../../openapi/documents/discovery.ts'
import { openApiV2 } from '../../openapi/documents/v2.ts'
import { openApiV3 } from '../../openapi/documents/v3.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { humanDuration } from '../../openapi/values/time.ts'
import { columnDefinitions } from '../../server/codec/table.ts'
import { firstDifference, withoutDescriptions } from '../support/compare.ts'
import { expectConformance } from '../support/conformance.ts'
import { knownOf } from '../support/known.ts'
import { hasReference, inScope, readReference, type Step } from '../support/reference.ts'

type Json = Record<string, unknown>

const served = [...new Set(builtinKinds.map(kind => `${kind.group}/${kind.version}`))].map(
  groupVersion => groupVersion.split('/') as [group: string, version: string],
)
const pathOf = ([group, version]: readonly [group: string, version: string]): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`
const groupVersionOf = ([group, version]: readonly [group: string, version: string]): string =>
  group === '' ? version : `${group}/${version}`

/** [as recorded, all] of each recording. */
const passed: Record<string, [number, number]> = {}

/** Compares by name, but for the rows of docs/differences.md; prints the count. */
function compareAll(recording: string, recorded: ReadonlyMap<string, unknown>, mine: ReadonlyMap<string, unknown>): void {
  const failures: Record<string, string> = {}
  for (const [name, want] of recorded)
    if (!deepEqual(mine.get(name), want)) failures[name] = mine.has(name) ? firstDifference(want, mine.get(name), '') : 'is missing'
  const listed = knownOf(recording)
  expect(Object.fromEntries(Object.entries(failures).filter(([name]) => !listed.includes(name)))).toEqual({})
  expect(listed.filter(name => !(name in failures))).toEqual([])
  passed[recording] = [recorded.size - listed.length, recorded.size]
}

describe.skipIf(!hasReference)('recorded structure', () => {
  test('resources of discovery', () => {
    type Resource = Json & { groupVersion: string; name: string }
    const named = (r: Resource): [string, unknown] => {
      const { storageVersionHash: _hash, ...rest } = r
      return [`${r.groupVersion} ${r.name}`, rest]
    }
    const wanted = readReference<Resource[]>('discovery/resources.json').filter(r => served.some(s => groupVersionOf(s) === r.groupVersion))
    const mine = served.flatMap(s => {
      const { resources } = apiResourceList(builtinKinds, { group: s[0], version: s[1] }, () => 'hash') as { resources: Resource[] }
      return resources.map(r => named({ ...r, groupVersion: groupVersionOf(s) }))
    })
    compareAll('discovery/resources', new Map(wanted.map(named)), new Map(mine))
  })

  for (const group of served)
    test(`schemas of ${pathOf(group)}`, () => {
      const file = pathOf(group).replaceAll('/', '_')
      type Document = { components: { schemas: Json } }
      const mine = withoutDescriptions(openApiV3(builtinKinds, group[0], group[1])) as Document
      const wanted = readReference<Document>(`openapi/v3/${file}.json`)
      compareAll(`openapi/${file}`, new Map(Object.entries(wanted.components.schemas)), new Map(Object.entries(mine.components.schemas)))
    })

  test('definitions of OpenAPI v2', () => {
    type Document = { definitions: Json }
    const mine = new Map(Object.entries((withoutDescriptions(openApiV2(builtinKinds)) as Document).definitions))
    const wanted = readReference<Document>('openapi/v2-definitions.json').definitions
    compareAll('openapi/v2-definitions', new Map(Object.entries(wanted).filter(([name]) => reached(wanted).has(name))), mine)
  })

  test('operations', () => {
    const recorded = readReference<Recorded>('openapi/v3-operations.json')
    const wanted = recorded.operations.filter(o => served.some(s => pathOf(s) === o.groupVersion))
    const mine = served.flatMap(s => operationsOf(openApiV3(builtinKinds, s[0], s[1]) as unknown as V3, pathOf(s)))
    const expanded = wanted.map(({ params, media, ...o }): [string, unknown] => [
      `${o.method} ${o.path}`,
      { ...o, params: [...(recorded.parameterSets[params] ?? [])].sort(), media: recorded.mediaSets[media] },
    ])
    compareAll('openapi/v3-operations', new Map(expanded), new Map(mine))
  })

  test('columns', () => {
    type Listed = { groupVersion: string; resource: string; columns: unknown }
    const wanted = readReference<Listed[]>('tables/columns.json').filter(r => served.some(s => groupVersionOf(s) === r.groupVersion))
    const mine = builtinKinds.map((kind): [string, unknown] => [
      `${kind.group ? `${kind.group}/` : ''}${kind.version} ${kind.names.plural}`,
      withoutDescriptions(columnDefinitions(kind)),
    ])
    const named = wanted.map((r): [string, unknown] => [`${r.groupVersion} ${r.resource}`, r.columns])
    compareAll('tables/columns', new Map(named), new Map(mine))
  })

  test('durations', () => {
    const rows = readReference<{ seconds: number; text: string }[]>('tables/durations.json')
    const named = (text: (seconds: number) => string) => new Map(rows.map(({ seconds }) => [`${seconds} s`, text(seconds)]))
    compareAll(
      'tables/durations',
      new Map(rows.map(({ seconds, text }) => [`${seconds} s`, text])),
      named(s => humanDuration(s * 1000)),
    )
  })

  for (const [folder, file] of Object.entries({ discovery: 'discovery/requests', openapi: 'openapi/protocol' }))
    test(`${folder}: at least 98 % are as recorded, requests included`, () => {
      const requests = readReference<Step[]>(`${file}.json`).filter(inScope).length
      const counts = Object.entries(passed).flatMap(([name, count]) => (name.startsWith(`${folder}/`) ? [count] : []))
      counts.push([requests - knownOf(file).length, requests])
      const [good, all] = counts.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0])
      expectConformance(folder, good, all)
      expect(good / all).toBeGreaterThanOrEqual(0.98)
    })
})

interface Recorded {
  parameterSets: string[][]
  mediaSets: unknown[]
  operations: (Json & { groupVersion: string; method: string; path: string; params: number; media: number })[]
}

/** What the served groups' own definitions lead to. */
function reached(definitions: Json): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    for (const [, next] of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) visit(next as string)
  }
  for (const name of Object.keys(definitions)) if (/^io\.k8s\.api\.(core|apps|storage)\.v1\./.test(name)) visit(name)
  return found
}

interface V3 {
  paths: Record<string, Record<string, Operation>>
}
type Content = Record<string, { schema: { $ref?: string; type?: string } }>
interface Parameter {
  name: string
  in: string
  schema: { type: string }
}
interface Operation {
  operationId: string
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
  'x-kubernetes-action'?: string
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

/** Operations in the form of the recording. */
function operationsOf({ paths }: V3, groupVersion: string): [string, unknown][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method): [string, unknown][] => {
      const operation = item[method]
      if (!operation) return []
      const shared = (item as unknown as { parameters?: Parameter[] }).parameters ?? []
      return [[`${method.toUpperCase()} ${path}`, operationOf(operation, shared, { path, method: method.toUpperCase(), groupVersion })]]
    }),
  )
}

const refOf = (content: Content | undefined): string => {
  const schema = Object.values(content ?? {})[0]?.schema
  return schema?.$ref?.replace('#/components/schemas/', '') ?? schema?.type ?? ''
}

function operationOf(operation: Operation, shared: Parameter[], where: { path: string; method: string; groupVersion: string }): unknown {
  const { operationId, tags, parameters = [], requestBody, responses } = operation
  const gvk = operation['x-kubernetes-group-version-kind']
  const action = operation['x-kubernetes-action']
  const produces = new Set(Object.values(responses).flatMap(r => Object.keys(r.content ?? {})))
  return {
    ...where,
    operationId,
    tags,
    ...(action ? { action } : {}),
    ...(gvk ? { gvk: `${gvk.group ? `${gvk.group}/` : ''}${gvk.version}/${gvk.kind}` } : {}),
    ...(requestBody ? { bodyRef: refOf(requestBody.content) } : {}),
    responses: Object.fromEntries(Object.entries(responses).map(([code, { content }]) => [code, refOf(content)])),
    params: [...shared, ...parameters].map(({ name, in: place, schema }) => `${name}:${place}:${schema.type}`).sort(),
    media: { consumes: requestBody ? Object.keys(requestBody.content).sort() : null, produces: [...produces].sort() },
  }
}
