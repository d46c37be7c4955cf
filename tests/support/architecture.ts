// The dependency rules and budgets of the tree, as functions over sources: the test runs them on the project and on planted violations.
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { parseSync } from 'oxc-parser'

export interface Import {
  from: string
  /** A path in the tree, 'node:x' or 'node_modules/x'. */
  to: string
  typeOnly: boolean
}

export interface Rule {
  name: string
  breaks(edge: Import): boolean
}

const controllerOf = (path: string): string | undefined => /^controllers\/([^/]+)\//.exec(path)?.[1]
const doors = /^server\/(client|clock|nodeproxy)\.ts$/

export const rules: readonly Rule[] = [
  { name: 'openapi-is-the-bottom', breaks: ({ from, to }) => /^openapi\//.test(from) && /^(server|controllers|tests)\//.test(to) },
  { name: 'openapi-has-no-io', breaks: ({ from, to }) => /^openapi\//.test(from) && to.startsWith('node:') },
  {
    name: 'server-does-not-know-controllers',
    breaks: ({ from, to }) => /^server\//.test(from) && from !== 'server/cluster.ts' && /^controllers\//.test(to),
  },
  {
    name: 'controllers-use-three-doors',
    breaks: ({ from, to, typeOnly }) => /^controllers\//.test(from) && /^server\//.test(to) && !(doors.test(to) && typeOnly),
  },
  {
    name: 'controllers-are-strangers',
    breaks: ({ from, to }) => {
      const [mine, other] = [controllerOf(from), controllerOf(to)]
      return mine !== undefined && /^controllers\//.test(to) && other !== mine && other !== 'runtime'
    },
  },
  {
    name: 'plans-are-pure',
    breaks: ({ from, to, typeOnly }) =>
      /^controllers\/.+\/(plan|objects)\.ts$/.test(from) && !typeOnly && (/^server\//.test(to) || impureRuntime.test(to)),
  },
  {
    name: 'only-http-knows-http',
    breaks: ({ from, to }) =>
      /^server\//.test(from) && !/^server\/(http\/|cluster\.ts)/.test(from) && /^node_modules\/(fastify|ws)$/.test(to),
  },
  {
    name: 'only-the-registry-writes',
    breaks: ({ from, to, typeOnly }) =>
      /^(server|controllers)\//.test(from) &&
      !/^server\/((registry|storage)\/|cluster\.ts)/.test(from) &&
      /^server\/storage\//.test(to) &&
      !typeOnly,
  },
  { name: 'nobody-imports-tests', breaks: ({ from, to }) => !/^(tests|bench)\//.test(from) && /^tests\//.test(to) },
]

/** The parts of controllers/runtime that act; the others (history, hash, pods, owners) are pure decisions. */
const impureRuntime = /^controllers\/runtime\/(start|informer|workqueue|execute|events|controller)\.ts$/

/** All TypeScript files under the folders, relative to the root. */
export function sources(root: string, folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const folder of folders)
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
      if (path.endsWith('.ts')) found.set(`${folder}/${path}`, readFileSync(join(root, folder, path), 'utf8'))
  return found
}

interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

const parse = (path: string, text: string): Node => parseSync(path, text).program as unknown as Node

export function importsOf(path: string, text: string): Import[] {
  const edges: Import[] = []
  const add = (specifier: string, typeOnly: boolean) => edges.push({ from: path, to: targetOf(path, specifier), typeOnly })
  for (const node of parse(path, text).body as Node[]) {
    const source = node.source as { value: string } | null | undefined
    if (!source) continue
    const names = (node.specifiers ?? []) as { importKind?: string }[]
    const kind = node.importKind ?? node.exportKind
    add(source.value, kind === 'type' || (names.length > 0 && names.every(name => name.importKind === 'type')))
  }
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*'([^']+)'/g)) add(specifier, false)
  return edges
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier))
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`
  return `node_modules/${specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')}`
}

/** Cycles among value imports: types vanish before anything runs. */
export function cycles(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to, typeOnly } of edges) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

export interface FunctionSize {
  where: string
  lines: number
  parameters: number
}

/** Every named function, arrow or method with more than one line. */
export function functionSizes(path: string, text: string): FunctionSize[] {
  const lineAt = lineCounter(text)
  const sizes: FunctionSize[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (typeof value === 'object' && value !== null) {
      const node = value as Node
      if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
        const lines = lineAt(node.end) - lineAt(node.start) + 1
        sizes.push({ where: `${path}:${lineAt(node.start)}`, lines, parameters: (node.params as unknown[]).length })
      }
      for (const child of Object.values(node)) visit(child)
    }
  }
  visit(parse(path, text))
  return sizes
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

/** Reads of time or chance outside the modules that own them. */
export const impurities = (path: string, text: string): string[] =>
  /^(server\/(clock|ids)\.ts|openapi\/values\/time\.ts)$/.test(path)
    ? []
    : [...text.matchAll(/new Date\(\)|Date\.now\(|\bset(Timeout|Interval)\(|Math\.random\(|randomUUID\(/g)].map(
        match => `${path}: ${match[0]}`,
      )
