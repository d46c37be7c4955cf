// Bodies, queries and headers no client should send: each gets a Status that says what is wrong, nothing is half done, and nothing of it
// is a failure of the server's own.
import { describe, expect, test } from 'vitest'
import { apiVersionOf } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { encodeProtobuf } from '../../server/codec/protobuf.ts'
import { createIds } from '../../server/ids.ts'
import { type Bare, bareServer, type Reply, type Sent, send } from '../support/wire.ts'

const path = '/api/v1/namespaces/default/configmaps'
const protobuf = 'application/vnd.kubernetes.protobuf'
const yaml = 'application/yaml'
const merge = 'application/merge-patch+json'
const strategic = 'application/strategic-merge-patch+json'
const jsonPatch = 'application/json-patch+json'
const apply = 'application/apply-patch+yaml'
const limit = 3 * 1024 * 1024

const valid = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { a: 'b' } },
  data: { key: 'value', other: 'é\n' },
})
const post = (body: string | Buffer, type?: string): Sent => ({ method: 'POST', path, body, type })
const patch = (body: string, type: string, query = ''): Sent => ({ method: 'PATCH', path: `${path}/there${query}`, body, type })
const get = (query: string): Sent => ({ method: 'GET', path: `${path}?${query}` })
const deep = (open: string, close: string, levels = 100_000) => open.repeat(levels) + close.repeat(levels)

