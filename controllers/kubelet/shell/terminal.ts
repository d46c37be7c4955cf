// The other end of a terminal: echoes and edits a line as it is typed, keeps a history, hears Ctrl-C.
import type { ExecStreams } from '../../../server/nodeproxy.ts'

const bell = '\x07'

type Line = { text: string } | 'interrupted' | undefined

export class Terminal {
  readonly #keys: AsyncIterator<string>
  readonly #write: (text: string) => void
  readonly #history: string[] = []
  readonly #ahead: string[] = []
  #reading: Promise<IteratorResult<string>> | undefined

  constructor({ stdin, stdout }: ExecStreams) {
    this.#keys = keys(stdin ?? [])[Symbol.asyncIterator]()
    this.#write = text => void stdout.write(text)
  }

  /** Prompts and reads. undefined: the input is over (Ctrl-D). */
  async line(prompt: string): Promise<Line> {
    this.#write(prompt)
    const edit = new Edit(prompt, this.#write, this.#history)
    for (;;) {
      const key = await this.#next()
      if (key === undefined) return undefined
      if (key === '\x03') {
        this.#write('^C\r\n')
        return 'interrupted'
      }
      if (key === '\x04') {
        if (edit.text === '') return undefined
        continue
      }
      if (key !== '\r' && key !== '\n') {
        edit.press(key)
        continue
      }
      this.#write('\r\n')
      if (edit.text.trim() !== '' && this.#history.at(-1) !== edit.text) this.#history.push(edit.text)
      return { text: edit.text }
    }
  }

  /** While something runs, keys wait; Ctrl-C ends it with 130. */
  async interruptible(signal: AbortSignal, run: (signal: AbortSignal) => Promise<number>): Promise<number> {
    const interrupt = new AbortController()
    let over = false
    const running = run(AbortSignal.any([signal, interrupt.signal])).finally(() => {
      over = true
    })
    for (;;) {
      this.#reading ??= this.#keys.next()
      const first = await Promise.race([running.then(() => undefined), this.#reading])
      if (over || first === undefined) return running
      this.#reading = undefined
      if (first.done) return running
      if (first.value !== '\x03') {
        this.#ahead.push(first.value)
        continue
      }
      this.#write('^C\r\n')
      interrupt.abort()
      // What was running may notice late; the prompt does not wait for it.
      running.catch(() => {})
      return 130
    }
  }

  async #next(): Promise<string | undefined> {
    const waiting = this.#ahead.shift()
    if (waiting !== undefined) return waiting
    const reading = this.#reading ?? this.#keys.next()
    this.#reading = undefined
    const { done, value } = await reading
    return done ? undefined : value
  }
}

/** One line under the cursor. */
class Edit {
  text = ''
  #at = 0
  #past: number
  readonly #prompt: string
  readonly #write: (text: string) => void
  readonly #history: readonly string[]

  constructor(prompt: string, write: (text: string) => void, history: readonly string[]) {
    this.#prompt = prompt
    this.#write = write
    this.#history = history
    this.#past = history.length
  }

  press(key: string): void {
    const action = actions[key]
    if (action) action(this)
    else if (key >= ' ' && !key.startsWith('\x1b')) this.insert(key)
    else this.#write(bell)
  }

  insert(text: string): void {
    this.#replace(this.text.slice(0, this.#at) + text + this.text.slice(this.#at), this.#at + text.length)
  }
  erase(): void {
    if (this.#at > 0) this.#replace(this.text.slice(0, this.#at - 1) + this.text.slice(this.#at), this.#at - 1)
  }
  eraseWord(): void {
    const kept = this.text.slice(0, this.#at).replace(/\S+\s*$/, '')
    this.#replace(kept + this.text.slice(this.#at), kept.length)
  }
  eraseBefore(): void {
    this.#replace(this.text.slice(this.#at), 0)
  }
  eraseAfter(): void {
    this.#replace(this.text.slice(0, this.#at), this.#at)
  }
  move(to: number): void {
    this.#replace(this.text, Math.min(Math.max(0, to), this.text.length))
  }
  left(): void {
    this.move(this.#at - 1)
  }
  right(): void {
    this.move(this.#at + 1)
  }
  recall(step: number): void {
    const past = this.#past + step
    if (past < 0 || past > this.#history.length) return
    this.#past = past
    const text = this.#history[past] ?? ''
    this.#replace(text, text.length)
  }
  clearScreen(): void {
    this.#write('\x1b[H\x1b[2J')
    this.#draw()
  }

  #replace(text: string, at: number): void {
    const typed =
      at === text.length && this.#at === this.text.length && text.startsWith(this.text) ? text.slice(this.text.length) : undefined
    this.text = text
    this.#at = at
    if (typed === undefined) this.#draw()
    else this.#write(typed)
  }
  #draw(): void {
    const back = this.text.length - this.#at
    this.#write(`\r\x1b[K${this.#prompt}${this.text}${back > 0 ? `\x1b[${back}D` : ''}`)
  }
}

const actions: Readonly<Record<string, (edit: Edit) => void>> = {
  '\x7f': edit => edit.erase(),
  '\b': edit => edit.erase(),
  '\x17': edit => edit.eraseWord(),
  '\x15': edit => edit.eraseBefore(),
  '\x0b': edit => edit.eraseAfter(),
  '\x01': edit => edit.move(0),
  '\x05': edit => edit.move(edit.text.length),
  '\x0c': edit => edit.clearScreen(),
  '\x1b[D': edit => edit.left(),
  '\x1b[C': edit => edit.right(),
  '\x1b[A': edit => edit.recall(-1),
  '\x1b[B': edit => edit.recall(1),
  '\t': edit => edit.insert('  '),
}

/** Keys one by one; an escape sequence is one key. */
async function* keys(stream: AsyncIterable<Buffer> | Iterable<never>): AsyncGenerator<string> {
  for await (const chunk of stream) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal sends
    for (const [key] of (chunk as Buffer).toString().matchAll(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO.|./gsu)) yield key
  }
}
