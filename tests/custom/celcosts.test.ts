// What expressions may cost, and do cost. The numbers are what Kubernetes v1.36.3 (cel-go v0.26.0) says of the same schema and object.
import { Environment } from '@marcbachmann/cel-js'
import { beforeAll, describe, expect, test } from 'vitest'
import { boundsOf } from '../../openapi/cel/costs/bounds.ts'
import { estimatedCost } from '../../openapi/cel/costs/estimate.ts'
import { registerLibraries } from '../../openapi/cel/functions.ts'
import { cel, loadCel } from '../../openapi/cel/load.ts'
import { examine } from '../../openapi/cel/problem.ts'
import { compileExpression, options } from '../../openapi/cel/program.ts'
import { declareSelf } from '../../openapi/cel/types.ts'
import { toCel } from '../../openapi/cel/values.ts'
import type { Structural } from '../../openapi/custom/structural.ts'
import { loadPatterns } from '../../openapi/values/pattern.ts'
import recorded from './celcosts.json' with { type: 'json' }

beforeAll(async () => {
  await loadPatterns()
  await loadCel()
})

const schema = recorded.schema as Structural

describe('an expression', () => {
  const largest = Number.MAX_SAFE_INTEGER
  test.each(recorded.rules)('$rule', ({ rule, most, cost }) => {
    const { root } = examine(declareSelf(registerLibraries(new Environment(options)), schema, false), rule, 'bool')
    const bounds = boundsOf(schema)
    if (!root || !bounds) throw new Error('it does not compile')
    const program = compileExpression(rule)
    if ('unsupported' in program) throw new Error(program.unsupported)
    const ran = program.run({ self: toCel(schema, recorded.object) })
    expect([Math.min(estimatedCost(root, bounds), largest), ran.cost]).toEqual([most, cost])
  })
})

const advice = '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)'
const text: Structural = { type: 'string', maxLength: 10 }
const some = (items: Structural, maxItems?: number): Structural =>
  ({ type: 'array', items, ...(maxItems === undefined ? {} : { maxItems }) }) as Structural
const ruled = (schema: Structural, ...rules: object[]): Structural => ({ ...schema, 'x-kubernetes-validations': rules }) as Structural
const object = (properties: Record<string, Structural>): Structural => ({ type: 'object', properties }) as Structural
const told = (schema: Structural) =>
  cel()
    .ruleFindings(schema, 'it')
    .errors.map(({ field, message }) => `${field}: ${message}`)
const rule = (at: string, index = 0) => `it.${at}.x-kubernetes-validations[${index}].rule: Forbidden: `
const total = 'it: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
const contributed = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'

describe('a definition', () => {
  test.each<[string, Structural, string[]]>([
    ['is taken when each rule is within bounds', object({ l: ruled(some(text, 100), { rule: 'self.all(x, x.size() < 5)' }) }), []],
    [
      'is refused for a rule that goes through one list in another',
      object({ l: some(ruled(some(text), { rule: "self.all(x, x.matches('a+'))" }), 20) }),
      [
        `${rule('properties[l].items')}estimated rule cost exceeds budget by factor of 18.9x ${advice}`,
        `${rule('properties[l].items')}${contributed}`,
        `${total} exceeds budget by factor of 1.9x ${advice}`,
      ],
    ],
    [
      'is refused for a rule of values that a request has room for many of',
      object({ l: some(ruled(text, { rule: 'self.size() < 5 && self.size() > 1 && self.contains("aaaa") && self != "aa"' })) }),
      [`${rule('properties[l].items')}estimated rule cost exceeds budget by factor of 1.363149x ${advice}`],
    ],
    [
      'is refused for a message',
      object({ l: ruled(some(text), { rule: 'true', messageExpression: "self.map(x, x + x).exists(y, y == '') ? 'a' : 'b'" }) }),
      [
        `it.properties[l].x-kubernetes-validations[0].messageExpression: Forbidden: estimated messageExpression cost exceeds budget by factor of 2.8x ${advice}`,
      ],
    ],
    [
      'is refused for what all of its rules may cost, of which four are told',
      object({ a: ruled(some(text), ...Array.from({ length: 14 }, () => ({ rule: "self.all(x, x == 'abc' || x == 'b')" }))) }),
      [
        ...[0, 1, 2, 3].map(index => `${rule('properties[a]', index)}${contributed}`),
        `${total} exceeds budget by factor of 1.027604x ${advice}`,
      ],
    ],
    [
      'is refused for a loop in a loop',
      object({ a: ruled(some(text), { rule: 'self.all(x, self.exists(y, x == y))' }) }),
      [
        `${rule('properties[a]')}estimated rule cost exceeds budget by factor of more than 100x ${advice}`,
        `${rule('properties[a]')}${contributed}`,
        `${total} exceeds budget by factor of more than 100x ${advice}`,
      ],
    ],
  ])('%s', (_what, schema, want) => {
    expect(told(schema)).toEqual(want)
  })
})

test.each([500, 1500, 2500, 5000])('a sum of %s parts is looked at', count => {
  expect(() => told(object({ a: ruled(text, { rule: `1${' + 1'.repeat(count)} > 0` }) }))).not.toThrow()
})

describe('the rules of an object', () => {
  const l = Array.from({ length: 3000 }, (_, i) => `aaaa${i}`)
  const judge = (items: object[], ...rules: object[]) =>
    cel()
      .ruleErrors(object({ os: some(ruled(object({ l: some(text) }), ...rules)) }), { os: items })
      .map(({ field, message }) => `${field}: ${message}`)
  const costly = { rule: 'self.l.all(x, self.l.exists(y, x == y))' }
  const within = { rule: 'self.l.all(x, x.matches("^[a-z]+[0-9]*$"))' }
  const spent = 'validation failed due to running out of cost budget, no further validation rules will be run'

  test('are given up after one that costs too much', () => {
    const exceeded =
      "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule:"
    expect(judge([{ l }], costly, { rule: 'false' })).toEqual([`os[0]: Invalid value: "object": ${exceeded} ${costly.rule}`])
  })
  test('are given up when all of them cost too much', () => {
    const errors = judge(
      Array.from({ length: 1000 }, () => ({ l })),
      within,
    )
    expect(errors).toEqual([`os[${errors[0]?.match(/\d+/)?.[0]}]: Invalid value: "object": ${spent}`])
  })
  test('are given up for a message that costs too much', () => {
    const messageExpression = 'self.l.all(x, self.l.exists(y, x == y)) ? "a" : "b"'
    const exceeded = `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(messageExpression)}`
    expect(judge([{ l }], { rule: 'false', messageExpression }, { rule: 'false' })).toEqual([`os[0]: Invalid value: "object": ${exceeded}`])
  })
})
