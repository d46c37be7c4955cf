// Ranges of IP addresses as text: which network, what lies in it, how it is written.
import { ipv6Groups, isIpv4, isIpv6 } from './ip.ts'

export interface Address {
  family: 4 | 6
  value: bigint
}

/** A range with the address it was written with, which may have bits beyond the prefix. */
export interface Cidr extends Address {
  bits: number
}

const width = ({ family }: Address): number => (family === 4 ? 32 : 128)

export function parseAddress(text: string): Address | undefined {
  if (isIpv4(text)) return { family: 4, value: BigInt(text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)) }
  if (!isIpv6(text)) return undefined
  return { family: 6, value: ipv6Groups(text).reduce((sum, group) => sum * 65536n + BigInt(group), 0n) }
}

export function parseCidr(text: string): Cidr | undefined {
  const [address = '', bits = '', ...rest] = text.split('/')
  const parsed = parseAddress(address)
  if (!parsed || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width(parsed)) return undefined
  return { ...parsed, bits: Number(bits) }
}

export const isCidr = (text: string): boolean => parseCidr(text) !== undefined

/** The first address of the range. */
export function networkOf(cidr: Cidr): bigint {
  const free = BigInt(width(cidr) - cidr.bits)
  return (cidr.value >> free) << free
}

/** Whether the address, or the first one of a smaller range, lies in `outer`. */
export const contains = (outer: Cidr, inner: Address): boolean =>
  outer.family === inner.family && networkOf({ ...inner, bits: outer.bits }) === networkOf(outer)

/** In canonical form: RFC 5952 for IPv6. */
export function printAddress({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - index * 16)) & 65535n))
  const zeros = longestZeros(groups)
  const print = (part: readonly number[]) => part.map(group => group.toString(16)).join(':')
  if (!zeros) return print(groups)
  return `${print(groups.slice(0, zeros.start))}::${print(groups.slice(zeros.start + zeros.length))}`
}

export const printCidr = (cidr: Cidr): string => `${printAddress({ family: cidr.family, value: networkOf(cidr) })}/${cidr.bits}`

/** The first of the longest runs of zeros, if it has two groups or more. */
function longestZeros(groups: readonly number[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === 0) end++
    if (end - start >= 2 && end - start > (best?.length ?? 0)) best = { start, length: end - start }
  }
  return best
}
