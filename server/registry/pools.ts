// The addresses and ports that Services are given: which are free.
import type { Ids } from '../ids.ts'

/** Those below `dynamic` are left to who asks for one, as long as there are others. */
const nodePorts = { first: 30_000, dynamic: 30_086, last: 32_767 }

/** A range of IPv4 addresses, as numbers. */
export interface Range {
  base: number
  size: number
  text: string
}

export class AddressPool {
  readonly #used = new Set<number>()
  readonly #ids: Ids

  constructor(ids: Ids) {
    this.#ids = ids
  }

  /** Why it cannot be had. A dry run only looks at the ranges. */
  problem(ip: string, ranges: readonly Range[], dryRun: boolean): string | undefined {
    const address = toNumber(ip)
    const range = ranges.find(r => address >= r.base && address < r.base + r.size)
    const valid = ranges.map(r => r.text).join(', ')
    if (dryRun) return range ? undefined : `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${valid}`
    if (!range || address === range.base || address === range.base + range.size - 1)
      return 'the provided network does not match the current range'
    return this.#used.has(address) ? 'provided IP is already allocated' : undefined
  }

  /** False: somebody has it. */
  take(ip: string): boolean {
    const address = toNumber(ip)
    if (this.#used.has(address)) return false
    this.#used.add(address)
    return true
  }

  release(ip: string): void {
    this.#used.delete(toNumber(ip))
  }

  /** A free one, not taken yet; undefined: there is none. */
  next(ranges: readonly Range[]): string | undefined {
    for (const range of ranges) {
      const free = this.#freeIn(range)
      if (free !== undefined) return toText(free)
    }
    return undefined
  }

  /** The lowest part of the range is left to those who ask for an address, as long as there are others. */
  #freeIn({ base, size }: Range): number | undefined {
    const reserved = Math.min(256, Math.floor(size / 16))
    const [first, last] = [Math.max(1, reserved), size - 2]
    const count = last - first + 1
    const start = Math.floor(this.#ids.fraction() * count)
    for (let i = 0; i < count; i++) {
      const address = base + first + ((start + i) % count)
      if (!this.#used.has(address)) return address
    }
    for (let offset = 1; offset < first; offset++) if (!this.#used.has(base + offset)) return base + offset
    return undefined
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
    const { first, dynamic, last } = nodePorts
    const count = last - dynamic + 1
    const start = Math.floor(this.#ids.fraction() * count)
    for (let i = 0; i < count; i++) {
      const port = dynamic + ((start + i) % count)
      if (!this.#used.has(port)) return port
    }
    for (let port = first; port < dynamic; port++) if (!this.#used.has(port)) return port
    throw new Error('bug: the node port range is full')
  }
}

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const toText = (value: number): string => [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
