// What is wrong with the form of an expression, in the words of cel-go v0.26.0: each case is what Kubernetes v1.36.3 answers.
import { expect, test } from 'vitest'
import { syntaxErrors } from '../../openapi/cel/syntax.ts'

const operand = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
const end = `mismatched input '<EOF>' expecting ${operand}`

test.each<[string, ...string[]]>([
  ['self.a ==', `9 ${end}`],
  ['self.', "5 no viable alternative at input '.'"],
  ['self..a', "5 no viable alternative at input '..'"],
  ['(self.a', "7 missing ')' at '<EOF>'"],
  ['((1', "3 mismatched input '<EOF>' expecting ')'"],
  ['(1]', "2 mismatched input ']' expecting ')'"],
  ['self.a)', "6 extraneous input ')' expecting <EOF>"],
  ['self.a and self.b', "7 mismatched input 'and' expecting <EOF>"],
  ['self.a = "x"', "7 token recognition error at: '= '", `9 extraneous input '"x"' expecting <EOF>`],
  ['self.a === "x"', "9 token recognition error at: '= '"],
  ['self.a == "x', `10 token recognition error at: '"x'`, `12 ${end}`],
  ['"\\q" == ""', `0 token recognition error at: '"\\q'`, `9 token recognition error at: '"'`],
  ['"\\u12"', `0 token recognition error at: '"\\u12"'`, `6 ${end}`],
  ['self.l[', `7 ${end.replace("'!', ", "'!', '?', ")}`],
  ['self.l[0', "8 missing ']' at '<EOF>'"],
  ['self.l[1 2]', "9 extraneous input '2' expecting ']'"],
  ['size(', `5 ${end.replace("'(', ", "'(', ')', ")}`],
  ['f(1,)', `4 mismatched input ')' expecting ${operand}`],
  ['f(1,,2)', `4 extraneous input ',' expecting ${operand}`],
  ['{"a"', "4 mismatched input '<EOF>' expecting ':'"],
  ['{1 2}', "3 missing ':' at '2'"],
  ['{"a": 1', "7 mismatched input '<EOF>' expecting {'}', ','}"],
  ['{"a": 1,', "8 missing '}' at '<EOF>'"],
  ['[1 2, 3]', "3 extraneous input '2' expecting {']', ','}", "6 extraneous input '3' expecting ']'"],
  ['[1,,2]', "3 mismatched input ',' expecting ']'"],
  ['[,1]', "2 extraneous input '1' expecting ']'"],
  ['[?', `2 ${end}`],
  ['+ 1', `0 extraneous input '+' expecting ${operand}`],
  ['-', "1 no viable alternative at input '-'", `1 ${end}`],
  ['!', `1 extraneous input '<EOF>' expecting ${operand}`],
  ['true ? 1', "8 mismatched input '<EOF>' expecting ':'"],
  ['true ? 1 2', "9 missing ':' at '2'"],
  ['Foo{a', "5 mismatched input '<EOF>' expecting ':'"],
  ['Object{1: 1}', "7 mismatched input '1' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"],
  ['1..2', "2 no viable alternative at input '..2'"],
  ['12a', "2 extraneous input 'a' expecting <EOF>"],
])('%s', (text, ...want) => {
  expect(syntaxErrors(text).map(({ message, at }) => `${at} ${message.replace('Syntax error: ', '')}`)).toEqual(want)
})

test.each([
  ['return self.a', ['0 reserved identifier: return', "7 Syntax error: mismatched input 'self' expecting <EOF>"]],
  ['99999999999999999999', ['0 invalid int literal']],
  ['('.repeat(251), ['-1 expression recursion limit exceeded: 250']],
  ['self.?', ["6 Syntax error: mismatched input '<EOF>' expecting {IDENTIFIER, ESC_IDENTIFIER}", '6 unsupported ident kind']],
])('%s', (text, want) => expect(syntaxErrors(text).map(({ message, at }) => `${at} ${message}`)).toEqual(want))

test.each([
  "self.l.all(x, x.startsWith('a') ? x != 'b' : -x.size() < .5)",
  '[1, 2,] == [] && {1: 2,} != {} && [,].size() == 0',
  "r'\\d' + b'\\x41' + '''a\nb''' + \"\"\"c\"\"\" // remark",
  'a.b.Type{c: 1, ?d: x, }.e[?0].?f.orValue(--1)',
  '!!(a in [?b, {?c: d}]) || .x.y() || 0xFFu > 1e3 && 1.5e-3 <= 2.0',
])('well formed: %s', text => expect(syntaxErrors(text)).toEqual([]))
