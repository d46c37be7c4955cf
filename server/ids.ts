// The only source of randomness: uids, name suffixes, tokens. Seeded, so that the same seed and the same requests give the same cluster.
import { randomBytes } from 'node:crypto'

export interface Ids {
  /** A version 4 UUID. */
  uid(): string
  /** Letters and digits that cannot spell words, as generated names end with. */
  suffix(length: number): string
  /** [0, 1) */
  fraction(): number
}

const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** `seed` undefined: different in each process. */
export function createIds(seed?: number): Ids {
  const fraction = xoshiro(seed ?? randomBytes(4).readUInt32LE())
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits)
      text += Math.floor(fraction() * 0x1000000)
        .toString(16)
        .padStart(6, '0')
    return text.slice(0, digits)
  }
  return {
    fraction,
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(fraction() * 4)]}${hex(3)}-${hex(12)}`,
    suffix: length => {
      let text = ''
      for (let i = 0; i < length; i++) text += safeAlphabet[Math.floor(fraction() * safeAlphabet.length)]
      return text
    },
  }
}

/** xoshiro128**, seeded by splitmix32 (public domain generators by Blackman and Vigna). */
function xoshiro(seed: number): () => number {
  let mix = seed >>> 0
  const next32 = () => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  let [a, b, c, d] = [next32(), next32(), next32(), next32()]
  const rotate = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result / 0x100000000
  }
}
