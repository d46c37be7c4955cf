// What holds for any object, any patch and any bytes: what fits a schema survives every encoding; nothing a client sends crashes the server or
// leaves an object that its own kind would refuse.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apiVersionOf, type Kind, type KubeInput } from '../../openapi/kind.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { decode } from '../../openapi/rules/decode.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import { decodeProtobuf, encodeProtobuf } from '../../server/codec/protobuf.ts'
import { parseYaml, printYaml } from '../../server/codec/yaml.ts'
import { type Rest, serveRest } from '../support/api.ts'
import { anyJson, fitting, pointers, run } from '../support/arbitrary.ts'
import { allowedName } from '../support/objects.ts'

const nameOf = (kind: Kind): string => `${kind.kind}.${kind.group}/${kind.version}`
const root = ({ group, version }: Kind): string => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`)
const pathOf = (kind: Kind): string => `${root(kind)}/${kind.scope === 'Namespaced' ? 'namespaces/default/' : ''}${kind.names.plural}`
const typed = (kind: Kind, object: object) => ({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind })
const stored = builtinKinds.filter(kind => !kind.verbs)

describe('every object that fits its schema', () => {
  test.each(builtinKinds.map(kind => [nameOf(kind), kind] as const))('%s is the same after protobuf and after YAML', (_name, kind) => {
    fc.assert(
      fc.property(fitting(kind.schema), random => {
        const { object } = decode(kind.schema, typed(kind, random as object))
        const binary = decode(kind.schema, decodeProtobuf(encodeProtobuf(object as never)).value).object
        expect(typed(kind, binary)).toEqual(object)
        expect(parseYaml(printYaml(object)).value).toEqual(object)
      }),
      run(15),
    )
  })
})

/** A server with one of the kind, as its example has it. */
async function withOne(kind: Kind, use: (rest: Rest, path: string, crashes: unknown[]) => Promise<void>): Promise<void> {
  const crashes: unknown[] = []
  await using rest = await serveRest({ logError: error => crashes.push(error) })
  await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  await rest
    .call(
      'post',
      pathOf(kind),
      typed(kind, { ...kind.example, metadata: { ...kind.example.metadata, name: allowedName(kind, 'example') } }),
    )
    .expect(201)
  await use(rest, `${pathOf(kind)}/${allowedName(kind, 'example')}`, crashes)
}

/** The example with one branch of a random object put into it: what is accepted then is more than the example alone. */
const varied = (kind: Kind): fc.Arbitrary<Record<string, unknown>> =>
  fc.tuple(fitting(kind.schema), fc.array(fc.nat(), { minLength: 6, maxLength: 6 })).map(([random, choices]) => {
    const object = structuredClone(
      typed(kind, { ...kind.example, metadata: { ...kind.example.metadata, name: allowedName(kind, 'varied') } }),
    ) as Record<string, unknown>
    graft(object, random, choices)
    return object
  })

function graft(object: Record<string, unknown>, random: unknown, [choice, ...choices]: readonly number[]): void {
  const fields = Object.entries(random as object).filter(([name]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(name))
  const [name, value] = fields[(choice ?? 0) % (fields.length || 1)] ?? []
  if (name === undefined) return
  const isBranch = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)
  if (isBranch(object[name]) && isBranch(value)) graft(object[name], value, choices)
  else object[name] = value
}

describe('what is accepted', () => {
  test.each(stored.map(kind => [nameOf(kind), kind] as const))(
    '%s survives get, update, apply, protobuf and YAML',
    { timeout: 60_000 },
    async (_name, kind) => {
      const crashes: unknown[] = []
      await using rest = await serveRest({ logError: error => crashes.push(error) })
      await rest.call('post', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
      const path = `${pathOf(kind)}/${allowedName(kind, 'varied')}`
      await fc.assert(
        fc.asyncProperty(varied(kind), async object => {
          const { status, text } = await rest.call('post', pathOf(kind), object)
          expect(crashes, text).toEqual([])
          if (status !== 201) return
          // The server itself writes to some.
          await rest.cluster.settle()
          const { body: made } = await rest.call('get', path)
          const { body: got } = await rest.call('get', path)
          expect((await rest.call('put', path, got)).body).toEqual(made)
          const yaml = await rest.call('get', path).set('accept', 'application/yaml').buffer(true)
          expect(parseYaml(yaml.text).value).toEqual(made)
          const { managedFields: _fields, ...metadata } = made.metadata
          const applied = await rest.apply(path, { ...made, metadata, status: undefined }, 'fieldManager=random&force=true')
          expect([applied.status, { ...applied.body, metadata: undefined }]).toEqual([200, { ...made, metadata: undefined }])
          await rest.call('delete', `${path}?gracePeriodSeconds=0`)
          await rest.patch(path, 'merge-patch', { metadata: { finalizers: null } })
        }),
        run(8),
      )
    },
  )
})

const patchTypes = ['json-patch', 'merge-patch', 'strategic-merge-patch', 'apply-patch'] as const

function patches(kind: Kind, object: object): fc.Arbitrary<readonly [(typeof patchTypes)[number], string]> {
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: pointers(object),
    from: pointers(object),
    value: fc.oneof(anyJson, fitting(kind.schema, 2)),
  })
  const partial = fc.oneof(
    fitting(kind.schema, 4),
    anyJson,
    fc.record({ metadata: anyJson }),
    fc.record({ spec: anyJson }),
    fc.record({ status: anyJson }),
  )
  return fc.oneof(
    fc.array(operation, { maxLength: 3 }).map(list => ['json-patch', JSON.stringify(list)] as const),
    fc
      .tuple(fc.constantFrom('merge-patch' as const, 'strategic-merge-patch' as const), partial)
      .map(([type, body]) => [type, JSON.stringify(body)] as const),
    partial.map(body => ['apply-patch', JSON.stringify(typed(kind, body as object))] as const),
  )
}

/** What the kind itself says of a stored object. */
const problemsOf = (kind: Kind, object: object): unknown => {
  const { object: draft } = decode(kind.schema, object)
  return kind.validate?.(draft as never)?.map(error => `${error.field}: ${error.message}`) ?? []
}

describe('no patch crashes the server or leaves an invalid object', () => {
  test.each(stored.map(kind => [nameOf(kind), kind] as const))('%s', { timeout: 60_000 }, async (_name, kind) => {
    await withOne(kind, async (rest, path, crashes) => {
      const { body: before } = await rest.call('get', path)
      const usual = problemsOf(kind, before)
      await fc.assert(
        fc.asyncProperty(patches(kind, before), async ([type, body]) => {
          const suffix = type === 'apply-patch' ? 'yaml' : 'json'
          const query = type === 'apply-patch' ? '?fieldManager=random&force=true' : ''
          const answer = await rest.call('patch', path + query, body).set('content-type', `application/${type}+${suffix}`)
          expect(crashes, answer.text).toEqual([])
          const { body: after, status } = await rest.call('get', path)
          // A patch may mark what is to be deleted, but not take the object away.
          expect(status).toBe(200)
          if (!deepEqual(after.spec, before.spec)) expect(problemsOf(kind, after)).toEqual(usual)
          await rest.call('put', path, after)
          expect(crashes).toEqual([])
        }),
        run(15),
      )
    })
  })
})

describe('no bytes crash the server', () => {
  const types = [
    'application/json',
    'application/yaml',
    'application/vnd.kubernetes.protobuf',
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'text/plain',
  ]
  const jsonLike = anyJson.map(value => Buffer.from(JSON.stringify(value)))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(list => Buffer.from(list)),
    fc.uint8Array({ maxLength: 200 }).map(list => Buffer.concat([Buffer.from('k8s\0'), list])),
    fc.string({ unit: 'binary', maxLength: 100 }).map(list => Buffer.from(list)),
    jsonLike,
  )
  test('as bodies', { timeout: 60_000 }, async () => {
    const crashes: unknown[] = []
    await using rest = await serveRest({ logError: error => crashes.push(error) })
    const configMap = '/api/v1/namespaces/default/configmaps'
    await rest.call('post', configMap, { metadata: { name: 'it' }, data: { a: 'b' } }).expect(201)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('post', 'put', 'patch', 'delete' as const),
        fc.constantFrom(...types),
        bytes,
        async (method, type, body) => {
          const path =
            method === 'post'
              ? '/api/v1/namespaces/default/pods'
              : method === 'delete'
                ? '/api/v1/namespaces/default/pods/none'
                : `${configMap}/it`
          const answer = await rest
            .call(method as 'post', path)
            .set('content-type', type)
            .send(body)
          expect(crashes, answer.text).toEqual([])
        },
      ),
      run(300),
    )
    expect((await rest.call('get', `${configMap}/it`)).body.data).toBeTypeOf('object')
  })

  test('as a protobuf message cut or changed anywhere', () => {
    const [kind] = builtinKinds.filter(({ kind }) => kind === 'Pod') as [Kind]
    const whole = Buffer.from(encodeProtobuf(decode(kind.schema, typed(kind, kind.example as KubeInput)).object as never))
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut && at < bytes.length) bytes[at] = value
        try {
          decode(kind.schema, decodeProtobuf(bytes).value)
        } catch (error) {
          expect(['ProtobufError', 'MessageError', 'DecodeError']).toContain((error as Error).constructor.name)
          expect((error as Error).message).not.toMatch(/^bug/)
        }
      }),
      run(2000),
    )
  })
})
