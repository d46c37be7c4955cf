// Definitions, objects and patterns as nobody means well with them: nothing fails, nothing lasts, and what is stored is valid.
import fc, { type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../openapi/custom/compile.ts'
import { type Rest, serveRest } from '../support/api.ts'
import { anyJson, run } from '../support/arbitrary.ts'
import { aDefinition, aThing, define, definitions, things } from '../support/custom.ts'

const names = ['a', 'b', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'apiVersion', 'metadata', 'a.b', 'x/y', '~', '', 'é']
const name = fc.constantFrom(...names)
const pattern = fc.oneof(
  fc.constantFrom(
    '(a+)+$',
    '^(a|a)*b',
    '(.*)*x',
    '(?=a)b',
    '(a)\\1',
    '(?<n>a)',
    '[',
    '(',
    '*',
    'a{1001}',
    '((a{100}){100})',
    '\\C',
    '\\p{Greek}+$',
    '(?i)k',
    '^$',
  ),
  fc.string({ maxLength: 8 }),
)

/** JSON.parse makes fields of any name, __proto__ too. */
const fields = (pairs: readonly (readonly [string, unknown])[]): object =>
  JSON.parse(`{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`)
const objectOf = (value: Arbitrary<unknown>): Arbitrary<object> => fc.array(fc.tuple(name, value), { maxLength: 4 }).map(fields)

/** What fits nothing in particular, of the names that schemas have. */
const value: Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.constantFrom('', 'aaaa!', 'x', '1', -1, 0, 0.5, 1e300, null, true), fc.string({ maxLength: 6 })),
    fc.array(tie('value'), { maxLength: 3 }),
    objectOf(tie('value')),
  ),
})).value

const maybe = (of: Arbitrary<unknown>) => fc.option(of, { nil: undefined, freq: 1 })
const schema: Arbitrary<object> = fc.letrec<{ schema: object }>(tie => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      type: fc.constant('string'),
      pattern: maybe(pattern),
      maxLength: maybe(fc.constantFrom(-1, 0, 3)),
      format: maybe(fc.constantFrom('date-time', 'byte', 'ipv4', 'nonsense', 'duration')),
      default: maybe(fc.constantFrom('', 'aaaa!', 1, null)),
      nullable: maybe(fc.boolean()),
      enum: maybe(fc.array(value, { maxLength: 3 })),
    }),
    fc.record({
      type: fc.constantFrom('integer', 'integer', 'number', 'boolean', 'number', 'nonsense'),
      minimum: maybe(fc.constantFrom(0, 1e300)),
      multipleOf: maybe(fc.constantFrom(0.1, 1e-320, 0)),
    }),
    fc.record({
      type: fc.constant('array'),
      items: tie('schema'),
      'x-kubernetes-list-type': maybe(fc.constantFrom('set', 'map', 'atomic')),
      'x-kubernetes-list-map-keys': maybe(fc.array(name, { maxLength: 2 })),
      uniqueItems: maybe(fc.constant(false)),
    }),
    fc.record({
      type: fc.constant('object'),
      properties: objectOf(tie('schema')),
      required: maybe(fc.array(name, { maxLength: 2 })),
      default: maybe(value),
      'x-kubernetes-preserve-unknown-fields': maybe(fc.constant(true)),
      'x-kubernetes-embedded-resource': maybe(fc.constant(true)),
    }),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('schema') }),
    fc.record({ 'x-kubernetes-int-or-string': fc.constant(true), anyOf: maybe(fc.array(tie('schema'), { maxLength: 2 })) }),
    fc.record({
      type: fc.constant('object'),
      oneOf: maybe(fc.array(objectOf(value), { maxLength: 2 })),
      not: maybe(tie('schema')),
      'x-kubernetes-preserve-unknown-fields': fc.constant(true),
    }),
  ),
})).schema as Arbitrary<object>

/** As it would go over the wire; undefined is nothing. */
const sent = <T>(object: T): T => JSON.parse(JSON.stringify(object))

async function guarded(use: (rest: Rest) => Promise<void>): Promise<void> {
  const crashes: unknown[] = []
  await using rest = await serveRest({ logError: error => crashes.push(error) })
  await use(rest)
  expect(crashes).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
}

/** Upstream answers some applies whose types do not fit with a 500 of its own. */
const isAnswer = ({ status, body }: { status: number; body: { message?: string } }) =>
  status < 500 || /^failed to (create typed patch object|convert new typed object)/.test(body.message ?? '')

