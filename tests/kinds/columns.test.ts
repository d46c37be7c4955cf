import { describe, expect, test } from 'vitest'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { cells, hasReference, prepared, steps } from '../support/strategy.ts'

const kinds = new Map(builtinKinds.map((k): [string, Kind] => [`${k.group}/${k.kind}`, k]))
const kindOf = ({ apiVersion, kind }: KubeObject): Kind | undefined =>
  builtinKinds.find(k => k.kind === kind && apiVersionOf(k) === apiVersion)

interface Table {
  rows: { cells: unknown[]; object: KubeObject }[]
}
const created = '2029-12-31T23:59:00Z'
const timed = (object: KubeObject): KubeObject =>
  JSON.parse(JSON.stringify(object).replaceAll('"<time>"', `"${created}"`).replaceAll('"<microtime>"', '"2029-12-31T23:59:00.000000Z"'))
/** Ages of the recording and of the test alike become one word; the times of creation are times. */
const aged = (text: unknown) => (typeof text === 'string' ? text.replace(/^(\d+y)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/, '<age>') : text)
const shown = (text: unknown) => (text === '' ? '' : text === created ? '<time>' : aged(text))

describe.skipIf(!hasReference)('recorded rows', () => {
  const rows = steps('tables/rows.json').flatMap(({ setup, name, response }) => {
    const row = (response?.body as Table | undefined)?.rows?.[0]
    const kind = row && kindOf(row.object)
    return setup || !kind || kind.kind === 'Pod' ? [] : [[name, kind, row] as const]
  })

  test('are there', () => expect(rows.length).toBeGreaterThan(80))

  test.each(rows)('%s', (_, kind, row) => {
    const object = timed(row.object)
    object.metadata.creationTimestamp = created
    expect(cells(kind, object).map(shown)).toEqual(row.cells.map(shown))
  })
})

describe('rows of storage and configuration', () => {
  const row = (name: string, body: object): unknown[] => {
    const kind = kinds.get(name) as Kind
    return cells(kind, { ...prepared(kind, body), apiVersion: 'v1', kind: kind.kind } as KubeObject).slice(0, -1)
  }
  const cases = [
    { it: 'a secret', kind: '/Secret', body: { metadata: { name: 'a' }, stringData: { b: 'c' } }, want: ['a', 'Opaque', 1] },
    { it: 'a map', kind: '/ConfigMap', body: { metadata: { name: 'a' }, data: { b: 'c' }, binaryData: { d: 'AQ==' } }, want: ['a', 2] },
    {
      it: 'the default class',
      kind: 'storage.k8s.io/StorageClass',
      body: {
        metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'example.com/disk',
      },
      want: ['fast (default)', 'example.com/disk', 'Delete', 'Immediate', false],
    },
    { it: 'a namespace', kind: '/Namespace', body: { metadata: { name: 'a' } }, want: ['a', 'Active'] },
  ]
  test.each(cases)('$it', ({ kind, body, want }) => expect(row(kind, body)).toEqual(want))
})
