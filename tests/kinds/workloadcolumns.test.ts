import { describe, expect, test } from 'vitest'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { cells, hasReference, steps } from '../support/strategy.ts'

const names = ['Pod', 'PodTemplate', 'ReplicationController', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'ControllerRevision']
const kinds = new Map(builtinKinds.filter(k => names.includes(k.kind)).map((k): [string, Kind] => [k.kind, k]))

interface Table {
  rows: { cells: unknown[]; object: KubeObject }[]
}
const timed = (object: KubeObject): KubeObject => JSON.parse(JSON.stringify(object).replaceAll('"<time>"', '"2029-12-31T23:59:00Z"'))
const aged = (text: unknown) => (typeof text === 'string' ? text.replace(/\b60s\b/, '<age>') : text)

describe.skipIf(!hasReference)('recorded rows of workloads', () => {
  const rows = steps('tables/rows.json').flatMap(({ setup, name, response }) => {
    const row = (response?.body as Table | undefined)?.rows?.[0]
    const kind = row && kinds.get(row.object.kind)
    return setup || !kind ? [] : [[name, kind, row] as const]
  })
  test.each(rows)('%s', (_, kind, row) => {
    const object = timed(row.object)
    object.metadata.creationTimestamp = '2029-12-31T23:59:00Z'
    const want = row.cells.map(aged)
    const got = cells(kind, object).map(cell =>
      typeof cell === 'string' ? cell.replace(/\d+[smhdy](\d+[smhd])?( ago\))?$/, '<age>$2') : cell,
    )
    expect(got).toEqual(want)
  })
})
