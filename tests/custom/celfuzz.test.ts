// Whatever an expression says, and whatever it is given: it ends, with a value or an error of its own.
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { expressionProblem, loadCel } from '../../openapi/cel/admission/compile.ts'
import { rewrite } from '../../openapi/cel/rewrite.ts'
import { loadPatterns } from '../../openapi/values/pattern.ts'

let compile: typeof import('../../openapi/cel/program.ts')['compileExpression']
beforeAll(async () => {
  await loadPatterns()
  await loadCel()
  compile = (await import('../../openapi/cel/program.ts')).compileExpression
})

/** What one part of an expression may take beyond the limit. */
const slack = 1.2

/** It ended, well or as an expression may fail, after so much and not more. */
function ends(text: string, variables: Record<string, unknown>): boolean {
  const compiled = compile(text)
  if ('unsupported' in compiled) return true
  const { error, cost, steps } = compiled.run(variables)
  return steps <= slack * 10_000_000 && (cost <= 1_000_000 || error?.code === 'cost_exceeded')
}

const atoms = [
  '1',
  '-2',
  '2.5',
  '"a"',
  "'b\\n'",
  'true',
  'null',
  'x',
  'l',
  'm',
  'x.y',
  'm["a"]',
  'optional.of(1)',
  '[]',
  '{}',
  'ip("::1")',
  'b"x"',
]
const wrap = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(inner, fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in'), inner)
      .map(parts => `(${parts.join(' ')})`),
    fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(fc.constantFrom('', '?'), inner, inner).map(([mark, a, b]) => `[${mark}${a}, ${b}]`),
    fc.tuple(fc.constantFrom('', '?'), inner, inner).map(([mark, a, b]) => `{${mark}${a}: ${b}}`),
    fc
      .tuple(fc.constantFrom('all', 'exists', 'map', 'filter', 'exists_one', 'optMap'), inner, inner)
      .map(([name, a, b]) => `${a}.${name}(x, ${b})`),
    fc
      .tuple(fc.constantFrom('all', 'exists', 'existsOne', 'transformList', 'transformMap', 'transformMapEntry'), inner, inner)
      .map(([name, a, b]) => `${a}.${name}(i, x, ${b})`),
    fc
      .tuple(fc.constantFrom('size', 'string', 'int', 'ip', 'cidr', 'semver', 'quantity', 'url', 'isIP', 'type'), inner)
      .map(([name, a]) => `${name}(${a})`),
    fc
      .tuple(inner, fc.constantFrom('format', 'split', 'matches', 'findAll', 'join', 'orValue', 'indexOf', 'contains'), inner)
      .map(([a, name, b]) => `${a}.${name}(${b})`),
    inner.map(a => `Object.a{b: ${a}}`),
  )
const expression = [1, 2, 3].reduce<fc.Arbitrary<string>>(inner => fc.oneof(inner, wrap(inner)), fc.constantFrom(...atoms))
const variables = { x: { y: 'z' }, l: [1n, 'a', [2n]], m: { a: 1n, b: { c: [] } } }

describe('random', () => {
  test('expressions end', () => {
    fc.assert(
      fc.property(expression, text => ends(text, variables)),
      { numRuns: 3000 },
    )
  })
  test('texts are told what is wrong with them', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '?',
      ':',
      ',',
      '.',
      '"',
      "'",
      '"""',
      '\\',
      'Object',
      'JSONPatch',
      'a',
      ' ',
      '//',
      '\n',
      'in',
      '1',
      '`',
      'r"',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), parts => {
        const text = parts.join('')
        const problem = expressionProblem(text, ['Object'], { patches: true, authorizer: true })
        return (problem === undefined || problem.length < 2000) && ends(text, variables)
      }),
      { numRuns: 3000 },
    )
  })
  test('texts without its forms are left alone, and places are told back', () => {
    fc.assert(
      fc.property(expression, text => {
        const { text: written, original } = rewrite(text)
        const places = Array.from({ length: written.length + 1 }, (_, at) => original(at))
        const ordered = places.every((at, i) => at >= 0 && at <= text.length && (i === 0 || at >= (places[i - 1] as number)))
        return ordered && (written.includes('literal_') || written === text)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hostile', () => {
  test.each([
    ['parentheses', `${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['lists', '['.repeat(20_000)],
    ['signs', `${'!'.repeat(50_000)}true`],
    ['a chain', `true${' && true'.repeat(20_000)}`],
    ['a sum', `1${' + 1'.repeat(20_000)} > 0`],
    ['fields', `object${'.a'.repeat(20_000)}`],
  ])('%s without an end are looked at', (_what, text) => {
    const problem = expressionProblem(text, [], {})
    expect(problem === undefined || problem.startsWith('compilation failed: ERROR: ')).toBe(true)
  })

  const l = Array.from({ length: 20_000 }, (_, i) => `aaaaaaaaaaaaaaaaaaaaaaaaa!${i}`)
  const given = { l, s: 'a'.repeat(1_000_000), m: new Map(l.map(each => [each, l])) }
  const cases = [
    'l.all(i, a, l.all(j, b, l.exists(k, c, a == b)))',
    'l.transformMap(i, a, l.transformList(j, b, l)).size() > 0',
    'm.transformList(k, v, v.map(x, s)).size() > 0',
    'l.join(s).size() > 0',
    's.replace("a", s).size() > 0',
    '[s, s, s, s].map(x, "%s%s%s%s%s%s%s%s%s%s%s%s".format([s, s, s, s, s, s, s, s, s, s, s, s])).size() > 0',
    's.split("").join(s).size() > 0',
    's.matches("^(a+)+$") && s.find("(a|aa)+$") != "" && s.findAll("a").size() > 1',
    'l.all(i, s.matches("^(a|b)*$"))',
    'l.all(i, s.find("(a|aa)+b") == "" && s.findAll("a+b").size() == 0)',
    'l.all(i, !s.contains("b"))',
    'l.map(i, l + l).size() > 0',
    'l.all(i, [l, l] == [l, l])',
    'l.all(i, [[l]].all(a, a in [[l]]))',
    `${'['.repeat(200)}${']'.repeat(200)}.size() > 0`,
    `${'('.repeat(5000)}1${')'.repeat(5000)} == 1`,
    `${'!'.repeat(20_000)}true`,
    `[${'?l[?0], '.repeat(900)}].size() > 0`,
    `${'{"a": '.repeat(100)}1${'}'.repeat(100)} == {}`,
    `cel.bind(a, s + s, cel.bind(b, a + a, cel.bind(c, b + b, cel.bind(d, c + c, [d, d, d, d].join().size() > 0))))`,
    `"%.999999999f".format([1.0]).size() > 0`,
    `quantity("1e99").add(quantity("1E")).isInteger()`,
  ]
  test.each(cases.map(text => [text.slice(0, 60), text]))('%s', (_shown, text) => {
    const before = process.memoryUsage().rss
    expect(ends(text, given)).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(700_000_000)
  })
})
