// Rules in CEL: what the recordings do not have, and that no rule can hold up the server.
import { Environment } from '@marcbachmann/cel-js'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { cel, loadCel } from '../../openapi/cel/load.ts'
import { compileExpression } from '../../openapi/cel/program.ts'
import type { Structural } from '../../openapi/custom/structural.ts'
import { loadPatterns } from '../../openapi/values/pattern.ts'

beforeAll(async () => {
  await loadPatterns()
  await loadCel()
})

/** More in a row than the library reads. */
const tooLong = `dyn(self)${'[0]'.repeat(300)} == 1`
const text: Structural = { type: 'string', maxLength: 20 }
const texts: Structural = { type: 'array', items: text, maxItems: 10 }
/** Steps that an evaluation takes. */
const stepsOf = (rule: string, variables: Record<string, unknown>): number => {
  const program = compileExpression(rule)
  return 'unsupported' in program ? 0 : program.run(variables).steps
}
const withRule = (properties: Record<string, Structural>, rule: string): Structural =>
  ({ type: 'object', properties, 'x-kubernetes-validations': [{ rule }] }) as Structural

test('a schema is read once, wherever it stands; a changed one is read again', () => {
  const parse = vi.spyOn(Environment.prototype, 'parse')
  onTestFinished(() => parse.mockRestore())
  const rules = [{ rule: 'self.a == 1' }, { rule: tooLong }]
  const schema = (): Structural => ({ ...withRule({ a: text }, ''), 'x-kubernetes-validations': rules })
  const seen = schema()
  const [here, there] = [cel().ruleFindings(seen, 'here'), cel().ruleFindings(seen, 'there')]
  expect([here.errors.length, here.warnings.length]).toEqual([1, 1])
  expect(JSON.stringify(there)).toBe(JSON.stringify(here).replaceAll('here', 'there'))
  const once = parse.mock.calls.length
  cel().ruleFindings(schema(), 'here')
  // Those that run are read but once, for all schemas.
  expect([once, parse.mock.calls.length - once]).toEqual([4, 2])
})

describe('functions', () => {
  test.each([
    ['quantity(self.a).isLessThan(quantity("2Gi"))', { a: '1Gi' }, { a: '3Gi' }],
    ['quantity(self.a).add(quantity("1")).asInteger() == 3', { a: '2' }, { a: '3' }],
    ['isQuantity(self.a)', { a: '1m' }, { a: 'abc' }],
    ['sets.equivalent(self.l, ["a", "b"])', { l: ['b', 'a', 'a'] }, { l: ['a'] }],
    ['sets.contains(["a", "b"], self.l)', { l: ['a'] }, { l: ['c'] }],
    ['self.l.isSorted()', { l: ['a', 'b'] }, { l: ['b', 'a'] }],
    ['self.l.indexOf("b") == 1', { l: ['a', 'b'] }, { l: ['b'] }],
    ['self.a.replace("a", "b") == "bb"', { a: 'aa' }, { a: 'ac' }],
    ['self.a.findAll("[0-9]+") == ["1", "22"]', { a: 'a1b22' }, { a: 'a1' }],
    ['self.a.charAt(1) == "b"', { a: 'abc' }, { a: 'b' }],
    ['url(self.a).getHost() == "x.example.com:80"', { a: 'https://x.example.com:80/p' }, { a: 'https://y.example.com/' }],
    ['isURL(self.a)', { a: '/p' }, { a: 'p q' }],
    ['isIP(self.a)', { a: '::1' }, { a: '1.2' }],
    ['isCIDR(self.a)', { a: '10.0.0.0/8' }, { a: '10.0.0.0/33' }],
    ['self.?a.orValue("x") == "x"', {}, { a: 'y' }],
    ['self.__namespace__ == "x"', { namespace: 'x' }, { namespace: 'y' }],
    ['ip(self.a).family() == 4', { a: '10.0.0.1' }, { a: '::1' }],
    ['"%s!".format([self.a]) == "x!"', { a: 'x' }, { a: 'y' }],
    ['self.l.all(i, v, v == string(i))', { l: ['0', '1'] }, { l: ['1'] }],
    ['self.?a.optMap(x, [x] == ["x"]).orValue(false)', { a: 'x' }, { a: 'y' }],
    ['[?self.?a, "z"].size() == 2', { a: 'x' }, {}],
    ['{?"k": self.?a} == {"k": "x"}', { a: 'x' }, {}],
    ['self.a__dash__b == "x"', { 'a-b': 'x' }, { 'a-b': 'y' }],
    ['self.m.all(k, self.m[k] > 0)', { m: { a: 1 } }, { m: { a: 0 } }],
  ])('%s', (rule, good, bad) => {
    const schema = withRule(
      {
        a: text,
        l: texts,
        m: { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 5 },
        namespace: text,
        'a-b': text,
      },
      rule,
    )
    const { errors, warnings } = cel().ruleFindings(schema, 'it')
    expect([errors, warnings]).toEqual([[], []])
    expect(cel().ruleErrors(schema, good)).toEqual([])
    expect(cel().ruleErrors(schema, bad)).toHaveLength(1)
  })
})

