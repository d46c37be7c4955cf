// Forms of CEL that the library does not have, written as calls that it does: [?x], Type{field: value}, maps, whose keys it takes for
// texts, has(), which it knows of names only, and numbers that begin with a dot. Nothing else is touched; places in the new text are told back to those of the old.

export interface Rewritten {
  text: string
  /** Where what stands at `at` in the new text came from. */
  original(at: number): number
}

/** Calls that literals.ts has. */
export const calls = {
  list: 'literal_list',
  map: 'literal_map',
  object: 'literal_object',
  optional: 'literal_optional',
  has: 'literal_has',
}

interface Token {
  is: 'name' | 'text' | 'number' | 'mark'
  text: string
  at: number
}

const tokens =
  /(\s+|\/\/[^\n]*)|((?:[rRbB]{1,2})?(?:"""(?:\\[\s\S]|(?!""")[^\\])*"""|'''(?:\\[\s\S]|(?!''')[^\\])*'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(\d[\w.]*)|([A-Za-z_]\w*)|([\s\S])/gy

/** Spaces and remarks are none. */
function tokensOf(expression: string): Token[] {
  return [...expression.matchAll(tokens)].flatMap(([text, space, literal, number, name], i, all): Token[] => {
    const at = all[i]?.index ?? 0
    if (space !== undefined) return []
    return [{ is: literal !== undefined ? 'text' : number !== undefined ? 'number' : name !== undefined ? 'name' : 'mark', text, at }]
  })
}

interface Open {
  kind: 'list' | 'map' | 'object' | 'other'
  /** Into the pieces: what stands there opens it. */
  piece: number
  /** For an object: which. */
  type: string
  /** Question marks that wait for their colon. */
  choices: number
  /** The item is one that may not be there: from its value on it is inside a call. */
  optional: 'no' | 'key' | 'value'
  rewritten: boolean
}

interface Piece {
  text: string
  at: number
  /** Whether it stands so in the old text. */
  copied: boolean
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const startsExpression = /^(?:[([{,:?+*/%<>=!&|-]|in)$/

/** The expression itself when there is nothing to rewrite. */
export function rewrite(expression: string): Rewritten {
  if (!/[[,]\s*\?|\{|\bhas\s*\(|\.\d/.test(expression)) return { text: expression, original: at => at }
  const writer = new Writer(expression)
  const all = tokensOf(expression)
  for (const [index, token] of all.entries()) writer.take(token, all[index - 1], all[index + 1])
  return writer.end()
}

/** What a field may be taken of; elsewhere a dot begins a number. */
const endsExpression = (token: Token | undefined): boolean => token !== undefined && (token.is !== 'mark' || /[)\]}]/.test(token.text))

class Writer {
  readonly #source: string
  readonly #pieces: Piece[] = []
  readonly #stack: Open[] = []
  #copied = 0
  constructor(source: string) {
    this.#source = source
  }

  take(token: Token, before: Token | undefined, after: Token | undefined): void {
    const { text } = token
    const top = this.#stack.at(-1)
    const atItem = top !== undefined && top.kind !== 'other' && before?.is === 'mark' && /[,[{]/.test(before.text)
    if (text === '.' && after?.is === 'number' && !endsExpression(before)) this.#insert('0', token.at)
    if (token.is === 'mark') this.#mark(token, { top, before, atItem })
    else if (token.is === 'name' && top?.kind === 'object' && (atItem || top.optional === 'key') && after?.text === ':') {
      this.#replace(token, JSON.stringify(text))
    } else if (text === 'has' && token.is === 'name' && after?.text === '(' && before?.text !== '.') this.#replace(token, calls.has)
  }

  #mark(token: Token, { top, before, atItem }: { top: Open | undefined; before: Token | undefined; atItem: boolean }): void {
    const { text, at } = token
    if (text in closing) this.#opened(token, before)
    if (!top || text in closing) return
    if (text === '?') {
      if (atItem) this.#option(token, top)
      else if (before?.text !== '.' && before?.text !== '[') top.choices++
    } else if (text === ':') {
      if (top.choices > 0) top.choices--
      else if (top.optional === 'key') this.#value(token, top)
    } else {
      if (top.optional === 'value' && /[,\]}]/.test(text)) {
        this.#insert(')', at)
        top.optional = 'no'
      }
      if (text === closing[this.#pieces[top.piece]?.text ?? '']) this.#closed(token)
    }
  }

  end(): Rewritten {
    this.#upTo(this.#source.length)
    const pieces = this.#pieces
    const original = (at: number): number => {
      let start = 0
      for (const piece of pieces) {
        if (at < start + piece.text.length) return piece.copied ? piece.at + at - start : piece.at
        start += piece.text.length
      }
      return this.#source.length
    }
    return { text: pieces.map(({ text }) => text).join(''), original }
  }

  #upTo(at: number): void {
    if (at > this.#copied) this.#pieces.push({ text: this.#source.slice(this.#copied, at), at: this.#copied, copied: true })
    this.#copied = Math.max(this.#copied, at)
  }

  #insert(text: string, at: number): void {
    this.#upTo(at)
    this.#pieces.push({ text, at, copied: false })
  }

  #replace({ text, at }: Token, by: string): void {
    this.#insert(by, at)
    this.#copied = at + text.length
  }

  #option({ at }: Token, top: Open): void {
    this.#upTo(at)
    this.#copied = at + 1
    top.rewritten = true
    top.optional = 'key'
    if (top.kind === 'list') {
      this.#insert(`${calls.optional}(`, at)
      top.optional = 'value'
    }
  }

  #value({ at }: Token, top: Open): void {
    this.#insert(`${calls.optional}(`, at + 1)
    top.optional = 'value'
  }

  #opened({ text, at }: Token, before: Token | undefined): void {
    const fresh = !before || (before.is !== 'text' && before.is !== 'number' && startsExpression.test(before.text))
    this.#upTo(at)
    const type = text === '{' && before?.is === 'name' && !fresh ? this.#typeBefore() : ''
    if (type !== '') this.#insert(`${calls.object}(${JSON.stringify(type)}, `, at)
    this.#pieces.push({ text, at, copied: true })
    this.#copied = at + 1
    const kind = type !== '' ? 'object' : text === '[' && fresh ? 'list' : text === '{' ? 'map' : 'other'
    this.#stack.push({ kind, piece: this.#pieces.length - 1, type, choices: 0, optional: 'no', rewritten: type !== '' })
  }

  /** The name that stands at the end of what was written, which is taken away. */
  #typeBefore(): string {
    const last = this.#pieces.at(-1)
    const [whole = '', name = ''] = /((?:[A-Za-z_]\w*\s*\.\s*)*[A-Za-z_]\w*)\s*$/.exec(last?.text ?? '') ?? []
    if (!last?.copied || name === '') return ''
    last.text = last.text.slice(0, last.text.length - whole.length)
    return name.replace(/\s+/g, '')
  }

  #closed({ at }: Token): void {
    const { kind, piece, rewritten } = this.#stack.pop() as Open
    this.#upTo(at + 1)
    if (!rewritten && kind !== 'map') return
    // Those that are still open stand before it.
    if (kind !== 'object')
      this.#pieces.splice(piece, 0, {
        text: `${calls[kind === 'list' ? 'list' : 'map']}(`,
        at: this.#pieces[piece]?.at ?? 0,
        copied: false,
      })
    this.#insert(')', at + 1)
  }
}
