// The functions Kubernetes adds to CEL: quantities, sets, lists, texts, addresses and URLs.
import type { Environment } from '@marcbachmann/cel-js'
import { parseQuantity, quantityError } from '../values/quantity.ts'
import { adder, fail, joined, namespace } from './libraries/add.ts'
import { authorizers } from './libraries/authorizer.ts'
import { comprehensions } from './libraries/comprehensions.ts'
import { conversions } from './libraries/conversions.ts'
import { formats } from './libraries/format.ts'
import { expression } from './libraries/instead.ts'
import { addresses } from './libraries/ip.ts'
import { keyOf, lists } from './libraries/lists.ts'
import { literals } from './libraries/literals.ts'
import { namedFormats } from './libraries/names.ts'
import { optionals } from './libraries/optionals.ts'
import { semvers } from './libraries/semver.ts'

const scale = 1_000_000_000n
class Quantity {
  readonly nano: bigint
  constructor(nano: bigint) {
    this.nano = nano
  }
  static of(text: string): Quantity {
    return new Quantity((parseQuantity(text) ?? fail(quantityError)).nano)
  }
}

class Url {
  readonly url: URL
  constructor(url: URL) {
    this.url = url
  }
}

const sign = (value: bigint): bigint => (value > 0n ? 1n : value < 0n ? -1n : 0n)

const parts = [
  quantities,
  sets,
  lists,
  texts,
  places,
  addresses,
  semvers,
  formats,
  namedFormats,
  comprehensions,
  optionals,
  authorizers,
  conversions,
]

/** `patches`: with what mutating policies write their patches in. */
export function registerLibraries(environment: Environment, patches = false): Environment {
  for (const part of parts) part(environment)
  literals(environment, patches)
  if (patches) jsonPatches(environment)
  return environment
}

function quantities(environment: Environment): void {
  environment.registerType('Quantity', Quantity)
  const add = adder(environment)
  add('quantity(string): Quantity', (text: string) => Quantity.of(text))
  add('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
  add('Quantity.sign(): int', (a: Quantity) => sign(a.nano))
  add('Quantity.isInteger(): bool', (a: Quantity) => a.nano % scale === 0n)
  add('Quantity.asInteger(): int', (a: Quantity) => (a.nano % scale === 0n ? a.nano / scale : fail('cannot convert value to integer')))
  add('Quantity.asApproximateFloat(): double', (a: Quantity) => Number(a.nano) / Number(scale))
  add('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) => sign(a.nano - b.nano))
  add('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nano < b.nano)
  add('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nano > b.nano)
  add('Quantity.add(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nano + b.nano))
  add('Quantity.add(int): Quantity', (a: Quantity, b: bigint) => new Quantity(a.nano + b * scale))
  add('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nano - b.nano))
  add('Quantity.sub(int): Quantity', (a: Quantity, b: bigint) => new Quantity(a.nano - b * scale))
  environment.registerOperator('Quantity == Quantity', (a: Quantity, b: Quantity) => a.nano === b.nano)
}

class Sets {}

function sets(environment: Environment): void {
  namespace(environment, 'sets', Sets)
  const add = adder(environment)
  const contains = (a: readonly unknown[], b: readonly unknown[]) => {
    const known = new Set(a.map(keyOf))
    return b.every(each => known.has(keyOf(each)))
  }
  add('Sets.contains(list, list): bool', (_sets: Sets, a: unknown[], b: unknown[]) => contains(a, b))
  add('Sets.equivalent(list, list): bool', (_sets: Sets, a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a))
  add('Sets.intersects(list, list): bool', (_sets: Sets, a: unknown[], b: unknown[]) => {
    const known = new Set(a.map(keyOf))
    return b.some(each => known.has(keyOf(each)))
  })
}

function texts(environment: Environment): void {
  const add = adder(environment)
  const some = (limit: bigint) => (limit < 0n ? Number.POSITIVE_INFINITY : Number(limit))
  add('string.charAt(int): string', (text: string, at: bigint) => {
    const characters = [...text]
    if (at < 0n || at > characters.length) fail(`index out of range: ${at}`)
    return characters[Number(at)] ?? ''
  })
  // Nothing stands before and after each character.
  const around = (text: string, from: string) => (from === '' ? ['', ...text, ''] : text.split(from))
  add('string.replace(string, string): string', (text: string, from: string, to: string) => joined(around(text, from), to))
  add('string.replace(string, string, int): string', (text: string, from: string, to: string, limit: bigint) => {
    const parts = around(text, from)
    const replaced = Math.min(parts.length - 1, some(limit))
    return [joined(parts.slice(0, replaced + 1), to), ...parts.slice(replaced + 1)].join(from)
  })
  add('string.find(string): string', (text: string, wanted: string) => expression(wanted).all(text, 1)[0] ?? '')
  add('string.findAll(string): list<string>', (text: string, wanted: string) => expression(wanted).all(text, Number.POSITIVE_INFINITY))
  add('string.findAll(string, int): list<string>', (text: string, wanted: string, limit: bigint) =>
    expression(wanted).all(text, some(limit)),
  )
}

function places(environment: Environment): void {
  environment.registerType('Url', Url)
  const add = adder(environment)
  const parse = (text: string): URL | undefined => (/^[a-zA-Z][a-zA-Z0-9+.-]*:|^\//.test(text) ? readUrl(text) : undefined)
  add('isURL(string): bool', (text: string) => parse(text) !== undefined)
  add('url(string): Url', (text: string) => new Url(parse(text) ?? fail(`URL parse error during conversion from string: ${text}`)))
  add('Url.getScheme(): string', ({ url }: Url) => (url.host === noHost ? '' : url.protocol.slice(0, -1)))
  add('Url.getHost(): string', ({ url }: Url) => (url.host === noHost ? '' : url.host))
  add('Url.getHostname(): string', ({ url }: Url) => (url.host === noHost ? '' : url.hostname.replace(/^\[|\]$/g, '')))
  add('Url.getPort(): string', ({ url }: Url) => url.port)
  add('Url.getEscapedPath(): string', ({ url }: Url) => url.pathname)
  add('Url.getQuery(): map<string, list<string>>', ({ url }: Url) => queryOf(url))
  environment.registerOperator('Url == Url', (a: Url, b: Url) => a.url.href === b.url.href)
}

function queryOf({ searchParams }: URL): Map<string, string[]> {
  const names = [...new Set(searchParams.keys())]
  return new Map(names.map(name => [name, searchParams.getAll(name)]))
}

/** Of a URL that is only a path. */
const noHost = 'no-host.invalid'

function readUrl(text: string): URL | undefined {
  try {
    return new URL(text, `http://${noHost}`)
  } catch {
    return undefined
  }
}

class JsonPatchFunctions {}

function jsonPatches(environment: Environment): void {
  namespace(environment, 'jsonpatch', JsonPatchFunctions)
  adder(environment)('JsonPatchFunctions.escapeKey(string): string', (_jsonpatch: unknown, key: string) =>
    joined(key.split('~'), '~0').replaceAll('/', '~1'),
  )
}
