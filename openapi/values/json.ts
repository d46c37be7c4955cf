// JSON as the apiserver reads it: Go's words for syntax errors, a limit to depth, and duplicate fields found when there are any.

/** The text Go's json package gives. */
export class JsonError extends Error {}

export interface ParsedJson {
  value: unknown
  /** 'duplicate field "data.a"', in document order. */
  duplicates: string[]
}

/** Upstream takes 10,000; what comes in is walked recursively here. */
export const maxDepth = 300

/** Throws JsonError. */
export function parseJson(text: string): ParsedJson {
  const { colons, tooDeep } = survey(text)
  if (tooDeep) throw new JsonError(`invalid character ${quoteLetter(tooDeep)} exceeded max depth`)
  let value: unknown
  try {
    value = JSON.parse(text, halfPair.test(text) ? wellFormed : undefined)
  } catch {
    throw new JsonError(new Scanner(text).problem())
  }
  if (colons === countFields(value)) return { value, duplicates: [] }
  return { value, duplicates: new Scanner(text).duplicates() }
}

/** An escape of half a character: Go reads U+FFFD. */
const halfPair = /\\u[dD][89a-fA-F]/
const wellFormed = (_key: string, value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value).toString() : value)

/** Colons outside strings, one per field written; and the bracket that goes too deep, if one does. */
function survey(text: string): { colons: number; tooDeep?: string } {
  let colons = 0
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) i = stringEnd(text, i)
    else if (code === colon) colons++
    else if (code === openBrace || code === openBracket) {
      if (++depth > maxDepth) return { colons, tooDeep: text[i] }
    } else if (code === openBrace + 2 || code === openBracket + 2) depth--
  }
  return { colons }
}

const quote = 34
const colon = 58
const openBracket = 91
const openBrace = 123

/** Index of the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 34) return at
    at++
  }
  return at
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) for (const item of value) count += countFields(item)
  else
    for (const key in value) {
      count += 1 + countFields((value as Record<string, unknown>)[key])
    }
  return count
}

/** Reads the text once more, slowly: only after JSON.parse failed or fields went missing. */
class Scanner {
  readonly #text: string
  #at = 0
  #duplicates: string[] = []

  constructor(text: string) {
    this.#text = text
  }

  duplicates(): string[] {
    this.#value('')
    return this.#duplicates
  }

  problem(): string {
    try {
      this.#space()
      this.#value('')
      this.#space()
      if (this.#at < this.#text.length) return this.#unexpected('after top-level value')
      return 'invalid JSON'
    } catch (error) {
      return error instanceof JsonError ? error.message : 'invalid JSON'
    }
  }

  #value(path: string): void {
    this.#space()
    const letter = this.#text[this.#at]
    if (letter === '{') this.#object(path)
    else if (letter === '[') this.#array(path)
    else if (letter === '"') this.#string()
    else this.#literal()
  }

  #object(path: string): void {
    this.#at++
    const seen = new Set<string>()
    this.#space()
    if (this.#take('}')) return
    while (true) {
      this.#space()
      if (this.#text[this.#at] !== '"') throw new JsonError(this.#unexpected('looking for beginning of object key string'))
      const key = this.#string()
      const here = path === '' ? key : `${path}.${key}`
      if (seen.has(key)) this.#duplicates.push(`duplicate field ${JSON.stringify(here)}`)
      seen.add(key)
      this.#space()
      if (!this.#take(':')) throw new JsonError(this.#unexpected('after object key'))
      this.#value(here)
      this.#space()
      if (this.#take('}')) return
      if (!this.#take(',')) throw new JsonError(this.#unexpected('after object key:value pair'))
    }
  }

  #array(path: string): void {
    this.#at++
    this.#space()
    if (this.#take(']')) return
    for (let index = 0; ; index++) {
      this.#value(`${path}[${index}]`)
      this.#space()
      if (this.#take(']')) return
      if (!this.#take(',')) throw new JsonError(this.#unexpected('after array element'))
    }
  }

  #string(): string {
    const end = stringEnd(this.#text, this.#at)
    if (end >= this.#text.length) throw new JsonError('unexpected end of JSON input')
    const raw = this.#text.slice(this.#at, end + 1)
    for (let i = 0; i < raw.length; i++)
      if (raw.charCodeAt(i) < 32) throw new JsonError(`invalid character ${quoteLetter(raw[i] ?? '')} in string literal`)
    try {
      const value: string = JSON.parse(raw)
      this.#at = end + 1
      return value
    } catch {
      throw new JsonError(`invalid character in string escape code`)
    }
  }

  #literal(): void {
    const match = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/.exec(this.#text.slice(this.#at, this.#at + 400))
    if (!match) throw new JsonError(this.#unexpected('looking for beginning of value'))
    this.#at += match[0].length
  }

  #take(letter: string): boolean {
    if (this.#text[this.#at] !== letter) return false
    this.#at++
    return true
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++
  }

  #unexpected(where: string): string {
    const letter = this.#text[this.#at]
    return letter === undefined ? 'unexpected end of JSON input' : `invalid character ${quoteLetter(letter)} ${where}`
  }
}

/** Go reads bytes: the first byte of a character above 127 is shown as that Latin-1 letter. */
function quoteLetter(letter: string): string {
  if (letter === "'") return `'\\''`
  if (letter === '"') return `'"'`
  const first = Buffer.from(letter)[0] ?? 0
  if (first > 127) return `'${String.fromCharCode(first)}'`
  const code = letter.charCodeAt(0)
  const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' }
  return code < 32 ? `'${named[code] ?? `\\x${code.toString(16).padStart(2, '0')}`}'` : `'${letter}'`
}

/** The same text for equal values: fields are sorted by their names. */
export const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
