// A file that is put aside when it is large, and is not kept for ever. Names and rules are those of lumberjack, which upstream writes with.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Clock } from '../clock.ts'

export interface Keeping {
  /** Of old files; 0: all. */
  maxFiles: number
  /** 0: for ever. */
  maxDays: number
  compress: boolean
}

export interface RotatingFileOptions extends Keeping {
  /** 0: it is never put aside. */
  maxBytes: number
  clock: Pick<Clock, 'now'>
  logError(error: unknown): void
}

const dayMs = 86_400_000

export class RotatingFile {
  readonly #path: string
  readonly #options: RotatingFileOptions
  #open: { file: number; size: number } | undefined
  #tidying: Promise<void> = Promise.resolve()

  /** The file is there from now on, for its owner alone. Throws what the file system does. */
  constructor(path: string, options: RotatingFileOptions) {
    this.#path = path
    this.#options = options
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#open = opened(path)
    if (options.maxBytes > 0) this.#tidy()
  }

  /** At once: who has the answer finds the line. Throws what the file system does. */
  write(text: string): void {
    const bytes = Buffer.from(text)
    const { maxBytes } = this.#options
    if (maxBytes > 0) {
      if (bytes.length > maxBytes) throw new Error(`write length ${bytes.length} exceeds maximum file size ${maxBytes}`)
      if (this.#open && this.#open.size + bytes.length > maxBytes) this.#rotate()
    }
    this.#open ??= opened(this.#path)
    this.#open.size += writeSync(this.#open.file, bytes)
  }

  /** When old files are as they are to be. */
  async close(): Promise<void> {
    this.#close()
    await this.#tidying
  }

  #close(): void {
    if (this.#open) closeSync(this.#open.file)
    this.#open = undefined
  }

  #rotate(): void {
    this.#close()
    if (existsSync(this.#path)) {
      const { mode } = statSync(this.#path)
      renameSync(this.#path, this.#freeName())
      this.#open = opened(this.#path, mode)
    }
    this.#tidy()
  }

  /** A clock that stands still must not cost a file. */
  #freeName(): string {
    for (let at = this.#options.clock.now(); ; at = new Date(at.getTime() + 1)) {
      const name = backupName(this.#path, at)
      if (!existsSync(name) && !existsSync(`${name}.gz`)) return name
    }
  }

  #tidy(): void {
    const { logError, clock } = this.#options
    this.#tidying = this.#tidying
      .then(async () => {
        const directory = dirname(this.#path)
        const names = await readdir(directory)
        const { remove, compress } = oldFiles(names, { ...this.#options, path: this.#path, now: clock.now() })
        for (const name of remove) rmSync(join(directory, name), { force: true })
        for (const name of compress) await compressed(join(directory, name))
      })
      .catch(logError)
  }
}

function opened(path: string, mode = 0o600): { file: number; size: number } {
  const file = openSync(path, 'a', mode)
  return { file, size: fstatSync(file).size }
}

async function compressed(path: string): Promise<void> {
  const { mode } = statSync(path)
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`, { mode }))
  await rm(path)
}

/** audit.log becomes audit-2006-01-02T15-04-05.000.log. */
function backupName(path: string, at: Date): string {
  const extension = extname(path)
  const text = at.toISOString().replaceAll(':', '-').slice(0, -1)
  return `${path.slice(0, path.length - extension.length)}-${text}${extension}`
}

const stamp = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})$/

/** What is to become of old files among these names. */
export function oldFiles(
  names: readonly string[],
  { path, now, maxFiles, maxDays, compress }: Keeping & { path: string; now: Date },
): { remove: string[]; compress: string[] } {
  const extension = extname(path)
  const prefix = `${basename(path, extension)}-`
  const old = names
    .flatMap(name => {
      const plain = name.endsWith(`${extension}.gz`) ? name.slice(0, -'.gz'.length) : name
      if (!plain.startsWith(prefix) || !plain.endsWith(extension)) return []
      const parts = stamp.exec(plain.slice(prefix.length, plain.length - extension.length))
      const at = parts ? Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z`) : Number.NaN
      return Number.isNaN(at) ? [] : [{ name, plain, at }]
    })
    .sort((a, b) => b.at - a.at)
  // A file and its compressed form are one.
  const newest = [...new Set(old.map(({ plain }) => plain))].slice(0, maxFiles || undefined)
  const stays = ({ plain, at }: (typeof old)[number]) => newest.includes(plain) && (maxDays === 0 || at >= now.getTime() - maxDays * dayMs)
  return {
    remove: old.filter(file => !stays(file)).map(({ name }) => name),
    compress: compress ? old.filter(file => stays(file) && file.name === file.plain).map(({ name }) => name) : [],
  }
}
