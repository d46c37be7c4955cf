// What a call of each function costs: beforehand, from what is known of its values, and as it happened. Values come with what it is called
// on first. interpreter/runtimecost.go, checker/cost.go and ext/ of cel-go, and apiserver/pkg/cel/library/cost.go.
import { capped, exactly, making, most, patternSearch, plus, type Size, scan, scanned, sizeOf, times, unknownSize } from './size.ts'

/** What is known of a value. */
export interface Operand {
  size: Size
  /** The type's name; dyn where it is not known. */
  type: string
  /** Of an item, of lists. */
  element?: { size: Size; type: string }
  literal?: unknown
}

export interface Estimate {
  cost: number
  /** Of the result, where it says more than the result's type. */
  size?: Size | undefined
}

export interface Costs {
  estimate(values: readonly Operand[]): Estimate
  actual(values: readonly unknown[], result: unknown): number
}

const none: Operand = { size: unknownSize, type: 'dyn' }
const at = (values: readonly Operand[], index: number): Operand => values[index] ?? none

const fixed = (cost: number): Costs => ({ estimate: () => ({ cost }), actual: () => cost })
export const nominal = fixed(1)

/** Text in, the same text out, more or less. */
const transformed: Costs = {
  estimate: values => ({ cost: scan(at(values, 0).size.max), size: at(values, 0).size }),
  actual: ([text]) => scan(sizeOf(text)),
}
const read = (passes = 1): Costs => ({
  estimate: values => ({ cost: scan(at(values, 0).size.max, passes) }),
  actual: ([text]) => scan(sizeOf(text), passes),
})
/** Estimated by what is looked for, counted by what it is looked for in. */
const edge: Costs = { estimate: values => ({ cost: scan(at(values, 1).size.max) }), actual: ([text]) => scan(sizeOf(text)) }
const search: Costs = {
  estimate: values => ({ cost: capped(scan(at(values, 0).size.max) * scan(at(values, 1).size.max)) }),
  actual: ([text, part]) => scan(sizeOf(text)) * scan(sizeOf(part)),
}
const pattern = (found: boolean): Costs => ({
  estimate: values => ({
    cost: patternSearch(at(values, 0).size.max, at(values, 1).size.max),
    ...(found ? { size: { min: 0, max: at(values, 0).size.max } } : {}),
  }),
  actual: ([text, wanted]) => patternSearch(sizeOf(text), sizeOf(wanted)),
})

const isText = (type: string): boolean => type === 'string' || type === 'bytes'

const walk: Costs = {
  estimate(values) {
    const { size, element } = at(values, 0)
    if (!element) return { cost: scan(size.max) }
    const text = isText(element.type)
    return {
      cost: capped(size.max * (1 + (text ? scan(element.size.max) : 0))),
      ...(text || element.type === 'dyn' ? {} : { size: exactly(1) }),
    }
  },
  actual: ([list]) => traversal(list),
}

function traversal(value: unknown): number {
  if (typeof value === 'string') return scanned(Buffer.byteLength(value))
  if (value instanceof Uint8Array) return scanned(value.length)
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + traversal(item), 0)
  return value instanceof Map ? [...value].reduce((sum, [name, item]) => sum + traversal(name) + traversal(item), 0) : 1
}

const replace: Costs = {
  estimate(values) {
    const [text, from, to] = [0, 1, 2].map(index => at(values, index).size) as [Size, Size, Size]
    return { cost: scan(text.max, 2), size: replacedSize(text, from, to) }
  },
  actual: ([text]) => scan(sizeOf(text), 2),
}

/** As few or as many replacements as there can be; to replace nothing is to put something around each character. */
function replacedSize(text: Size, from: Size, to: Size): Size {
  const longest =
    from.min === 0
      ? { count: text.max + 1, kept: text.max }
      : to.max <= from.min
        ? { count: 0, kept: text.max }
        : { count: Math.ceil(text.max / from.min), kept: 0 }
  const shortest =
    from.max === 0
      ? { count: text.min + 1, kept: text.min }
      : from.max <= to.min
        ? { count: 0, kept: text.min }
        : { count: Math.ceil(text.min / from.max), kept: 0 }
  return { min: capped(shortest.count * to.min + shortest.kept), max: capped(longest.count * to.max + longest.kept) }
}

const split: Costs = {
  estimate(values) {
    const { size } = at(values, 0)
    const limit = at(values, 2).literal
    // A limit below zero is none, and is read as Go's largest number.
    return { cost: scan(size.max, 2), size: { min: 0, max: typeof limit === 'bigint' ? Number(BigInt.asUintN(64, limit)) : size.max } }
  },
  actual: ([text]) => scan(sizeOf(text), 2),
}

