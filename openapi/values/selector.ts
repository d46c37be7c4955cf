// Label and field selectors: the query syntax with upstream's parse errors, and the structured LabelSelector of objects.
import { isLabelValue, isQualifiedName } from './names.ts'

export type Operator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
export interface Requirement {
  key: string
  operator: Operator
  values: readonly string[]
}
export interface Selector {
  requirements: readonly Requirement[]
  matches(labels: Readonly<Record<string, string>>): boolean
}

export const selectorOf = (requirements: readonly Requirement[]): Selector => ({
  requirements,
  matches: labels => requirements.every(requirement => satisfies(requirement, labels)),
})

function satisfies({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case '=':
    case 'in':
      return value !== undefined && values.includes(value)
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'gt':
    case 'lt': {
      if (value === undefined || !/^[+-]?\d+$/.test(value)) return false
      const difference = BigInt(value) - BigInt(values[0] ?? '0')
      return operator === 'gt' ? difference > 0n : difference < 0n
    }
  }
}

/** The selector of specs. undefined or null selects nothing, {} everything. */
export interface LabelSelectorValue {
  matchLabels?: Readonly<Record<string, string>> | null
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] | null }[] | null
}

const structured: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' }

/** One that is not there is empty too. */
export const isEmptySelector = (selector: LabelSelectorValue | undefined): boolean =>
  Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0

export function toSelector(selector: LabelSelectorValue | undefined | null): Selector {
  if (!selector) return { requirements: [], matches: () => false }
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({ key, operator: '=', values: [value] }))
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }): Requirement => ({ key, operator: structured[operator] ?? 'exists', values: values ?? [] }),
  )
  return selectorOf([...equal, ...expressions])
}

export const matchesSelector = (
  selector: LabelSelectorValue | undefined | null,
  labels: Readonly<Record<string, string>> | undefined,
): boolean => toSelector(selector).matches(labels ?? {})

/** As metav1.FormatLabelSelector and labels.Selector.String print it. */
export function printSelector(selector: LabelSelectorValue | undefined | null): string {
  if (!selector) return '<none>'
  const text = [...toSelector(selector).requirements]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(printRequirement)
    .join(',')
  return text === '' ? '<none>' : text
}

function printRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key
  if (operator === '!') return `!${key}`
  if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${[...values].sort().join(',')})`
  return `${key}${operator === 'gt' ? '>' : operator === 'lt' ? '<' : operator}${values[0] ?? ''}`
}

interface Token {
  kind: 'identifier' | 'symbol' | 'end'
  text: string
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)/gy
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const part = match[1] ?? ''
    tokens.push({ kind: /^(==|!=|[=!(),<>])$/.test(part) ? 'symbol' : 'identifier', text: part })
  }
  return [...tokens, { kind: 'end', text: '' }]
}

/** Throws Error with upstream's text. */
export function parseLabelSelector(text: string): Selector {
  const parser = new Parser(tokenize(text))
  return selectorOf(parser.all())
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  all(): Requirement[] {
    const found: Requirement[] = []
    if (this.#peek().kind === 'end') return found
    while (true) {
      const token = this.#peek()
      if (token.kind !== 'identifier' && token.text !== '!')
        throw new Error(`found '${token.text}', expected: !, identifier, or 'end of string'`)
      found.push(this.#requirement())
      const next = this.#next()
      if (next.kind === 'end') return found
      if (next.text !== ',') throw new Error(`found '${next.text}', expected: ',' or 'end of string'`)
      const after = this.#peek()
      if (after.kind !== 'identifier' && after.text !== '!') throw new Error(`found '${after.text}', expected: identifier after ','`)
    }
  }

  #requirement(): Requirement {
    const negated = this.#peek().text === '!'
    if (negated) this.#next()
    const { kind, text: key } = this.#next()
    if (kind !== 'identifier') throw unparsed(`found '${key}', expected: identifier`)
    const problems = isQualifiedName(key)
    if (problems.length > 0) throw unparsed(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`)
    if (negated) return { key, operator: '!', values: [] }
    const next = this.#peek()
    if (next.kind === 'end' || next.text === ',') return { key, operator: 'exists', values: [] }
    return checked({ key, ...this.#condition() })
  }

  #condition(): { operator: Operator; values: string[] } {
    const { text } = this.#next()
    if (text === '=' || text === '==' || text === '!=') return { operator: text === '!=' ? '!=' : '=', values: [this.#value()] }
    if (text === '<' || text === '>') return { operator: text === '<' ? 'lt' : 'gt', values: [this.#value()] }
    if (text === 'in' || text === 'notin') return { operator: text, values: this.#values() }
    throw unparsed(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`)
  }

  #value(): string {
    const token = this.#peek()
    if (token.kind === 'end' || token.text === ',') return ''
    if (token.kind !== 'identifier') throw unparsed(`found '${token.text}', expected: identifier`)
    return this.#next().text
  }

  #values(): string[] {
    const open = this.#next()
    if (open.text !== '(') throw unparsed(`found '${open.text}' expected: '('`)
    const first = this.#peek()
    if (first.kind !== 'identifier' && first.text !== ',' && first.text !== ')')
      throw unparsed(`found '${first.text}', expected: ',', ')' or identifier`)
    const values: string[] = []
    let expectValue = true
    while (true) {
      const token = this.#next()
      if (token.kind === 'identifier' && expectValue) {
        values.push(token.text)
        expectValue = false
      } else if (token.text === ',' && token.kind === 'symbol') {
        if (expectValue) values.push('')
        expectValue = true
      } else if (token.text === ')' && token.kind === 'symbol') {
        if (expectValue) values.push('')
        return [...new Set(values)]
      } else throw unparsed(`found '${token.text}', expected: ',' or ')'`)
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }
  #next(): Token {
    const token = this.#peek()
    this.#at++
    return token
  }
}

const unparsed = (why: string): Error => new Error(`unable to parse requirement: ${why}`)

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement
  if (operator === 'gt' || operator === 'lt') {
    if (!/^[+-]?\d+$/.test(values[0] ?? ''))
      throw unparsed(`values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`)
    return requirement
  }
  for (const [index, value] of values.entries()) {
    const problems = isLabelValue(value)
    if (problems.length > 0) throw unparsed(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`)
  }
  return requirement
}

export interface FieldRequirement {
  field: string
  operator: '=' | '!='
  value: string
}

/** Throws Error with upstream's text. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text)
    .filter(term => term !== '')
    .map(term => {
      const match = /^((?:[^=!\\]|\\.|!(?!=))*?)(==|!=|=)(.*)$/s.exec(term)
      if (!match) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`)
      return { field: match[1] ?? '', operator: match[2] === '!=' ? ('!=' as const) : ('=' as const), value: unescaped(match[3] ?? '') }
    })
    .filter(({ field, value }) => !(field === '' && value === ''))
}

function splitTerms(text: string): string[] {
  const terms: string[] = []
  let current = ''
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) current += `\\${text[++i]}`
    else if (text[i] === ',') {
      terms.push(current)
      current = ''
    } else current += text[i]
  }
  return [...terms, current]
}

function unescaped(value: string): string {
  const bad = /\\(?![\\,=])(.?)/.exec(value.replace(/\\[\\,=]/g, ''))
  if (bad) throw new Error(`invalid field selector: invalid escape sequence: \\${bad[1] ?? ''}`)
  return value.replace(/\\([\\,=])/g, '$1')
}
