// YAML 1.1 as Kubernetes reads it: one document, then the same rules as JSON.
import { type CST, isAlias, isScalar, Parser, parse, parseDocument, stringify, visit, type YAMLParseError } from 'yaml'
import { JsonError, maxDepth, parseJson } from '../../openapi/values/json.ts'

export class YamlError extends Error {}

export interface ParsedYaml {
  value: unknown
  /** 'line 4: key "a" already set in map'. */
  duplicates: string[]
}

/** Reads the first document. Throws YamlError in Go's words. */
export function parseYaml(text: string): ParsedYaml {
  const json = asJson(text)
  if (json) return json
  const first = firstDocument(text)
  checkDepth(first)
  const document = parseDocument(first, { version: '1.1', uniqueKeys: false, merge: true, strict: false })
  const [error] = document.errors
  if (error) throw new YamlError(`yaml: ${describe(error)}`)
  const duplicates: string[] = []
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>()
      for (const pair of map.items) {
        if (!isScalar(pair.key) || isAlias(pair.key)) continue
        const name = String(pair.key.value)
        if (seen.has(name))
          duplicates.push(`line ${lineOf(first, pair.key.range?.[0] ?? 0)}: key ${JSON.stringify(name)} already set in map`)
        seen.add(name)
      }
    },
    Scalar(_key, node) {
      // Go keeps timestamps as text.
      if (node.value instanceof Date && node.source !== undefined) node.value = node.source
      // And it knows neither a lone point nor 22:22 as numbers.
      else if (typeof node.value === 'number' && /^[-+.]+$|:/.test(node.source ?? '')) node.value = node.source
    },
  })
  return { value: plainOf(document) ?? null, duplicates }
}

/** Most YAML that programs send is JSON, which is read far faster. Not when it has something to complain of: that is said in YAML's words. */
function asJson(text: string): ParsedYaml | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const { value, duplicates } = parseJson(text)
    return duplicates.length === 0 ? { value, duplicates: [] } : undefined
  } catch (error) {
    if (error instanceof JsonError) return undefined
    throw error
  }
}

/** The library recurses, and may end the process where the stack does. */
function checkDepth(text: string): void {
  const open: { token: CST.Token | null | undefined; depth: number }[] = []
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 })
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (depth > maxDepth) throw new YamlError(`yaml: exceeded max depth of ${maxDepth}`)
    if (token?.type === 'document') open.push({ token: token.value, depth })
    if (token && 'items' in token)
      for (const { key, value } of token.items) open.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 })
  }
}

function plainOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    if (error instanceof ReferenceError) throw new YamlError('yaml: document contains excessive aliasing')
    throw error
  }
}

function firstDocument(text: string): string {
  const body = text.replace(/^(?:\s*#[^\n]*\n)*---[^\n]*\n/, '\n')
  const end = /^---(\s|$)/m.exec(body)
  return end ? body.slice(0, end.index) : body
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

const messages: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found a tab character that violates indentation',
  MISSING_CHAR: 'did not find expected node content',
  BAD_ALIAS: 'unknown anchor referenced',
}

function describe(error: YAMLParseError): string {
  const line = error.linePos?.[0].line
  const what = messages[error.code] ?? error.message.split(' at line')[0] ?? error.message
  return line === undefined ? what : `line ${line}: ${what}`
}

/** As Go prints it: sorted, lists not indented, a key of one dot unquoted, long texts in several lines. */
export const printYaml = (object: object): string =>
  folded(
    stringify(object, {
      sortMapEntries: true,
      lineWidth: 0,
      version: '1.1',
      indentSeq: false,
      aliasDuplicateObjects: false,
      singleQuote: true,
    }).replace(/^( *)'\.':/gm, '$1.:'),
  )

const width = 80
/** What stands before a text: the indentation, the dashes of lists, a key. */
const before = /^( *)((?:- )*)((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'][^:]*(?::(?! )[^:]*)*): )?/

/** Each line that is longer ends at the first space beyond; what follows stands two further in. Texts of several lines stay. */
function folded(yaml: string): string {
  let blockIndent = -1
  return yaml
    .split('\n')
    .map(line => {
      if (blockIndent >= 0 && (line === '' || line.search(/\S/) > blockIndent)) return line
      const [start = '', indent = '', dashes = '', key = ''] = before.exec(line) ?? []
      const text = quotedAsGo(line.slice(start.length))
      const inner = indent.length + (key === '' ? Math.max(0, dashes.length - 2) : dashes.length)
      blockIndent = /^[|>][-+\d]*$/.test(text) ? inner : -1
      return start + (line.length > width ? foldedText(text, start.length, `\n${' '.repeat(inner + 2)}`) : text)
    })
    .join('\n')
}

/** Double quotes where the same without quotes would be no text, or cannot be seen. */
function quotedAsGo(text: string): string {
  const [, inner] = /^'(.*)'$/.exec(text) ?? []
  if (inner === undefined || (inner !== '' && !inner.includes('\t') && !isOther(inner))) return text
  return JSON.stringify(inner.replaceAll("''", "'"))
}

const isOther = (text: string): boolean => /^[\w.:~+-]+$/.test(text) && typeof parse(text, { version: '1.1' }) !== 'string'

function foldedText(text: string, column: number, lineBreak: string): string {
  const letters = [...text]
  let [result, at] = ['', column]
  for (const [index, letter] of letters.entries()) {
    const stands = (other: string | undefined) => other !== undefined && other !== ' '
    const breaks = letter === ' ' && at > width && stands(letters[index - 1]) && stands(letters[index + 1])
    result += breaks ? lineBreak : letter
    at = breaks ? lineBreak.length - 1 : at + 1
  }
  return result
}
