// Bytes are made once per stored version, whoever asks.
import { expect, test } from 'vitest'
import type { KubeObject } from '../../openapi/kind.ts'
import { Encodings, type EventType } from '../../server/codec/encode.ts'
import { deepFreeze } from '../../server/storage/freeze.ts'

const stored = (): KubeObject =>
  deepFreeze({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
  })

const cases: [what: string, bytes: (encodings: Encodings, object: KubeObject) => Buffer][] = [
  ['JSON', (e, o) => e.json(o)],
  ['protobuf', (e, o) => e.protobuf(o)],
  ...(['ADDED', 'MODIFIED', 'DELETED'] as EventType[]).flatMap(type =>
    (['json', 'protobuf'] as const).flatMap((encoding): typeof cases => [
      [`${type} as ${encoding}`, (e, o) => e.frame(type, o, encoding)],
      [`${type} of the metadata as ${encoding}`, (e, o) => e.frame(type, e.partial(o), encoding)],
    ]),
  ),
]

test.each(cases)('%s is shared by all readers', (_what, bytes) => {
  const [encodings, object] = [new Encodings(), stored()]
  expect(bytes(encodings, object)).toBe(bytes(encodings, object))
  expect(bytes(encodings, stored())).not.toBe(bytes(encodings, object))
})