describe('what values are to rules', () => {
  const item = { type: 'object', properties: { k: text, v: text } } as Structural
  const properties: Record<string, Structural> = {
    set: { ...texts, 'x-kubernetes-list-type': 'set' },
    other: texts,
    maps: { type: 'array', items: item, maxItems: 5, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
    x: { ...text, nullable: true },
    m: { type: 'object', additionalProperties: { ...text, nullable: true }, maxProperties: 5 },
  }
  const maps = [
    { k: 'a', v: '1' },
    { k: 'b', v: '2' },
  ]
  const object = { set: ['a', 'b'], other: ['b', 'a'], maps, x: null, m: { k: null } }
  test.each([
    ['sets have no order', "self.set == ['b', 'a'] && self.set == self.other && self.set != ['a', 'c'] && self.set != ['a']"],
    ['other lists do', "self.other != ['a', 'b'] && self.other + ['a'] == ['b', 'a', 'a']"],
    ['to add to a set is to merge', "self.set + ['b', 'c'] == ['a', 'c', 'b'] && (self.set + ['b']).size() == 2"],
    ['maps are told apart by their keys', 'self.maps == [self.maps[1], self.maps[0]] && self.maps != [self.maps[0]]'],
    ['and the later ones count', '(self.maps + self.maps).size() == 2 && self.maps + self.maps == self.maps'],
    ['a field that is null is none', '!has(self.x) && !self.?x.hasValue()'],
    ['a value of a map may be', "'k' in self.m && self.m.size() == 1 && has(self.m.k)"],
  ])('%s', (_what, rule) => {
    const schema = withRule(properties, rule)
    expect(cel().ruleFindings(schema, 'it').errors).toEqual([])
    expect(cel().ruleErrors(schema, object)).toEqual([])
  })
})

test.each([
  ['no such function', 'foo(self.a)', /undeclared reference to 'foo' \(in container ''\)/],
  ['no function of Kubernetes 1.36', 'isImage(self.a)', /undeclared reference to 'isImage' \(in container ''\)/],
  ['nor this one', "cel.bind(b, self.a, b == 'x')", /1:1: undeclared reference to 'cel'/],
  ['no such variable', 'other.a == "x"', /1:1: undeclared reference to 'other'/],
  ['nested field', 'self.l.all(x, x == self.b)', /undefined field 'b'/],
  ['and of a text', 'self.a && true', /1:5: expected type 'bool' but found 'string'/],
  ['items of different types', "[1, 'a'].size() == self.l.size()", /1:5: expected type 'int' but found 'string'/],
  ['a pattern that is none', "self.a.matches('[')", /1:16: invalid matches argument/],
  [
    'a type that fits no function',
    'quantity(self.a, 1).isInteger()',
    /1:9: found no matching overload for 'quantity' applied to '\(string, int\)'/,
  ],
  ['a field of what has none', 'self.a.b == 1', /1:7: type 'string' does not support field selection/],
  ['a loop over a text', 'self.a.all(x, true)', /1:5: expression of type 'string' cannot be range of a comprehension/],
  ['a loop without a name', 'self.l.all(1, true)', /1:12: argument is not an identifier/],
  ['has() of no field', 'has(self.l[0])', /1:11: invalid argument to has\(\) macro/],
  [
    'lists of different types',
    'self.l + [1] == []',
    /1:8: found no matching overload for '_\+_' applied to '\(list\(string\), list\(int\)\)'/,
  ],
  ['a condition that is a text', 'self.l.all(x, x)', /1:15: expected type 'bool' but found 'string'/],
  ['wrong argument', 'self.a.startsWith(1)', /found no matching overload for 'startsWith' applied to 'string.\(int\)'/],
  ['open bracket', 'size(self.a', /Syntax error/],
  ['behind what was rewritten', '[?self.?a].size() == 0 && self.nope == 1', /1:31: undefined field 'nope'\n \| \[\?self\.\?a\]/],
  ['an object, which only policies make', 'Object{a: self.a} == null', /undeclared reference to 'Object'/],
])('a definition is refused: %s', (_what, rule, message) => {
  const { errors } = cel().ruleFindings(withRule({ a: text, l: texts }, rule), 'it')
  expect(errors.map(error => error.message).join()).toMatch(message)
})

test('what cannot be run is warned of, and not enforced', () => {
  const schema = withRule({ a: text }, tooLong)
  const { errors, warnings } = cel().ruleFindings(schema, 'it')
  expect(errors).toEqual([])
  expect(warnings).toEqual([
    expect.stringMatching(/^kubemock cannot run the rule of it.x-kubernetes-validations\[0\], so it is not enforced: /),
  ])
  expect(cel().ruleErrors(schema, { a: 'x' })).toEqual([])
})

describe('no rule runs for long', () => {
  const l = Array.from({ length: 20_000 }, (_, i) => `aaaaaaaaaaaaaaaaaaaaaaaaa!${i}`)
  test.each([
    'self.l.all(a, self.l.all(b, self.l.all(c, true)))',
    'self.l.all(a, self.l.exists_one(b, a == b))',
    'self.l.all(a, a in self.l)',
    'self.l.all(a, self.l == self.l)',
    'self.l.map(x, self.l.map(y, self.l)).size() > 0',
    'self.l.map(x, self.l.join(",")).join("").size() > 0',
    'sets.equivalent(self.l, self.l)',
    'self.l.all(a, a.matches("(a+)+$") || true)',
    'self.l.all(i, a, self.l.all(j, b, self.l.all(k, c, true)))',
    'self.l.transformList(i, a, self.l.transformMap(j, b, self.l)).size() > 0',
    'self.l.map(x, "%s%s%s".format([self.l, self.l, self.l])).size() > 0',
    'self.l.exists(a, [?optional.of(self.l), ?optional.of(self.l)] == [self.l])',
  ])('%s', rule => {
    const schema = withRule({ l: { type: 'array', items: { type: 'string' } } }, rule)
    for (const { message } of cel().ruleErrors(schema, { l }))
      expect(message).toMatch(/actual cost limit exceeded|running out of cost budget/)
    expect(stepsOf(rule, { self: new Map([['l', l]]) })).toBeLessThan(12_000_000)
  })
})

test('unchanged parts are taken as they are, but for rules about the change', () => {
  const rule = (text: string) => withRule({ a: { type: 'integer' } }, text)
  expect(cel().ruleErrors(rule('self.a > 5'), { a: 1 }, { a: 1 })).toEqual([])
  expect(cel().ruleErrors(rule('self.a > 5'), { a: 2 }, { a: 1 })).toHaveLength(1)
  expect(cel().ruleErrors(rule('self.a > oldSelf.a'), { a: 1 }, { a: 1 })).toHaveLength(1)
  expect(cel().ruleErrors(rule('self.a > oldSelf.a'), { a: 1 })).toEqual([])
})
