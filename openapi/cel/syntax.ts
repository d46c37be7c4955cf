// What is wrong with the form of an expression, as the parser of cel-go (made by ANTLR from its grammar) says it: what a token is taken for,
// and how it goes on after one too many or one too few. After any other error it goes on otherwise than this, which then stops.
import { operators, type Said } from './words.ts'

interface Token {
  kind: 'name' | 'escaped' | 'number' | 'text' | 'mark' | 'end'
  text: string
  at: number
}

const token =
  /(?<space>[ \t\r\n\f]+|\/\/[^\n]*)|(?<text>(?:[bB]?[rR]|[rR][bB])(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n\r]*"|'[^'\n\r]*')|[bB]?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\(?:[abfnrtv"'\\?`]|x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})|[^\\"\n\r])*"|'(?:\\(?:[abfnrtv"'\\?`]|x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})|[^\\'\n\r])*'))|(?<number>(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|(?:0x[0-9a-fA-F]+|\d+)[uU]?)|(?<name>[A-Za-z_]\w*)|(?<escaped>`[\w.\-/ ]+`)|(?<mark>==|!=|<=|>=|&&|\|\||[[\]{}().,\-!?:+*/%<>])/y

const keywords: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null'])
const reserved: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
)

const operands = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
/** What may stand where an operand is looked for. */
const wanted = {
  operand: `{'[', '{', '(', '.', '-', '!', ${operands}`,
  argument: `{'[', '{', '(', ')', '.', '-', '!', ${operands}`,
  index: `{'[', '{', '(', '.', '-', '!', '?', ${operands}`,
  item: `{'[', ']', '{', '(', '.', ',', '-', '!', '?', ${operands}`,
  entry: `{'[', '{', '}', '(', '.', ',', '-', '!', '?', ${operands}`,
  field: "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
}

/** None: it is well formed. */
export function syntaxErrors(text: string): Said[] {
  const parser = new Parser(text)
  try {
    parser.whole()
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error
  }
  return parser.said.sort((a, b) => a.at - b.at)
}

/** Of expressions in each other. */
const maxDepth = 250

class GivenUp extends Error {}

class Parser {
  readonly said: Said[] = []
  readonly #tokens: Token[] = []
  #next = 0
  #depth = 0
  /** What may follow each part that is not closed yet. */
  readonly #follows: string[][] = [['<EOF>']]

  constructor(text: string) {
    let at = 0
    while (at < text.length) {
      token.lastIndex = at
      const found = token.exec(text)
      if (!found) {
        const bad = unknown(text.slice(at))
        this.said.push({ message: `Syntax error: token recognition error at: '${bad}'`, at })
        at += bad.length
        continue
      }
      const { space, text: literal, number, name, escaped } = found.groups ?? {}
      const kind =
        literal !== undefined ? 'text' : number !== undefined ? 'number' : name !== undefined ? 'name' : escaped ? 'escaped' : 'mark'
      if (space === undefined) this.#tokens.push({ kind: kind === 'name' && keywords.has(found[0]) ? 'mark' : kind, text: found[0], at })
      at += found[0].length
    }
    this.#tokens.push({ kind: 'end', text: '<EOF>', at: text.length })
  }

  whole(): void {
    this.#expression(wanted.operand)
    if (this.#is('<EOF>')) return
    this.#tell(this.#is('<EOF>', 1) ? 'extraneous' : 'mismatched', '<EOF>')
  }

  #peek = (ahead = 0): Token => this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token
  #is = (text: string, ahead = 0): boolean => this.#peek(ahead).text === text && !['text', 'name'].includes(this.#peek(ahead).kind)
  #isName = (ahead = 0): boolean => this.#peek(ahead).kind === 'name'

  #take(text: string): boolean {
    const found = this.#is(text)
    if (found) this.#next++
    return found
  }

  /** Goes on after a token too many or too few. */
  #tell(how: 'extraneous' | 'mismatched' | 'missing', expecting: string): void {
    const { text, at } = this.#peek()
    const message = how === 'missing' ? `missing ${expecting} at '${text}'` : `${how} input '${text}' expecting ${expecting}`
    this.said.push({ message: `Syntax error: ${message}`, at })
    if (how === 'mismatched') throw new GivenUp()
    if (how === 'extraneous') this.#next++
  }

  #give(message: string): never {
    this.said.push({ message, at: this.#peek().at })
    throw new GivenUp()
  }

  /** `mark` closes what is open. */
  #expect(mark: string): void {
    if (this.#take(mark)) return
    const { text, kind } = this.#peek()
    const fits = mark === ':' ? this.#startsOperand() : kind !== 'text' && this.#follows.at(-1)?.includes(text)
    this.#tell(this.#is(mark, 1) ? 'extraneous' : fits ? 'missing' : 'mismatched', `'${mark}'`)
    if (!fits) this.#take(mark)
  }

  #within(follows: string[], parse: () => void): void {
    this.#follows.push(follows)
    parse()
    this.#follows.pop()
  }

  #startsOperand(ahead = 0): boolean {
    const { kind, text } = this.#peek(ahead)
    return (
      kind === 'name' ||
      kind === 'number' ||
      kind === 'text' ||
      (kind === 'mark' && ['[', '{', '(', '.', '-', '!', 'true', 'false', 'null'].includes(text))
    )
  }

  #expression(expecting: string): void {
    if (++this.#depth > maxDepth) {
      this.said.splice(0, Number.POSITIVE_INFINITY, { message: `expression recursion limit exceeded: ${maxDepth}`, at: -1 })
      throw new GivenUp()
    }
    this.#operation(expecting)
    if (this.#take('?')) {
      this.#within([':'], () => this.#operation(wanted.operand))
      this.#expect(':')
      this.#expression(wanted.operand)
    }
    this.#depth--
  }

  #operation(expecting: string): void {
    this.#unary(expecting)
    while (operators.has(this.#peek().text) && this.#peek().kind === 'mark') {
      this.#next++
      this.#unary(wanted.operand)
    }
  }

  #unary(expecting: string): void {
    if (!this.#startsOperand()) this.#tell(this.#startsOperand(1) ? 'extraneous' : 'mismatched', expecting)
    const sign = this.#is('!') || this.#is('-') ? this.#peek().text : ''
    while (sign !== '' && this.#take(sign));
    if (sign === '!' && this.#is('<EOF>')) this.#give(`Syntax error: extraneous input '<EOF>' expecting ${wanted.operand}`)
    if (sign === '-' && this.#is('<EOF>'))
      this.said.push({ message: "Syntax error: no viable alternative at input '-'", at: this.#peek().at })
    if (sign !== '' && !this.#startsOperand()) this.#tell(this.#startsOperand(1) ? 'extraneous' : 'mismatched', wanted.operand)
    this.#primary()
    while (this.#postfix());
  }

  #primary(): void {
    const { kind, text, at } = this.#peek()
    if (kind === 'number' && /^(?:\d+|0x[0-9a-fA-F]+)[uU]?$/.test(text)) this.#whole(text, at)
    if (kind === 'number' || kind === 'text' || ['true', 'false', 'null'].includes(text)) this.#next++
    else if (this.#take('(')) this.#closed(')', [')'], () => this.#expression(wanted.operand))
    else if (this.#take('[')) this.#list()
    else if (this.#take('{')) this.#map()
    else this.#named()
  }

  #whole(text: string, at: number): void {
    const unsigned = /[uU]$/.test(text)
    if (BigInt(text.replace(/[uU]$/, '')) > (unsigned ? 2n ** 64n - 1n : 2n ** 63n))
      this.said.push({ message: `invalid ${unsigned ? 'uint' : 'int'} literal`, at })
  }

  #named(): void {
    const dotted = this.#take('.')
    const { text, at } = this.#peek()
    if (!this.#isName()) this.#give(`Syntax error: no viable alternative at input '${dotted ? '.' : ''}${text === '<EOF>' ? '' : text}'`)
    this.#next++
    if (reserved.has(text)) this.said.push({ message: `reserved identifier: ${text}`, at })
    if (this.#take('(')) this.#arguments()
    else this.#object()
  }

  /** A type's name may have several parts before its fields are listed. */
  #object(): void {
    let ahead = 0
    while (this.#is('.', ahead) && this.#isName(ahead + 1)) ahead += 2
    if (!this.#is('{', ahead)) return
    this.#next += ahead + 1
    this.#closed('}', ['}', ','], () => this.#fields())
  }

  #fields(): void {
    if (this.#is('}')) return
    do {
      if (this.#is('}')) return
      this.#take('?')
      if (!this.#isName() && this.#peek().kind !== 'escaped') this.#tell('mismatched', wanted.field)
      this.#next++
      this.#expect(':')
      this.#expression(wanted.operand)
      this.#between("{'}', ','}", '}')
    } while (this.#take(','))
  }

  #arguments(): void {
    this.#closed(')', [')', ','], () => {
      if (this.#is(')')) return
      this.#expression(wanted.argument)
      while (this.#take(',')) this.#expression(wanted.operand)
    })
  }

  #list(): void {
    this.#closed(']', [']', ','], () => this.#items(']', wanted.item, () => undefined))
  }

  #map(): void {
    this.#closed('}', ['}', ','], () =>
      this.#items('}', wanted.entry, () => {
        this.#expect(':')
        this.#expression(wanted.operand)
      }),
    )
  }

  /** With a comma after the last one, or none. */
  #items(close: string, first: string, rest: () => void): void {
    let expecting = first
    while (!this.#is(close)) {
      if (expecting === first && this.#is(',')) break
      if (expecting !== first && !this.#startsOperand() && !this.#is('?')) return
      if (this.#take('?')) expecting = wanted.operand
      const asked = expecting
      if (close === '}') this.#within([':'], () => this.#expression(asked))
      else this.#expression(asked)
      rest()
      if (this.#between(`{'${close}', ','}`, close)) break
      expecting = wanted.operand
      if (!this.#take(',')) return
    }
    this.#take(',')
  }

  /** Whether a token was too many: what comes then is no further item. */
  #between(expecting: string, close: string): boolean {
    if (this.#is(close) || this.#is(',')) return false
    this.#tell(this.#is(close, 1) || this.#is(',', 1) ? 'extraneous' : 'mismatched', expecting)
    return true
  }

  #closed(mark: string, follows: string[], parse: () => void): void {
    this.#within(follows, parse)
    this.#expect(mark)
  }

  #postfix(): boolean {
    if (this.#take('[')) {
      const optional = this.#take('?')
      this.#closed(']', [']'], () => this.#expression(optional ? wanted.operand : wanted.index))
      return true
    }
    if (!this.#take('.')) return false
    const { text, kind } = this.#peek()
    if (this.#take('?')) {
      if (!this.#isName() && this.#peek().kind !== 'escaped') {
        const { text: found, at } = this.#peek()
        this.said.push({ message: `Syntax error: mismatched input '${found}' expecting {IDENTIFIER, ESC_IDENTIFIER}`, at })
        this.#give('unsupported ident kind')
      }
      this.#next++
      return true
    }
    if (kind === 'escaped') this.#give("unsupported syntax: '`'")
    if (kind !== 'name') this.#give(`Syntax error: no viable alternative at input '.${kind === 'end' ? '' : text}'`)
    this.#next++
    if (this.#take('(')) this.#arguments()
    return true
  }
}

/** What ANTLR's lexer skips: as much as began as a token, with the character at which it was none. */
function unknown(rest: string): string {
  const quoted = /^[bB]?(?:"(?:\\[abfnrtv"'\\?`]|[^\\"\n\r])*|'(?:\\[abfnrtv"'\\?`]|[^\\'\n\r])*)/.exec(rest)?.[0]
  const broken = /^(?:\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?[\s\S]?|[\n\r]|)/
  if (quoted !== undefined) return rest.slice(0, quoted.length) + broken.exec(rest.slice(quoted.length))?.[0]
  return /^[=&|]/.test(rest) ? rest.slice(0, 2) : ([...rest][0] ?? '')
}