const cases: [name: string, sent: Sent, code: number, message: string | RegExp][] = [
  ['nothing', post(''), 400, /unexpected end of JSON input \(<empty>\)$/],
  ['half an object', post('{"metadata":{"name":"x"'), 400, /unexpected end of JSON input/],
  ['an array', post('[]'), 400, /cannot unmarshal array into Go value of type struct/],
  ['a number', post('3'), 400, /cannot unmarshal number into Go value of type struct/],
  [
    'metadata that is a string',
    post('{"metadata":"x"}'),
    400,
    /cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta$/,
  ],
  [
    'data that is a list',
    post('{"metadata":{"name":"x"},"data":[]}'),
    400,
    /cannot unmarshal array into Go struct field ConfigMap.data of type map\[string\]string$/,
  ],
  ['a kind that is an object', post('{"kind":{}}'), 400, /cannot unmarshal object into Go struct field .kind of type string/],
  [
    '100,000 brackets',
    post('['.repeat(100_000)),
    400,
    /couldn't get version\/kind; json parse error: invalid character '\[' exceeded max depth/,
  ],
  ['100,000 arrays', post(deep('[', ']')), 400, /invalid character '\[' exceeded max depth/],
  ['100,000 objects', post(deep('{"a":', '}').replace('}', '1}')), 400, /invalid character '\{' exceeded max depth/],
  [
    'deep managed fields',
    post(`{"metadata":{"name":"x","managedFields":[{"fieldsV1":${deep('{"f:a":', '}', 9000).replace('}', '{}}')}]}}`),
    400,
    /exceeded max depth/,
  ],
  ['deep YAML, in flow', post(deep('[', ']'), yaml), 400, /yaml: exceeded max depth of 300/],
  ['deep YAML, unclosed', post('{a: '.repeat(100_000), yaml), 400, /yaml: exceeded max depth of 300/],
  ['deep YAML, in blocks', post('- '.repeat(20_000), yaml), 400, /yaml: exceeded max depth of 300/],
  ['YAML that grows when read', post(bomb(), yaml), 400, /yaml: document contains excessive aliasing/],
  ['YAML with a tab', post('a:\n\tb: 1', yaml), 400, /yaml: line 2: found a tab character that violates indentation/],
  [
    'a deep merge patch',
    patch(deep('{"a":', '}', 9000).replace('}', '1}'), merge),
    400,
    /error decoding patch: invalid character '\{' exceeded max depth/,
  ],
  [
    'a deep strategic patch',
    patch(deep('{"a":', '}', 9000).replace('}', '1}'), strategic),
    400,
    /invalid character '\{' exceeded max depth/,
  ],
  ['a deep JSON patch', patch(deep('[', ']', 9000), jsonPatch), 400, /exceeded max depth/],
  ['a deep configuration to apply', patch(deep('[', ']', 9000), apply, '?fieldManager=x'), 400, /exceeded max depth/],
  ['a patch that is half', patch('{"data":', merge), 400, /unexpected end of JSON input/],
  [
    'a JSON patch to nowhere',
    patch('[{"op":"replace","path":"/no/where","value":1}]', jsonPatch),
    422,
    'the server rejected our request due to an error in our request',
  ],
  ['a patch of no type', patch('{}', 'text/plain'), 415, '415: Unsupported Media Type'],
  ['protobuf without its prefix', post('k8s', protobuf), 400, /does not appear to be a protobuf message/],
  ['protobuf that ends early', post(Buffer.from('6b387300ffffffffff', 'hex'), protobuf), 400, /unexpected EOF/],
  ['a length beyond the end', post(Buffer.from('6b3873000a7f0a02', 'hex'), protobuf), 400, /unexpected EOF/],
  ['an unknown media type', post('{}', 'application/x-unknown'), 415, /^the body of the request was in an unknown format/],
  ['a media type that is none', post('{}', ';;;'), 415, /^the body of the request was in an unknown format/],
  ['compressed bytes', post(Buffer.from('1f8b0800', 'hex')), 400, /invalid character '\\x1f' looking for beginning of value/],
  [
    'letters that are none',
    post(Buffer.from('7b226d65746164617461223a7b226e616d65223a22fffe227d7d', 'hex')),
    422,
    /metadata.name: Invalid value/,
  ],
  ['one byte too many', post(Buffer.alloc(limit + 1, 'a')), 413, `Request entity too large: limit is ${limit}`],
  ['just not too many', post(Buffer.alloc(limit, 'a')), 400, /invalid character 'a' looking for beginning of value/],
  [
    'a ConfigMap of 1.5 MiB',
    post(JSON.stringify({ metadata: { name: 'x' }, data: { a: 'a'.repeat(1.5 * 2 ** 20) } })),
    422,
    /may not be more than 1048576 bytes/,
  ],
  ['options that are no options', { method: 'DELETE', path: `${path}/there`, body: '{"kind":"Pod"}' }, 400, /no kind "Pod" is registered/],
  ['deep options', { method: 'DELETE', path: `${path}/there`, body: '['.repeat(100_000) }, 400, /exceeded max depth/],
  ['half a label selector', get('labelSelector=a%20in%20('), 400, /^unable to parse requirement/],
  ['a label selector of signs', get('labelSelector=%21%21%3D'), 400, /./],
  ['a field nobody selects by', get('fieldSelector=data.key%3Dx'), 400, /is not a known field selector/],
  ['a limit that is a word', get('limit=many'), 400, 'strconv.ParseInt: parsing "many": invalid syntax'],
  ['a token nobody gave', get('continue=AAAA'), 400, /^invalid continue token/],
  ['a version that is a word', get('resourceVersion=new'), 400, /^invalid resource version/],
  ['a version to come', get('resourceVersion=99999999'), 504, /^Timeout: Too large resource version: 99999999/],
  ['a time-out without a unit', get('timeout=5'), 400, /missing unit in duration/],
  ['a watch from a word', get('watch=1&resourceVersion=new'), 500, /^resourceVersion: Invalid value: "new"/],
  ['an answer in a type we do not speak', { method: 'GET', path, headers: { accept: 'image/png' } }, 406, /^406: Not Acceptable/],
  ['a name with a NUL', { method: 'GET', path: `${path}/%00` }, 404, 'configmaps "\\x00" not found'],
]

function bomb(): string {
  const lines = [`a: &a [${Array(9).fill('x')}]`]
  for (const [before, letter] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'])
    lines.push(`${letter}: &${letter} [${Array(9).fill(`*${before}`)}]`)
  return lines.join('\n')
}

async function mustBeWell(server: Bare): Promise<void> {
  expect(server.errors).toEqual([])
  const there = await send(server, { method: 'GET', path: `${path}/there` })
  expect([there.code, there.body]).toMatchObject([200, { data: { key: 'value' } }])
}

describe('a bad request', () => {
  for (const [name, sent, code, message] of cases)
    test(name, async () => {
      await using server = await bareServer()
      expect((await send(server, post(JSON.stringify(valid('there'))))).code).toBe(201)
      const reply = await send(server, sent)
      expect([reply.code, reply.body.kind, reply.body.code]).toEqual([code, 'Status', code])
      if (typeof message === 'string') expect(reply.body.message).toBe(message)
      else expect(reply.body.message).toMatch(message)
      await mustBeWell(server)
    })
})

const damagedTimes = 300

/** Bytes that were right once: cut, with some changed, some doubled, some taken out; or never. */
function damaged(bytes: Buffer, below: (n: number) => number): Buffer {
  const copy = Buffer.from(bytes)
  const at = below(bytes.length)
  switch (below(5)) {
    case 0:
      return copy.subarray(0, at)
    case 1:
      for (let i = 0; i <= below(4); i++) copy[below(copy.length)] = below(256)
      return copy
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(below(at + 1))])
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + 1 + below(8)))])
    default:
      return Buffer.from(Array.from({ length: below(64) }, () => below(256)))
  }
}

const fuzzed: Record<string, (name: string) => { sent: Sent; body: Buffer }> = {
  JSON: name => ({ sent: { method: 'POST', path }, body: Buffer.from(JSON.stringify(valid(name))) }),
  YAML: name => ({
    sent: { method: 'POST', path, type: yaml },
    body: Buffer.from(`metadata:\n  name: ${name}\ndata: {key: "value", b: |\n  x\n}\n`),
  }),
  protobuf: name => ({ sent: { method: 'POST', path, type: protobuf }, body: Buffer.from(encodeProtobuf(valid(name) as never)) }),
  'JSON patch': () => ({
    sent: patch('', jsonPatch),
    body: Buffer.from('[{"op":"add","path":"/data/x","value":"y"},{"op":"test","path":"/kind","value":"ConfigMap"}]'),
  }),
  'merge patch': () => ({ sent: patch('', merge), body: Buffer.from('{"metadata":{"labels":{"x":"y"}},"data":{"other":null}}') }),
  'strategic patch': () => ({
    sent: patch('', strategic),
    body: Buffer.from('{"metadata":{"finalizers":["a.b/c"],"$deleteFromPrimitiveList/finalizers":["d.e/f"]}}'),
  }),
  configuration: () => ({
    sent: patch('', apply, '?fieldManager=fuzz&force=true'),
    body: Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'there' }, data: { applied: 'x' } })),
  }),
}

