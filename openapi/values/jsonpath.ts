// JSONPath as kubectl and printer columns have it: .a.b, ['a.b'], [0], [1:3], [*], .*, ..name, [?(@.x=="y")]. Missing fields find nothing.

type Step = (found: readonly unknown[]) => unknown[]
/** All values a path finds, in order. */
export type JsonPath = (value: unknown) => unknown[]

const compiled = new Map<string, JsonPath | undefined>()
const maxCompiled = 1000

/** undefined: not a path. */
export function jsonPath(text: string): JsonPath | undefined {
  if (compiled.has(text)) return compiled.get(text)
  if (compiled.size >= maxCompiled) compiled.clear()
  const steps = parse(text)
  const path = steps && ((value: unknown) => steps.reduce<readonly unknown[]>((found, step) => step(found), [value]) as unknown[])
  compiled.set(text, path)
  return path
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const children = (value: unknown): unknown[] => (Array.isArray(value) ? value : isMap(value) ? sorted(value).map(k => value[k]) : [])
const sorted = (value: object): string[] => Object.keys(value).sort()

const field =
  (name: string): Step =>
  found =>
    found.flatMap(value => (isMap(value) && Object.hasOwn(value, name) ? [value[name]] : []))
const wildcard: Step = found => found.flatMap(children)
const descend = (value: unknown): unknown[] => [value, ...children(value).flatMap(descend)]
const recursive: Step = found => found.flatMap(descend)

function slice(text: string): Step {
  const [from, to, step] = text.split(':').map(part => (part === '' ? undefined : Number(part)))
  return found =>
    found.flatMap(value => {
      if (!Array.isArray(value)) return []
      const part = value.slice(from ?? 0, to ?? value.length)
      return step && step > 1 ? part.filter((_, i) => i % step === 0) : part
    })
}

const index =
  (at: number): Step =>
  found =>
    found.flatMap(value => {
      if (!Array.isArray(value)) return []
      const i = at < 0 ? value.length + at : at
      return i < value.length && i >= 0 ? [value[i]] : []
    })

function parse(text: string): Step[] | undefined {
  const steps: Step[] = []
  let rest = text
  while (rest !== '') {
    const next = parseStep(rest)
    if (!next) return undefined
    steps.push(...next.steps)
    rest = rest.slice(next.length)
  }
  return steps
}

interface Parsed {
  steps: Step[]
  length: number
}

function parseStep(text: string): Parsed | undefined {
  if (text.startsWith('..')) {
    const name = nameAt(text, 2)
    return { steps: name ? [recursive, stepOf(name.name)] : [recursive], length: 2 + (name?.length ?? 0) }
  }
  if (text.startsWith('.')) {
    const name = nameAt(text, 1)
    return name ? { steps: [stepOf(name.name)], length: 1 + name.length } : { steps: [], length: 1 }
  }
  if (text.startsWith('[')) return parseBrackets(text)
  return undefined
}

const stepOf = (name: string): Step => (name === '*' ? wildcard : field(name))

/** A backslash takes the next letter as it is. */
function nameAt(text: string, start: number): { name: string; length: number } | undefined {
  const match = /^(?:\\.|[^.[\]\\])+/.exec(text.slice(start))
  return match ? { name: match[0].replace(/\\(.)/g, '$1'), length: match[0].length } : undefined
}

function parseBrackets(text: string): Parsed | undefined {
  const end = closing(text)
  if (end < 0) return undefined
  const inner = text.slice(1, end).trim()
  const step = bracketStep(inner)
  return step && { steps: [step], length: end + 1 }
}

/** Index of the bracket that closes the first; quotes hide brackets. */
function closing(text: string): number {
  let depth = 0
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string
    if (quote) {
      if (letter === quote) quote = ''
    } else if (letter === "'" || letter === '"') quote = letter
    else if (letter === '[') depth++
    else if (letter === ']' && --depth === 0) return i
  }
  return -1
}

function bracketStep(inner: string): Step | undefined {
  if (inner === '*') return wildcard
  if (/^-?\d+$/.test(inner)) return index(Number(inner))
  if (/^-?\d*:-?\d*(:-?\d*)?$/.test(inner)) return slice(inner)
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/.exec(inner)
  if (quoted) return field(quoted[1] ?? quoted[2] ?? '')
  const filter = /^\?\((.*)\)$/s.exec(inner)
  if (filter) return parseFilter((filter[1] ?? '').trim())
  return /^-?\d+(,-?\d+)*$/.test(inner) ? found => inner.split(',').flatMap(i => index(Number(i))(found)) : undefined
}

type Side = (value: unknown) => unknown[]

function parseFilter(text: string): Step | undefined {
  const match = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(text)
  const left = sideOf((match?.[1] ?? text).trim())
  if (!left) return undefined
  if (!match) return keep(value => left(value).length > 0)
  const right = sideOf((match[3] ?? '').trim())
  return right && keep(value => compare(left(value)[0], match[2] as string, right(value)[0]))
}

const keep =
  (wanted: (value: unknown) => boolean): Step =>
  found =>
    found.flatMap(value => children(value).filter(wanted))

function sideOf(text: string): Side | undefined {
  if (text.startsWith('@')) return jsonPath(text.slice(1))
  const quoted = /^(?:'(.*)'|"(.*)")$/s.exec(text)
  if (quoted) return () => [quoted[1] ?? quoted[2]]
  if (text === 'true' || text === 'false') return () => [text === 'true']
  return text !== '' && !Number.isNaN(Number(text)) ? () => [Number(text)] : undefined
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (left === undefined || right === undefined) return false
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false
  const [a, b] = [left, right as typeof left]
  return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b
}
