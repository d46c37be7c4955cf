// YAML 1.1 as Kubernetes reads it: one document, then the same rules as JSON.
import { isAlias, isScalar, parseDocument, visit, type YAMLParseError } from 'yaml'

export class YamlError extends Error {}

export interface ParsedYaml {
  value: unknown
  /** 'line 4: key "a" already set in map'. */
  duplicates: string[]
}

/** Reads the first document. Throws YamlError in Go's words. */
export function parseYaml(text: string): ParsedYaml {
  const first = firstDocument(text)
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
    },
  })
  return { value: document.toJS({ maxAliasCount: 1000 }) ?? null, duplicates }
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
