// IP addresses and ranges of them: ip(), cidr() and what can be asked of both.
import type { Environment } from '@marcbachmann/cel-js'
import { type Address, type Cidr, contains, parseAddress, parseCidr, printAddress } from '../../values/cidr.ts'
import { adder, fail, namespace, quoted } from './add.ts'

class IpValue {
  readonly address: Address
  constructor(address: Address) {
    this.address = address
  }
  get costSize(): number {
    return widthOf(this.address) / 8
  }
}

class CidrValue {
  readonly range: Cidr
  constructor(range: Cidr) {
    this.range = range
  }
  get costSize(): number {
    return Math.ceil(this.range.bits / 8)
  }
}

class IpFunctions {}

/** ::ffff:a.b.c.d, which Kubernetes takes for neither family. */
const isMapped = ({ family, value }: Address): boolean => family === 6 && value >> 32n === 0xffffn

function readIp(text: string): Address | string {
  const address = parseAddress(text)
  if (!address) {
    const zone = text.includes('%') && parseAddress(text.slice(0, text.indexOf('%')))
    if (zone) return `IP address ${quoted(text)} with zone value is not allowed`
    return `IP Address ${quoted(text)} parse error during conversion from string: ParseAddr(${quoted(text)}): unable to parse IP`
  }
  return isMapped(address) ? `IPv4-mapped IPv6 address ${quoted(text)} is not allowed` : address
}

function readCidr(text: string): Cidr | string {
  const range = parseCidr(text)
  if (!range)
    return `network address parse error during conversion from string: netip.ParsePrefix(${quoted(text)}): ${text.includes('/') ? 'ParseAddr: unable to parse IP' : "no '/'"}`
  return isMapped(range) ? `IPv4-mapped IPv6 address ${quoted(printAddress(range))} is not allowed` : range
}

const sure = <T extends object>(read: T | string): T => (typeof read === 'string' ? fail(read) : read)

/** The `count` highest bits. */
const top = ({ family, value }: Address, count: number): bigint => value >> BigInt((family === 4 ? 32 : 128) - count)

const isLoopback = (a: Address): boolean => (a.family === 4 ? top(a, 8) === 127n : a.value === 1n)
const isMulticast = (a: Address): boolean => (a.family === 4 ? top(a, 4) === 14n : top(a, 8) === 0xffn)
const isLinkLocalMulticast = (a: Address): boolean => (a.family === 4 ? top(a, 24) === 0xe00000n : top(a, 16) === 0xff02n)
const isLinkLocalUnicast = (a: Address): boolean => (a.family === 4 ? top(a, 16) === 0xa9fen : top(a, 10) === 0x3fan)
const isBroadcast = (a: Address): boolean => a.family === 4 && a.value === 0xffffffffn
const isGlobalUnicast = (a: Address): boolean =>
  a.value !== 0n && !isBroadcast(a) && !isLoopback(a) && !isMulticast(a) && !isLinkLocalUnicast(a)

const printRange = (range: Cidr): string => `${printAddress(range)}/${range.bits}`
const masked = (range: Cidr): Cidr => ({ ...range, value: top(range, range.bits) << BigInt(widthOf(range) - range.bits) })
const widthOf = ({ family }: Address): number => (family === 4 ? 32 : 128)
const holds = (outer: Cidr, inner: Cidr): boolean => outer.bits <= inner.bits && contains(outer, inner)

export function addresses(environment: Environment): void {
  environment.registerType('net.IP', IpValue)
  environment.registerType('net.CIDR', CidrValue)
  namespace(environment, 'ip', IpFunctions)
  const add = adder(environment)
  add('ip(string): net.IP', (text: string) => new IpValue(sure(readIp(text))))
  add('isIP(string): bool', (text: string) => typeof readIp(text) !== 'string')
  add('IpFunctions.isCanonical(string): bool', (_ip: unknown, text: string) => printAddress(sure(readIp(text))) === text)
  add('string(net.IP): string', ({ address }: IpValue) => printAddress(address))
  add('net.IP.family(): int', ({ address }: IpValue) => BigInt(address.family))
  add('net.IP.isUnspecified(): bool', ({ address }: IpValue) => address.value === 0n)
  for (const [name, test] of Object.entries({ isLoopback, isLinkLocalMulticast, isLinkLocalUnicast, isGlobalUnicast }))
    add(`net.IP.${name}(): bool`, ({ address }: IpValue) => test(address))
  environment.registerOperator('net.IP == net.IP', (a: IpValue, b: IpValue) => printAddress(a.address) === printAddress(b.address))

  add('cidr(string): net.CIDR', (text: string) => new CidrValue(sure(readCidr(text))))
  add('isCIDR(string): bool', (text: string) => typeof readCidr(text) !== 'string')
  add('string(net.CIDR): string', ({ range }: CidrValue) => printRange(range))
  add('net.CIDR.containsIP(net.IP): bool', ({ range }: CidrValue, { address }: IpValue) => contains(range, address))
  add('net.CIDR.containsIP(string): bool', ({ range }: CidrValue, text: string) => contains(range, sure(readIp(text))))
  add('net.CIDR.containsCIDR(net.CIDR): bool', (outer: CidrValue, inner: CidrValue) => holds(outer.range, inner.range))
  add('net.CIDR.containsCIDR(string): bool', (outer: CidrValue, text: string) => holds(outer.range, sure(readCidr(text))))
  add('net.CIDR.ip(): net.IP', ({ range: { family, value } }: CidrValue) => new IpValue({ family, value }))
  add('net.CIDR.masked(): net.CIDR', ({ range }: CidrValue) => new CidrValue(masked(range)))
  add('net.CIDR.prefixLength(): int', ({ range }: CidrValue) => BigInt(range.bits))
  environment.registerOperator('net.CIDR == net.CIDR', (a: CidrValue, b: CidrValue) => printRange(a.range) === printRange(b.range))
}
