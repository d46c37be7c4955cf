// What every kind can do, from its `example`: a new kind is tested by being in the list.
import { describe, expect, test } from 'vitest'
import { compile } from '../../openapi/custom/compile.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import {
  type CustomResourceDefinition,
  customResourceDefinition,
} from '../../openapi/kinds/apiextensions.k8s.io/customresourcedefinition/index.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { decode } from '../../openapi/rules/decode.ts'
import { decodeProtobuf } from '../../server/codec/protobuf.ts'
import { type Rest, serveRest } from '../support/api.ts'
import { allowedName } from '../support/objects.ts'

const root = ({ group, version }: Kind): string => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`)
const collectionOf = (kind: Kind): string => `${root(kind)}/${kind.scope === 'Namespaced' ? 'namespaces/default/' : ''}${kind.names.plural}`
/** As a client writes it. */
const exampleOf = (kind: Kind, name: string) => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  ...structuredClone(kind.example),
  metadata: { ...structuredClone(kind.example.metadata), name },
})

/** A custom resource can do what the others can. */
const definition = customResourceDefinition.example as unknown as CustomResourceDefinition
const { names } = definition.spec
const customKinds = compile({ ...definition, status: { conditions: [], acceptedNames: names, storedVersions: ['v1'] } }).served

/** Two of a kind may not share what is unique in a cluster. */
const stored = [...builtinKinds.filter(kind => !kind.verbs), ...customKinds]
/** The server itself writes to them. */
const isWritten = (kind: Kind): boolean => ['CustomResourceDefinition', 'FlowSchema'].includes(kind.kind)

describe.each(stored.map(kind => [`${kind.kind}.${kind.group}/${kind.version}`, kind] as const))('%s', (_, kind) => {
  const path = collectionOf(kind)
  const name = allowedName(kind, 'example')
  const withOne = async (run: (rest: Rest, object: KubeObject, created: KubeObject) => Promise<void>): Promise<void> => {
    await using rest = await serveRest()
    await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
    if (kind.custom) {
      const crd = customResourceDefinition as unknown as Kind
      await rest.call('post', collectionOf(crd), exampleOf(crd, definition.metadata.name))
      await rest.cluster.settle()
    }
    const { body, status } = await rest.call('post', path, exampleOf(kind, name))
    expect({ status, message: body.message }).toEqual({ status: 201, message: undefined })
    await rest.cluster.settle()
    // What it writes a little later.
    if (isWritten(kind)) await rest.cluster.clock.advance(100)
    await run(rest, isWritten(kind) ? (await rest.call('get', `${path}/${name}`)).body : body, body)
  }

  test('is created with a uid, a version and a time, and read back as it was answered', () =>
    withOne(async (rest, object) => {
      expect(object).toMatchObject({ apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name } })
      expect(object.metadata).toMatchObject({ uid: expect.any(String), resourceVersion: expect.any(String) })
      expect(object.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z')
      expect((await rest.call('get', `${path}/${name}`)).body).toEqual(object)
      const { body } = await rest.call('get', path)
      expect(body.kind).toBe(`${kind.kind}List`)
      expect(body.items.map((item: KubeObject) => item.metadata.name)).toContain(name)
    }))

  test('a second one of the name is refused, and a dry run leaves nothing', () =>
    withOne(async rest => {
      expect((await rest.call('post', path, exampleOf(kind, name))).body).toMatchObject({ code: 409, reason: 'AlreadyExists' })
      const dry = await rest.call('post', `${path}?dryRun=All`, exampleOf(kind, 'dry'))
      // What is unique in a cluster may be taken by the first.
      expect([201, 422]).toContain(dry.status)
      expect((await rest.call('get', `${path}/dry`)).status).toBe(404)
    }))

  test('a write that changes nothing keeps the version; one on an old version is refused', () =>
    withOne(async (rest, object) => {
      const same = await rest.call('put', `${path}/${name}`, object)
      expect(same.body.metadata.resourceVersion).toBe(object.metadata.resourceVersion)
      const labelled = { ...object, metadata: { ...object.metadata, labels: { a: '1' } } }
      const changed = await rest.call('put', `${path}/${name}`, labelled)
      expect(changed.body.metadata.labels).toMatchObject({ a: '1' })
      expect(Number(changed.body.metadata.resourceVersion)).toBeGreaterThan(Number(object.metadata.resourceVersion))
      expect((await rest.call('put', `${path}/${name}`, labelled)).body).toMatchObject({ code: 409, reason: 'Conflict' })
    }))

  test('takes all four patches', () =>
    withOne(async rest => {
      const at = `${path}/${name}`
      const annotation = async (test: Promise<{ body: KubeObject }>, key: string) =>
        expect((await test).body.metadata.annotations).toMatchObject({ [key]: 'x' })
      await annotation(rest.patch(at, 'merge-patch', { metadata: { annotations: { merge: 'x' } } }), 'merge')
      await annotation(rest.patch(at, 'json-patch', [{ op: 'add', path: '/metadata/annotations/json', value: 'x' }]), 'json')
      const strategic = rest.patch(at, 'strategic-merge-patch', { metadata: { annotations: { strategic: 'x' } } })
      if (kind.custom) expect((await strategic).status).toBe(415)
      else await annotation(strategic, 'strategic')
      const applied = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name, annotations: { applied: 'x' } } }
      await annotation(rest.apply(at, applied), 'applied')
      const { body } = await rest.call('get', at)
      expect(Object.keys(body.metadata.annotations).sort()).toEqual(
        expect.arrayContaining(['applied', 'json', 'merge', ...(kind.custom ? [] : ['strategic'])]),
      )
      expect(body.metadata.managedFields.map((entry: { manager: string }) => entry.manager)).toContain('test')
    }))

  test('reads the same as YAML, as protobuf and as a Table', () =>
    withOne(async (rest, object) => {
      const yaml = await rest.call('get', `${path}/${name}`).set('accept', 'application/yaml').buffer(true)
      expect(yaml.text).toContain(`kind: ${kind.kind}\n`)
      const binaryOf = async (at: string): Promise<Buffer> => {
        const { body } = await rest
          .call('get', at)
          .set('accept', 'application/vnd.kubernetes.protobuf')
          .buffer(true)
          .parse((response, done) => {
            const parts: Buffer[] = []
            response.on('data', part => parts.push(part))
            response.on('end', () => done(null, Buffer.concat(parts)))
          })
        return body
      }
      const inBinary = async () => {
        const binary = await binaryOf(`${path}/${name}`)
        const again = await rest.call('put', `${path}/${name}`).set('content-type', 'application/vnd.kubernetes.protobuf').send(binary)
        expect(again.body).toEqual(object)
        const { kind: listKind, value } = decodeProtobuf(await binaryOf(path))
        expect(listKind).toBe(`${kind.kind}List`)
        const items = (value as { items: KubeObject[] }).items.map(item => decode(kind.schema, item).object as unknown as KubeObject)
        const found = items.find(item => item.metadata.name === name)
        expect({ ...found, apiVersion: object.apiVersion, kind: object.kind }).toEqual(object)
      }
      if (!kind.custom) await inBinary()
      const table = await rest.call('get', path).set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
      expect(table.body.columnDefinitions.map((column: { name: string }) => column.name)).toEqual(
        kind.columns.filter(column => !column.undeclared).map(column => column.name),
      )
      for (const row of table.body.rows) expect(row.cells).toHaveLength(kind.columns.length)
    }))

  test('a watch sees it come, change and go', () =>
    withOne(async (rest, _object, created) => {
      await rest.patch(`${path}/${name}`, 'merge-patch', { metadata: { labels: { a: '1' } } })
      await rest.call('delete', `${path}/${name}?gracePeriodSeconds=0&propagationPolicy=Background`)
      const before = Number(created.metadata.resourceVersion) - 1
      const watching = rest
        .call('get', `${path}?watch=true&resourceVersion=${before}&timeoutSeconds=60&fieldSelector=metadata.name=${name}`)
        .buffer(true)
        .parse((response, done) => {
          let text = ''
          response.on('data', part => {
            text += part
            if (text.split('\n').length > 3) void rest.cluster.clock.advance(60_000)
          })
          response.on('end', () => done(null, text))
        })
      const types = String((await watching).body)
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).type)
      expect([types[0], types[1]]).toEqual(['ADDED', 'MODIFIED'])
      // Finalizers and namespaces hold some back: those change once more.
      expect(['DELETED', 'MODIFIED']).toContain(types[2])
    }))

  test('a bookmark of a watch as Table has a cell for every column', () =>
    withOne(async rest => {
      const query = `watch=true&resourceVersion=0&allowWatchBookmarks=true&timeoutSeconds=60&fieldSelector=metadata.name=${name}`
      const watching = rest
        .call('get', `${path}?${query}`)
        .set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
        .buffer(true)
        .parse((response, done) => {
          let text = ''
          response.once('data', () => void rest.cluster.clock.advance(60_000))
          response.on('data', part => {
            text += part
          })
          response.on('end', () => done(null, text))
        })
      const frames = String((await watching).body)
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      expect(frames.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
      expect(frames[1].object.rows[0].cells).toHaveLength(kind.columns.length)
    }))

  test('its documents name every field it has', () =>
    withOne(async rest => {
      const { body } = await rest.call('get', `/openapi/v3${root(kind)}`)
      const published = body.components.schemas[kind.schema.title as string]
      expect(Object.keys(published.properties)).toEqual(expect.arrayContaining(Object.keys(kind.example)))
    }))
})
