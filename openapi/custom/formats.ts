// Formats of strings and numbers that schemas of custom resources know. Others are ignored, with a warning when the schema is written.
import { isCidr } from '../values/cidr.ts'
import { isIpv4, isIpv6 } from '../values/ip.ts'
import { isDns1123Label, isDns1123Subdomain } from '../values/names.ts'
import { parseDuration } from '../values/time.ts'
import { isIntOrString, type Structural } from './structural.ts'

type Check = (text: string) => boolean
const matching =
  (pattern: RegExp): Check =>
  text =>
    pattern.test(text)

const uuid = (version: string, variant: string): Check =>
  matching(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'))
const hex = '[0-9a-f]'
const isIsbn10: Check = text => /^\d{9}[\dX]$/.test(digits(text)) && weighted(digits(text)) % 11 === 0
const isIsbn13: Check = text => /^\d{13}$/.test(digits(text)) && alternating(digits(text)) % 10 === 0
const digits = (text: string): string => text.replace(/[\s-]+/g, '')
const weighted = (text: string): number => [...text].reduce((sum, c, i) => sum + (10 - i) * (c === 'X' ? 10 : Number(c)), 0)
const alternating = (text: string): number => [...text].reduce((sum, c, i) => sum + (i % 2 === 0 ? 1 : 3) * Number(c), 0)

function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(text)
  if (!match) return false
  const [, date = '', hours, minutes, seconds] = match
  return isDate(date) && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) <= 60
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** An absolute address, or a path. */
function isUri(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these may not be in an address
  if (text === '' || /[\s\u0000-\u001f\u007f]/.test(text)) return false
  return text.startsWith('/') || URL.canParse(text)
}

const isDuration: Check = text =>
  parseDuration(text) !== undefined ||
  /^\d+(\.\d+)?\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/.test(
    text,
  )
const isHostname: Check = text =>
  text.length <= 255 && /^([a-z0-9]|[a-z0-9][a-z0-9_-]*[a-z0-9])(\.([a-z0-9]|[a-z0-9][a-z0-9_-]*[a-z0-9]))*\.?$/i.test(text)
const isEmail: Check = text => /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/.test(text) || /^[^<>]*<[^\s@<>]+@[^\s@<>]+>$/.test(text)
const isByte: Check = text => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
const card = /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/
const part = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'

/** By name without dashes. */
const checks: Readonly<Record<string, Check>> = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  uri: isUri,
  email: isEmail,
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: isCidr,
  mac: matching(new RegExp(`^(${hex}{2}([:-]${hex}{2}){5,19}|${hex}{4}(\\.${hex}{4}){2,9})$`, 'i')),
  uuid: uuid(hex, hex),
  uuid3: uuid('3', hex),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
  isbn: text => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: text => card.test(text.replace(/\D/g, '')),
  ssn: matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matching(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: matching(new RegExp(`^rgb\\(\\s*${part}\\s*,\\s*${part}\\s*,\\s*${part}\\s*\\)$`)),
  byte: isByte,
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: text => isDns1123Label(text).length === 0,
  k8slongname: text => isDns1123Subdomain(text).length === 0,
}

/** undefined: any string will do. */
export const formatCheck = (format: string): Check | undefined => {
  const name = format.replaceAll('-', '')
  return Object.hasOwn(checks, name) ? checks[name] : undefined
}

const numberFormats: Readonly<Record<string, readonly string[]>> = { integer: ['int32', 'int64'], number: ['float', 'double'] }

/** It says something of values of this type. */
export function isKnownFormat(schema: Structural): boolean {
  const { type = '', format = '' } = schema
  if (isIntOrString(schema)) return false
  if (type === '' || type === 'string') return formatCheck(format) !== undefined
  return numberFormats[type]?.includes(format) ?? false
}