const join: Costs = {
  estimate(values) {
    const { size, element } = at(values, 0)
    const between = { min: Math.max(0, size.min - 1), max: Math.max(0, size.max - 1) }
    const items = element ? times(size, element.size) : exactly(0)
    const joined = values.length > 1 ? plus(items, times(at(values, 1).size, between)) : items
    return { cost: scan(joined.max), size: joined }
  },
  actual: (_values, result) => scan(sizeOf(result), 2),
}

const sets = (passes: number): Costs => ({
  estimate: values => ({ cost: capped(1 + passes * at(values, 0).size.max * at(values, 1).size.max) }),
  actual: ([a, b]) => 1 + passes * sizeOf(a) * sizeOf(b),
})

/** A selector is read, and a requirement made of every two characters. */
const selectorCost = (length: number): number => making.list + scan(length) + Math.ceil(length / 2) * (making.list + making.object)
const selector: Costs = {
  estimate: values => ({ cost: capped(selectorCost(at(values, 1).size.max)) }),
  actual: ([, text]) => selectorCost(sizeOf(text)),
}

/** Of the four or sixteen bytes of an address, twice; then once more for its mask; then what a text takes to be read. */
const within = (masked: boolean): Costs => ({
  estimate: values => ({ cost: capped(addressCost(16, masked) + textCost(at(values, 1).type === 'string' ? at(values, 1).size.max : 0)) }),
  actual: ([range, other]) => addressCost(sizeOf(range), masked) + textCost(typeof other === 'string' ? sizeOf(other) : 0),
})
const addressCost = (size: number, masked: boolean): number => scan(2 * size) + (masked ? scan(size) + 1 : 0)
const textCost = (length: number): number => scan(length)

/** Sizes of the patterns that stand for forms which have names, as upstream takes them. */
const largestPattern = 128
const form: Costs = {
  estimate: values => ({ cost: capped(Math.ceil((scan(at(values, 1).size.max) * largestPattern) / 4)) }),
  actual: ([format, text]) => patternSearch(sizeOf(text), (format as { patternSize?: number }).patternSize ?? largestPattern),
}

const bytesOfText: Costs = {
  estimate(values) {
    const { size } = at(values, 0)
    return { cost: scan(size.max), size: { min: size.min, max: capped(4 * size.max) } }
  },
  actual: ([text]) => scan(sizeOf(text)),
}
const textOfBytes: Costs = {
  estimate(values) {
    const { size } = at(values, 0)
    return { cost: scan(size.max), size: { min: Math.floor(size.min / 4), max: size.max } }
  },
  actual: ([bytes]) => scan(sizeOf(bytes)),
}
const quoted: Costs = {
  estimate(values) {
    const { size } = at(values, 0)
    return { cost: scan(size.max), size: { min: size.min + 2, max: capped(2 * size.max + 2) } }
  },
  actual: ([text]) => scan(sizeOf(text)),
}

const equality: Costs = {
  estimate: values => ({ cost: scan(Math.min(at(values, 0).size.max, at(values, 1).size.max)) }),
  actual: ([a, b]) => scan(Math.min(sizeOf(a), sizeOf(b))),
}
const concatenation: Costs = {
  estimate(values) {
    const size = plus(at(values, 0).size, at(values, 1).size)
    return { cost: scan(size.max), size }
  },
  actual: ([a, b]) => scan(sizeOf(a) + sizeOf(b)),
}
const listConcatenation: Costs = {
  estimate: values => ({ cost: 1, size: plus(at(values, 0).size, at(values, 1).size) }),
  actual: () => 1,
}
const membership: Costs = { estimate: values => ({ cost: at(values, 1).size.max }), actual: ([, list]) => sizeOf(list) }

/** A list is made of so many steps. */
const listOf = (steps: number): number => capped(1 + making.list + Math.floor(steps))
const listSize = ([list]: readonly Operand[]): Size => list?.size ?? unknownSize
/** Of a number that is written down. */
const numberOf = (operand: Operand | undefined, other: number): number =>
  typeof operand?.literal === 'bigint' ? Math.max(0, Number(operand.literal)) : other