describe('damaged bytes are never a failure of the server', () => {
  for (const [what, make] of Object.entries(fuzzed))
    test(what, async () => {
      await using server = await bareServer()
      await send(server, post(JSON.stringify(valid('there'))))
      const { fraction } = createIds(42)
      const below = (n: number) => Math.floor(fraction() * n)
      const accepted = new Set<string>()
      for (let i = 0; i < damagedTimes; i++) {
        const { sent, body } = make(`fuzz-${i}`)
        const reply: Reply = await send(server, { ...sent, body: damaged(body, below) })
        const told = `${what} ${i}: ${reply.code} ${reply.text}`
        if (reply.code >= 300) expect(reply.body, told).toMatchObject({ kind: 'Status', code: reply.code, message: expect.any(String) })
        // Upstream's own: a configuration with a field that is none.
        if (!told.includes('failed to create typed patch object')) expect([200, 201, 400, 404, 409, 422], told).toContain(reply.code)
        if (reply.code === 201 && reply.headers['content-type'] === 'application/json') accepted.add(reply.body.metadata?.name ?? '')
      }
      // What was accepted is there, whole; nothing else is.
      const { items } = await server.cluster.client('test').list(configMap, { namespace: 'default' })
      const names = items.map(item => item.metadata.name).filter(name => name !== 'there')
      if (what === 'JSON' || what === 'YAML') expect(new Set(names)).toEqual(accepted)
      expect(server.errors).toEqual([])
    })

  test('every beginning of a protobuf body', async () => {
    await using server = await bareServer()
    const whole = Buffer.from(encodeProtobuf(valid('whole') as never))
    // The envelope ends with two empty fields, of two bytes each.
    for (let length = 0; length < whole.length - 4; length++) {
      const { code, text } = await send(server, post(whole.subarray(0, length), protobuf))
      expect([400, 422], `${length}: ${code} ${text}`).toContain(code)
    }
    expect((await send(server, post(whole, protobuf))).code).toBe(201)
    expect(server.errors).toEqual([])
  })
})

const oddValues: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  2 ** 31,
  1e300,
  '',
  'x',
  '%',
  '💥',
  '1constructor',
  '2026-13-01T00:00:00Z',
  true,
  [],
  [null],
  [[]],
  [{}],
  {},
  { a: null },
]

type Path = readonly (string | number)[]

function* pathsOf(value: unknown, above: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, below] of Object.entries(value)) {
    yield [...above, key]
    yield* pathsOf(below, [...above, key])
  }
}

/** A copy of the object with something else at the place. */
function withValue(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) }
  const fields = copy as Record<string | number, unknown>
  fields[key] = withValue(fields[key], rest, put)
  return copy
}

describe('odd values in the example of each kind are never a failure of the server', () => {
  const writes: readonly ((base: string, name: string, body: string) => Sent)[] = [
    (base, _name, body) => ({ method: 'POST', path: base, body }),
    (base, name, body) => ({ method: 'PUT', path: `${base}/${name}`, body }),
    (base, name, body) => ({ method: 'PUT', path: `${base}/${name}/status`, body }),
    (base, name, body) => ({ method: 'PATCH', path: `${base}/${name}`, type: merge, body }),
    (base, name, body) => ({ method: 'PATCH', path: `${base}/${name}`, type: strategic, body }),
    (base, name, body) => ({ method: 'PATCH', path: `${base}/${name}?fieldManager=fuzz&force=true`, type: apply, body }),
  ]
  for (const kind of builtinKinds.filter(k => k.example))
    test(`${kind.kind} of ${apiVersionOf(kind)}`, async () => {
      await using server = await bareServer()
      const { fraction } = createIds(kind.kind.length)
      const oneOf = <T>(list: readonly T[]): T => list[Math.floor(fraction() * list.length)] as T
      const example = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...(kind.example as { metadata: { name: string } }) }
      const base = `/api${kind.group ? `s/${kind.group}` : ''}/${kind.version}${kind.scope === 'Namespaced' ? '/namespaces/default' : ''}/${kind.names.plural}`
      await send(server, { method: 'POST', path: base, body: JSON.stringify(example) })
      const paths = [...pathsOf(example)]
      for (let i = 0; i < 60; i++) {
        const sent = oneOf(writes)(base, example.metadata.name, JSON.stringify(withValue(example, oneOf(paths), oneOf(oddValues))))
        const { code, text } = await send(server, sent)
        expect(server.errors, `${sent.method} ${sent.path} ${sent.body}: ${code} ${text}`).toEqual([])
      }
    })
})
