// IP addresses and ranges as fields: what is one, and which ones mean something special.
import { type FieldError, invalid } from '../errors.ts'
import { isCidr, networkOf, parseAddress, parseCidr, printAddress, printCidr } from '../values/cidr.ts'
import { ipv6Groups, isIp, isIpv4, isIpv6 } from '../values/ip.ts'

const leadingZeros = (text: string): boolean => /^\d{1,10}(\.\d{1,10}){3}$/.test(text) && isIpv4(withoutZeros(text))
const withoutZeros = (text: string): string => text.replace(/\b0+(?=\d)/g, '')
const isMapped = (text: string): boolean => isIpv6(text) && ipv6Groups(text).slice(0, 6).join() === '0,0,0,0,0,65535'

export function ipErrors(path: string, text: string): FieldError[] {
  if (isMapped(text)) return [invalid(path, text, 'must not be an IPv4-mapped IPv6 address')]
  if (isIp(text)) return []
  return [
    invalid(path, text, leadingZeros(text) ? 'must not have leading 0s' : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
  ]
}

/** Addresses no backend can have. */
export function specialIpErrors(path: string, text: string): FieldError[] {
  if (!isIp(text)) return leadingZeros(text) ? [] : [invalid(path, text, 'must be a valid IP address')]
  const why = special(text)
  return why ? [invalid(path, text, why)] : []
}

function special(text: string): string | undefined {
  const [loopback, local, multicast] = isIpv4(text) ? ipv4Traits(text) : ipv6Traits(text)
  if (text === '0.0.0.0' || (isIpv6(text) && ipv6Groups(text).every(group => group === 0))) return 'may not be unspecified (0.0.0.0 or ::)'
  if (loopback) return 'may not be in the loopback range (127.0.0.0/8, ::1/128)'
  if (local) return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'
  return multicast ? 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)' : undefined
}

type Traits = readonly [loopback: boolean, linkLocal: boolean, multicast: boolean]

const ipv4Traits = (text: string): Traits => [text.startsWith('127.'), text.startsWith('169.254.'), text.startsWith('224.0.0.')]

function ipv6Traits(text: string): Traits {
  const groups = ipv6Groups(text)
  const first = groups[0] ?? 0
  return [groups.join() === '0,0,0,0,0,0,0,1', (first & 0xffc0) === 0xfe80, (first & 0xff0f) === 0xff02]
}

export const cidrErrors = (path: string, text: string): FieldError[] =>
  isCidr(text) ? [] : [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]

const ipv4Mapped = (text: string): boolean => isMapped(text.split('/')[0] ?? '')

/** As ipErrors; and written the only way it may be. */
export function canonicalIpErrors(path: string, text: string): FieldError[] {
  const errors = ipErrors(path, text)
  const address = parseAddress(text)
  if (errors.length > 0 || !address || printAddress(address) === text) return errors
  return [invalid(path, text, `must be in canonical form (${JSON.stringify(printAddress(address))})`)]
}

/** No spelling that could be read in two ways. */
export function strictCidrErrors(path: string, text: string): FieldError[] {
  const cidr = parseCidr(text)
  if (!cidr) return withZeros(text) ? [invalid(path, text, 'must not have leading 0s in IP or prefix length')] : cidrErrors(path, text)
  if (ipv4Mapped(text)) return [invalid(path, text, 'must not have an IPv4-mapped IPv6 address')]
  return cidr.value === networkOf(cidr) ? [] : [invalid(path, text, 'must not have bits set beyond the prefix length')]
}

const withZeros = (text: string): boolean => {
  const [address = '', bits = '', ...rest] = text.split('/')
  const plain = isIp(address) ? address : leadingZeros(address) ? withoutZeros(address) : ''
  return rest.length === 0 && parseCidr(`${plain}/${bits.replace(/^0+(?=\d)/, '')}`) !== undefined
}

export function canonicalCidrErrors(path: string, text: string): FieldError[] {
  const errors = strictCidrErrors(path, text)
  const cidr = parseCidr(text)
  if (errors.length > 0 || !cidr || printCidr(cidr) === text) return errors
  return [invalid(path, text, `must be in canonical form (${JSON.stringify(printCidr(cidr))})`)]
}

/** For ranges that may be written otherwise, but should not. */
export function cidrWarning(path: string, text: string): string[] {
  const cidr = parseCidr(text)
  if (cidr?.family !== 6 || printCidr(cidr) === text) return []
  return [`${path}: IPv6 CIDR value ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(printCidr(cidr))})`]
}
