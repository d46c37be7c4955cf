// Lists as gzip: joined from parts compressed before, read by any client; a change costs its run only.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../openapi/kind.ts'
import { Encodings } from '../../server/codec/encode.ts'
import { deflated, gzipped } from '../../server/codec/gzip.ts'
import { deepFreeze } from '../../server/storage/freeze.ts'
import { aConfigMap, configMaps, serveRest } from '../support/api.ts'

describe('one stream out of parts', () => {
  const texts = ['', 'a', 'one', 'two'.repeat(50_000), '\u0000', 'ü'.repeat(77), 'end']
  test.each([[[]], [['']], [['alone']], [texts], [texts.toReversed()]])('%#', async parts => {
    const stream = Buffer.concat(gzipped(await Promise.all(parts.map(text => deflated(() => Buffer.from(text))))))
    expect(gunzipSync(stream).toString()).toBe(parts.join(''))
    // It checks lengths and checksum as well, and complains of what follows the first member.
    expect(execFileSync('gzip', ['-dc'], { input: stream }).toString()).toBe(parts.join(''))
  })
})

let version = 0
const object = (name: string): KubeObject =>
  deepFreeze({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, uid: randomUUID(), resourceVersion: String(++version), creationTimestamp: '2026-01-01T00:00:00Z' },
  })

test('a change of one object leaves the other runs as they are', async () => {
  const encodings = new Encodings()
  const objects = Array.from({ length: 2000 }, (_, index) => object(`n-${index}`))
  const list = (all: KubeObject[]) => encodings.gzippedList(Buffer.from('['), all, Buffer.from(']'), 'plain')
  const before = new Set(await list(objects))
  const replaced = objects.toSpliced(1000, 1, object('other'))
  const after = (await list(replaced)).filter(part => part.length > 30)
  expect(after.length).toBeGreaterThan(20)
  expect(after.filter(part => !before.has(part)).length).toBeLessThanOrEqual(3)
  const inserted = (await list(objects.toSpliced(500, 0, object('more')))).filter(part => part.length > 30)
  expect(inserted.filter(part => !before.has(part)).length).toBeLessThanOrEqual(3)
})

test('a large list reads the same with gzip and without, whatever changed in between', async () => {
  await using rest = await serveRest()
  const data = { text: 'x'.repeat(2000) }
  for (let index = 0; index < 150; index++) await rest.call('post', configMaps, aConfigMap(`n-${index}`, data)).expect(201)
  const read = async (encoding: string) => {
    const answer = await rest.call('get', configMaps).set('accept-encoding', encoding).expect(200)
    expect(answer.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined)
    return answer.body as { items: object[] }
  }
  const protobuf = async (encoding: string) => {
    const call = rest.call('get', configMaps).set({ accept: 'application/vnd.kubernetes.protobuf', 'accept-encoding': encoding })
    const answer = await call.responseType('blob').expect(200)
    expect(answer.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined)
    return answer.body as Buffer
  }
  const first = await read('gzip')
  expect((await protobuf('gzip')).equals(await protobuf('identity'))).toBe(true)
  expect(first).toEqual(await read('identity'))
  await rest.call('delete', `${configMaps}/n-70`).expect(200)
  await rest.call('post', configMaps, aConfigMap('a-first', data)).expect(201)
  const second = await read('gzip')
  expect(second.items).toHaveLength(first.items.length)
  expect(second).toEqual(await read('identity'))
  expect((await protobuf('gzip')).equals(await protobuf('identity'))).toBe(true)
})
