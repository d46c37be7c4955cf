// The shape of the tree: who may import whom, how long things may grow, and that the checks themselves can fail.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { builtinKinds } from '../openapi/kinds/index.ts'
import { cycles, functionSizes, type Import, importsOf, impurities, rules, sources } from './support/architecture.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const product = sources(root, ['openapi', 'server', 'controllers'])
const edges = [...product].flatMap(([path, text]) => importsOf(path, text))

describe('dependency rules', () => {
  for (const rule of rules)
    test(rule.name, () => expect(edges.filter(edge => rule.breaks(edge)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]))
  test('no cycles', () => expect(cycles(edges)).toEqual([]))

  const planted: Record<string, [from: string, text: string]> = {
    'openapi-is-the-bottom': ['openapi/kind.ts', "import type { Client } from '../server/client.ts'"],
    'openapi-has-no-io': ['openapi/kind.ts', "import { readFileSync } from 'node:fs'"],
    'server-does-not-know-controllers': ['server/client.ts', "import { x } from '../controllers/index.ts'"],
    'controllers-use-three-doors': ['controllers/podgc/controller.ts', "import { wallClock } from '../../server/clock.ts'"],
    'controllers-are-strangers': ['controllers/podgc/controller.ts', "import { x } from '../namespace/controller.ts'"],
    'plans-are-pure': ['controllers/podgc/plan.ts', "import { execute } from '../runtime/execute.ts'"],
    'only-http-knows-http': ['server/client.ts', "import fastify from 'fastify'"],
    'only-the-registry-writes': ['server/client.ts', "import { MemoryStorage } from './storage/memory.ts'"],
    'nobody-imports-tests': ['server/client.ts', "import { x } from '../tests/support/reference.ts'"],
  }
  for (const rule of rules)
    test(`${rule.name} sees a violation`, () => {
      const [from, text] = planted[rule.name]!
      expect(importsOf(from, text).filter(edge => rule.breaks(edge))).toHaveLength(1)
    })
  test('a cycle is seen', () => {
    const edge = (from: string, to: string): Import => ({ from, to, typeOnly: false })
    expect(cycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')])).toEqual(['a -> b -> c -> a'])
  })
})

describe('budgets', () => {
  const code = [...product].filter(([path]) => !path.startsWith('openapi/schemas/'))
  test('no file passes 400 lines', () => {
    const long = code.map(([path, text]) => [path, text.split('\n').length - 1] as const).filter(([, lines]) => lines > 400)
    expect(long).toEqual([])
  })
  test('functions: median at most 10 lines, p95 at most 50, none above 80, at most 4 parameters', () => {
    const sizes = code.flatMap(([path, text]) => functionSizes(path, text)).sort((a, b) => a.lines - b.lines)
    expect(sizes.at(sizes.length / 2)?.lines).toBeLessThanOrEqual(10)
    expect(sizes.at(sizes.length * 0.95)?.lines).toBeLessThanOrEqual(50)
    expect(sizes.filter(({ lines }) => lines > 80)).toEqual([])
    expect(sizes.filter(({ parameters }) => parameters > 4)).toEqual([])
  })
  test('time and chance come in as arguments', () => expect(code.flatMap(([path, text]) => impurities(path, text))).toEqual([]))
})

describe('kinds', () => {
  const text = product.get('openapi/kinds/index.ts') ?? ''
  const files = new Map(
    [...text.matchAll(/^import \{ (?:\w+ as )?(\w+) \} from '\.\/(.+)'$/gm)].map(([, name, path]) => [name, path] as const),
  )
  const list = [...text.slice(text.indexOf('builtinKinds')).matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name)

  test.each(builtinKinds.map((kind, at) => [`${kind.kind}.${kind.group}/${kind.version}`, kind, list[at]] as const))(
    '%s is one file (or folder) of its own, and one line of the list',
    (_name, kind, entry) => {
      const own = `${kind.group || 'core'}/${kind.kind.toLowerCase()}`
      expect(files.get(entry)).toMatch(new RegExp(`^${own}(\\.ts|/(index|${kind.version})\\.ts)$`))
    },
  )
  test('and nothing else is in the list', () => {
    expect(list).toHaveLength(builtinKinds.length)
    expect(new Set(list).size).toBe(files.size)
  })
})
