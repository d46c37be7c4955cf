import { expect, test } from 'vitest'
import type { KubeObject } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { Encodings } from '../../server/codec/encode.ts'
import { table, tableJson } from '../../server/codec/table.ts'
import { deepFreeze } from '../../server/storage/freeze.ts'

const now = new Date('2026-01-02T00:00:00Z')
const object = (name: string, more: object): KubeObject =>
  deepFreeze({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: '2026-01-01T00:00:00Z', annotations: { 'a/b': 'ö"💥\n' } },
    ...more,
  } as unknown as KubeObject)

for (const objects of [[], [object('only', {})], [object('a', {}), object('b', { data: { key: 'ä' } }), object('c', { immutable: true })]])
  test(`a table of ${objects.length} joined from kept bytes is the table printed at once`, () => {
    const kind = configMap as never
    const metadata = { resourceVersion: '7', continue: 'x' }
    const view = { include: 'Metadata', now, version: 'v1' } as const
    const whole = `${JSON.stringify(table(kind, objects, metadata, view))}\n`
    const encodings = new Encodings()
    for (const item of objects.slice(1)) encodings.json(item)
    expect(Buffer.concat(tableJson(table(kind, [], metadata, view), kind, objects, { now, encodings })).toString()).toBe(whole)
  })
