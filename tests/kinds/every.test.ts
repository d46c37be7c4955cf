// What every kind can do, from its `example`: a new kind is tested by being in the list.
import { describe, expect, test } from 'vitest'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
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

/** Two of a kind may not share what is unique in a cluster. */
const stored = builtinKinds.filter(kind => !kind.verbs)

describe.each(stored.map(kind => [`${kind.kind}.${kind.group}/${kind.version}`, kind] as const))('%s', (_, kind) => {
  const path = collectionOf(kind)
  const named = allowedName(kind, 'example')
  const withOne = async (run: (rest: Rest, object: KubeObject) => Promise<void>): Promise<void> => {
    await using rest = await serveRest()
    await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
    const { body, status } = await rest.call('post', path, exampleOf(kind, named))
    expect({ status, message: body.message }).toEqual({ status: 201, message: undefined })
    await run(rest, body)
  }

  test('is created with a uid, a version and a time, and read back as it was answered', () =>
    withOne(async (rest, object) => {
      expect(object).toMatchObject({ apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: named } })
      expect(object.metadata).toMatchObject({ uid: expect.any(String), resourceVersion: expect.any(String) })
      expect(object.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z')
      expect((await rest.call('get', `${path}/${named}`)).body).toEqual(object)
      const { body } = await rest.call('get', path)
      expect(body.kind).toBe(`${kind.kind}List`)
      expect(body.items.map((item: KubeObject) => item.metadata.name)).toContain(named)
    }))

  test('a second one of the name is refused, and a dry run leaves nothing', () =>
    withOne(async rest => {
      expect((await rest.call('post', path, exampleOf(kind, named))).body).toMatchObject({ code: 409, reason: 'AlreadyExists' })
      const dry = await rest.call('post', `${path}?dryRun=All`, exampleOf(kind, 'dry'))
      // What is unique in a cluster may be taken by the first.
      expect([201, 422]).toContain(dry.status)
      expect((await rest.call('get', `${path}/dry`)).status).toBe(404)
    }))

  test('a write that changes nothing keeps the version; one on an old version is refused', () =>
    withOne(async (rest, object) => {
      const same = await rest.call('put', `${path}/${named}`, object)
      expect(same.body.metadata.resourceVersion).toBe(object.metadata.resourceVersion)
      const labelled = { ...object, metadata: { ...object.metadata, labels: { a: '1' } } }
      const changed = await rest.call('put', `${path}/${named}`, labelled)
      expect(changed.body.metadata.labels).toMatchObject({ a: '1' })
      expect(Number(changed.body.metadata.resourceVersion)).toBeGreaterThan(Number(object.metadata.resourceVersion))
      expect((await rest.call('put', `${path}/${named}`, labelled)).body).toMatchObject({ code: 409, reason: 'Conflict' })
    }))

  test('takes all four patches', () =>
    withOne(async rest => {
      const at = `${path}/${named}`
      const annotation = async (test: Promise<{ body: KubeObject }>, name: string) =>
        expect((await test).body.metadata.annotations).toMatchObject({ [name]: 'x' })
      await annotation(rest.patch(at, 'merge-patch', { metadata: { annotations: { merge: 'x' } } }), 'merge')
      await annotation(rest.patch(at, 'json-patch', [{ op: 'add', path: '/metadata/annotations/json', value: 'x' }]), 'json')
      await annotation(rest.patch(at, 'strategic-merge-patch', { metadata: { annotations: { strategic: 'x' } } }), 'strategic')
      const applied = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: named, annotations: { applied: 'x' } } }
      await annotation(rest.apply(at, applied), 'applied')
      const { body } = await rest.call('get', at)
      expect(Object.keys(body.metadata.annotations).sort()).toEqual(expect.arrayContaining(['applied', 'json', 'merge', 'strategic']))
      expect(body.metadata.managedFields.map((entry: { manager: string }) => entry.manager)).toContain('test')
    }))

  test('reads the same as YAML, as protobuf and as a Table', () =>
    withOne(async (rest, object) => {
      const yaml = await rest.call('get', `${path}/${named}`).set('accept', 'application/yaml').buffer(true)
      expect(yaml.text).toContain(`kind: ${kind.kind}\n`)
      const binary = await rest
        .call('get', `${path}/${named}`)
        .set('accept', 'application/vnd.kubernetes.protobuf')
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = []
          response.on('data', part => parts.push(part))
          response.on('end', () => done(null, Buffer.concat(parts)))
        })
      const again = await rest.call('put', `${path}/${named}`).set('content-type', 'application/vnd.kubernetes.protobuf').send(binary.body)
      expect(again.body).toEqual(object)
      const table = await rest.call('get', path).set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io')
      expect(table.body.columnDefinitions.map((column: { name: string }) => column.name)).toEqual(
        kind.columns.filter(column => !column.undeclared).map(column => column.name),
      )
      for (const row of table.body.rows) expect(row.cells).toHaveLength(kind.columns.length)
    }))

  test('a watch sees it come, change and go', () =>
    withOne(async (rest, object) => {
      await rest.patch(`${path}/${named}`, 'merge-patch', { metadata: { labels: { a: '1' } } })
      await rest.call('delete', `${path}/${named}?gracePeriodSeconds=0&propagationPolicy=Background`)
      const before = Number(object.metadata.resourceVersion) - 1
      const watching = rest
        .call('get', `${path}?watch=true&resourceVersion=${before}&timeoutSeconds=60&fieldSelector=metadata.name=${named}`)
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
      const query = `watch=true&resourceVersion=0&allowWatchBookmarks=true&timeoutSeconds=60&fieldSelector=metadata.name=${named}`
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
      // Meanwhile flow control tells of a FlowSchema what it found out.
      expect(frames.map(({ type }) => type).filter(type => type !== 'MODIFIED')).toEqual(['ADDED', 'BOOKMARK'])
      expect(frames.at(-1).object.rows[0].cells).toHaveLength(kind.columns.length)
    }))

  test('its documents name every field it has', async () => {
    await using rest = await serveRest()
    const { body } = await rest.call('get', `/openapi/v3${root(kind)}`)
    const definition = body.components.schemas[kind.schema.title as string]
    expect(Object.keys(definition.properties)).toEqual(expect.arrayContaining(Object.keys(kind.example)))
  })
})
