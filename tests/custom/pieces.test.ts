// The pure parts that custom resources stand on.
import { beforeAll, describe, expect, test } from 'vitest'
import { pruneObject } from '../../openapi/custom/prune.ts'
import type { Structural } from '../../openapi/custom/structural.ts'
import { compareVersions } from '../../openapi/custom/versions.ts'
import { jsonPath } from '../../openapi/values/jsonpath.ts'
import { loadPatterns, patternOf, patternProblem } from '../../openapi/values/pattern.ts'

test('versions stand as kube-aware order has them', () => {
  const sorted = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2', 'foo1', 'foo10']
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted)
})

describe('JSONPath', () => {
  const object = {
    a: {
      'b.c': 1,
      list: [
        { n: 'x', v: 1 },
        { n: 'y', v: 2 },
        { n: 'z', v: 3 },
      ],
    },
    e: '',
  }
  test.each([
    ['.a.list[0].n', ['x']],
    ['.a.list[-1].n', ['z']],
    ['.a.list[*].v', [1, 2, 3]],
    ['.a.list[1:3].n', ['y', 'z']],
    ['.a.list[?(@.n=="y")].v', [2]],
    ['.a.list[?(@.v>1)].n', ['y', 'z']],
    [".a['b.c']", [1]],
    ['.a.b\\.c', [1]],
    ['..n', ['x', 'y', 'z']],
    ['.missing.too', []],
    ['.e', ['']],
  ])('%s', (path, found) => expect(jsonPath(path)?.(object)).toEqual(found))
})

describe('pruning', () => {
  const schema: Structural = {
    type: 'object',
    properties: {
      known: { type: 'string' },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { shut: { type: 'object' } } },
      map: { type: 'object', additionalProperties: { type: 'object', properties: { k: { type: 'string' } } } },
      list: { type: 'array', items: { type: 'object', properties: { k: { type: 'string' } } } },
    },
  } as Structural
  test.each([
    [{ known: 'a', other: 1 }, { known: 'a' }, ['other']],
    [{ open: { other: { deep: 1 }, shut: { x: 1 } } }, { open: { other: { deep: 1 }, shut: {} } }, ['open.shut.x']],
    [{ map: { a: { k: 'x', z: 1 } } }, { map: { a: { k: 'x' } } }, ['map.a.z']],
    [{ list: [{ z: 1 }, { k: 'x' }] }, { list: [{}, { k: 'x' }] }, ['list[0].z']],
  ])('%j', (given, value, unknown) => expect(pruneObject(schema, given)).toEqual({ value, unknown }))
})

describe('patterns are RE2', () => {
  beforeAll(loadPatterns)
  test.each([
    ['^a+$', 'aaa', true],
    ['(?i)ABC', 'xabcx', true],
    ['\\pL+', 'ä', true],
    ['^(a+)+$', `${'a'.repeat(3000)}!`, false],
  ])('%s', (pattern, text, found) => expect(patternOf(pattern).find(text)).toBe(found))
  test.each(['(?=a)', '\\1', '(', '[z-a]', 'a**'])('%s is none', pattern => expect(patternProblem(pattern)).not.toBe(''))
})