const reversed: Costs = {
  estimate: values => ({ cost: listOf(listSize(values).max), size: listSize(values) }),
  actual: ([list]) => listOf(sizeOf(list)),
}
const flattened: Costs = {
  estimate: values => ({
    cost: listOf(listSize(values).max * (values.length > 1 ? numberOf(values[1], most) : 1)),
    size: listSize(values),
  }),
  actual: ([list, depth]) => listOf(sizeOf(list) * (depth === undefined ? 1 : Number(depth))),
}
const made = (count: (values: readonly Operand[]) => number): Costs => ({
  estimate: values => ({ cost: listOf(count(values)), size: exactly(count(values)) }),
  actual: (_values, result) => listOf(sizeOf(result)),
})
/** Upstream's difference of two numbers that are never negative. */
const sliced = made(values => {
  const count = numberOf(values[2], listSize(values).max) - numberOf(values[1], 0)
  return count < 0 ? most : count
})
const ranged = made(values => numberOf(values[0], most))

/** Each item with each other, both ways. */
const compared = (size: number, text: boolean): number => size * size * (text ? 2.1 : 2)
export const sorted: Costs = {
  estimate(values) {
    const { size, element } = at(values, 0)
    return {
      cost: listOf(Math.ceil(compared(size.max, mayBeText(element?.type)))),
      size: times(size, size),
    }
  },
  actual: ([list]) => listOf(compared(sizeOf(list), isTextValue((list as unknown[])[0]))),
}
const mayBeText = (type = ''): boolean => isText(type) || type === 'dyn'
const isTextValue = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array
const distinct: Costs = {
  ...sorted,
  estimate: values => ({ cost: listOf(compared(listSize(values).max, false)), size: times(listSize(values), listSize(values)) }),
}

const named = (costs: Costs, names: string): [string, Costs][] => names.split(' ').map(name => [name, costs])

/** Those that are not here cost one. */
const functions: ReadonlyMap<string, Costs> = new Map([
  // Two of them are what an expression can pay for.
  ...named(fixed(350_000), 'check'),
  ...named(selector, 'fieldSelector labelSelector'),
  ...named(walk, 'isSorted sum max min indexOf lastIndexOf'),
  ...named(transformed, 'url lowerAscii upperAscii substring trim jsonpatch.escapeKey'),
  ...named(replace, 'replace'),
  ...named(split, 'split'),
  ...named(join, 'join'),
  ...named(pattern(true), 'find findAll'),
  ...named(pattern(false), 'matches'),
  ...named(search, 'contains'),
  ...named(edge, 'startsWith endsWith'),
  ...named(read(), 'cidr isIP isCIDR ip quantity isQuantity semver isSemver format'),
  ...named(read(2), 'ip.isCanonical'),
  ...named(within(false), 'containsIP'),
  ...named(within(true), 'containsCIDR'),
  ...named(form, 'validate'),
  ...named(quoted, 'strings.quote'),
  ...named(sets(1), 'sets.contains sets.intersects'),
  ...named(sets(2), 'sets.equivalent'),
  ...named(equality, '== !='),
  ...named(reversed, 'reverse'),
  ...named(flattened, 'flatten'),
  ...named(sliced, 'slice'),
  ...named(ranged, 'lists.range'),
  ...named(distinct, 'distinct'),
])

const ordering: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])
/** Of types that are equal in one step. */
const plainEquality = /^(?:net\.|Quantity$|kubernetes\.)/
const namedFormatBytes = 64

/** Each that a call may turn out to be; `types`: of its values. */
export function costsOf(name: string, member: boolean, types: readonly string[]): readonly Costs[] {
  const [first = 'dyn', second = 'dyn'] = types
  if (name === '+') return additions(first, second)
  if (ordering.has(name))
    return [first, second].some(isText) ? [equality] : first === 'dyn' && second === 'dyn' ? [equality, nominal] : [nominal]
  if (name === 'in') return second === 'dyn' ? [membership, nominal] : [second.startsWith('list') ? membership : nominal]
  if (name === 'bytes') return [first === 'string' ? bytesOfText : nominal]
  if (name === 'string') return first === 'bytes' ? [textOfBytes] : first === 'dyn' ? [textOfBytes, nominal] : [nominal]
  if (name === 'sort') return first === 'dyn' || first === 'list<dyn>' || first === 'list' ? [sorted, nominal] : [sorted]
  // cidr('…').ip() is read already.
  if (name === 'ip' && member) return [nominal]
  if (name === '==' && first === second && plainEquality.test(first))
    return [first === 'kubernetes.NamedFormat' ? fixed(scan(namedFormatBytes)) : nominal]
  return [functions.get(name) ?? nominal]
}

function additions(a: string, b: string): readonly Costs[] {
  const types = [a, b]
  if (types.some(isText)) return [concatenation]
  if (types.some(type => type.startsWith('list'))) return [listConcatenation]
  return a === 'dyn' && b === 'dyn' ? [concatenation, listConcatenation, nominal] : [nominal]
}
