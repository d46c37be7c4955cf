// The addresses and ports that Services are given: which are free.
import type { Ids } from '../ids.ts'

const nodePorts = { first: 30_000, last: 32_767 }

export class AddressPool {
  readonly #base: number
  readonly #size: number
  readonly #used = new Set<number>()
  readonly #ids: Ids
  readonly #range: string

  constructor(range: string, ids: Ids) {
    const [base = '', bits = '16'] = range.split('/')
    this.#base = toNumber(base)
    this.#size = 2 ** (32 - Number(bits))
    this.#ids = ids
    this.#range = range
  }

  /** Why it cannot be had. A dry run only looks at the range. */
  problem(ip: string, dryRun: boolean): string | undefined {
    const offset = toNumber(ip) - this.#base
    const inRange = offset >= 0 && offset < this.#size
    if (dryRun) return inRange ? undefined : `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${this.#range}`
    if (!inRange || offset === 0 || offset === this.#size - 1) return 'the provided network does not match the current range'
    return this.#used.has(offset) ? 'provided IP is already allocated' : undefined
  }

  take(ip: string): void {
    this.#used.add(toNumber(ip) - this.#base)
  }

  release(ip: string): void {
    this.#used.delete(toNumber(ip) - this.#base)
  }

  /** A free one, not taken yet. The lowest part of the range is left to those who ask for an address. */
  next(): string {
    const reserved = Math.min(256, Math.floor(this.#size / 16))
    for (let tries = 0; tries < 1000; tries++) {
      const offset = reserved + Math.floor(this.#ids.fraction() * (this.#size - reserved - 1))
      if (this.#used.has(offset)) continue
      return toText(this.#base + offset)
    }
    throw new Error('bug: the service range is full')
  }
}

export class PortPool {
  readonly #used = new Set<number>()
  readonly #ids: Ids

  constructor(ids: Ids) {
    this.#ids = ids
  }

  /** Why it cannot be had. A dry run does not look at the range. */
  problem(port: number, dryRun: boolean): string | undefined {
    if (!dryRun && (port < nodePorts.first || port > nodePorts.last))
      return `provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`
    return this.#used.has(port) ? 'provided port is already allocated' : undefined
  }

  take(port: number): void {
    this.#used.add(port)
  }

  release(port: number): void {
    this.#used.delete(port)
  }

  /** A free one, not taken yet. */
  next(): number {
    const count = nodePorts.last - nodePorts.first + 1
    const start = Math.floor(this.#ids.fraction() * count)
    for (let i = 0; i < count; i++) {
      const port = nodePorts.first + ((start + i) % count)
      if (this.#used.has(port)) continue
      return port
    }
    throw new Error('bug: the node port range is full')
  }
}

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const toText = (value: number): string => [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