test('any schema is taken or refused; what is stored by it is valid, and can be written as it is', () =>
  guarded(async rest => {
    let taken = 0
    let stored = 0
    await fc.assert(
      fc.asyncProperty(
        schema,
        fc.array(fc.oneof(value, objectOf(value), fc.constantFrom({}, [], '', 1)), { minLength: 2, maxLength: 3 }),
        async (random, specs) => {
          const definition = await define(rest, sent(aDefinition(random)))
          expect([201, 400, 422]).toContain(definition.status)
          if (definition.status !== 201) return
          taken++
          const { body } = await rest.call('get', `${definitions}/things.ex.example.com`).expect(200)
          await rest.call('get', '/openapi/v3/apis/ex.example.com/v1').expect(200)
          const [kind] = compile(body).served
          const answers = [await rest.call('post', things, sent(aThing('it', specs[0] as object)))]
          answers.push(await rest.patch(`${things}/it`, 'merge-patch', sent({ spec: specs[1] })))
          answers.push(await rest.apply(`${things}/it`, sent(aThing('it', specs.at(-1) as object)), 'fieldManager=test&force=true'))
          expect(answers.filter(answer => !isAnswer(answer)).map(answer => answer.body)).toEqual([])
          const { body: list } = await rest.call('get', things).expect(200)
          for (const item of list.items) {
            stored++
            await kind?.ready?.(item)
            expect(kind?.validate?.(item)).toEqual([])
            const again = await rest.call('put', `${things}/it`, item).expect(200)
            expect(again.body.metadata.resourceVersion).toBe(item.metadata.resourceVersion)
          }
          await rest.call('delete', `${definitions}/things.ex.example.com`).expect(200)
          await rest.cluster.settle()
        },
      ),
      run(25),
    )
    expect([taken, stored].every(count => count > 1)).toBe(true)
  }))

test('defaults of fields with names that every JavaScript object has are theirs alone', () =>
  guarded(async rest => {
    const text = { type: 'string', default: 'x' }
    const properties = fields([
      ['__proto__', { type: 'object', properties: { polluted: text } }],
      ['toString', text],
    ])
    await define(rest, aDefinition({ type: 'object', properties }))
    const { body } = await rest.call('post', things, aThing('it', {})).expect(201)
    expect(body.spec).toEqual({ toString: 'x' })
  }))

test('what is no schema at all is refused', () =>
  guarded(async rest => {
    await fc.assert(
      fc.asyncProperty(anyJson, async random => {
        const { status } = await rest.call('post', `${definitions}?dryRun=All`, sent(aDefinition(random as object)))
        expect([201, 400, 422]).toContain(status)
      }),
      run(60),
    )
  }))

test.each([
  ['properties', (inner: object) => ({ type: 'object', properties: { a: inner } })],
  ['items', (inner: object) => ({ type: 'array', items: inner })],
  ['not', (inner: object) => ({ not: inner })],
])('a schema of %s in each other is refused, or serves', (_keyword, wrap) =>
  guarded(async rest => {
    for (const depth of [40, 140, 290, 2000]) {
      let nested: object = { type: 'string' }
      for (let i = 0; i < depth; i++) nested = wrap(nested)
      const { status } = await define(rest, aDefinition(nested))
      expect([201, 400, 422]).toContain(status)
      if (status !== 201) continue
      await rest.call('get', '/openapi/v3/apis/ex.example.com/v1').expect(200)
      expect((await rest.call('post', things, aThing('it', { a: { a: [] } }))).status).toBeLessThan(500)
      await rest.call('delete', `${definitions}/things.ex.example.com`).expect(200)
      await rest.cluster.settle()
    }
  }),
)

test('patterns that would take minutes are not tried', () =>
  guarded(async rest => {
    const text = (pattern: string) => ({ type: 'string', pattern })
    await define(
      rest,
      aDefinition({
        type: 'object',
        properties: { evil: text('(a+)+$'), wide: text('(a?){1000}$'), many: { type: 'array', items: text('(a?){500}$') } },
      }),
    )
    const long = 'a'.repeat(1_000_000)
    await rest.call('post', things, aThing('a', { evil: `${long}!` })).expect(422)
    const { body } = await rest.call('post', things, aThing('b', { wide: long })).expect(422)
    expect(body.message).toContain("spec.wide in body is too long for kubemock to match '(a?){1000}$'")
    await rest.call('post', things, aThing('c', { wide: 'aaa', many: ['aaa'] })).expect(201)
    await rest.call('post', things, aThing('d', { many: Array(2000).fill('a'.repeat(500)) })).expect(422)
    const ruled = aDefinition({
      type: 'object',
      properties: { x: { type: 'string' } },
      'x-kubernetes-validations': [{ rule: "self.x.matches('(a?){1000}$')" }],
    })
    await rest.call('delete', `${definitions}/things.ex.example.com`).expect(200)
    await rest.cluster.settle()
    await define(rest, ruled)
    const refused = await rest.call('post', things, aThing('e', { x: long })).expect(422)
    expect(refused.body.message).toContain('cost')
  }))

test('half a million errors are some', () =>
  guarded(async rest => {
    const many = Array.from({ length: 2000 }, (_, i) => `value-${i}`)
    await define(rest, aDefinition({ type: 'array', items: { type: 'string', enum: many } }))
    const { body } = await rest.call('post', things, aThing('it', Array(500_000).fill(1))).expect(422)
    expect(body.details.causes.length).toBeLessThanOrEqual(510)
  }))
