// The most that an expression may cost, from the bounds of the schema it stands in: a schema whose rules may cost too much is refused.
// checker/cost.go of cel-go; where that knows less than it could, so does this, for a definition has to be taken here that is taken there.
import type { Type } from '../libraries/macros.ts'
import type { Bounds } from './bounds.ts'
import { costsOf, type Operand, sorted } from './functions.ts'
import { turnsOf } from './loops.ts'
import { type Node, type Shape, shapeOf } from './shape.ts'
import { capped, exactly, making, most, type Size, sizeOf, union, unknownSize } from './size.ts'

/** Where a value comes from: undefined is no place that can be named, null one that the schema does not know. */
type Place = Bounds | null | undefined

interface Entry {
  of: 'list' | 'map'
  key: Size
  value: Size
}

interface Found {
  cost: number
  size?: Size | undefined
  /** Of what is in it. */
  entry?: Entry | undefined
  place: Place
}

type Local = Omit<Found, 'cost'>

/** `root`: read and checked in the types of the schema that `self` has. */
export function estimatedCost(root: Node, self: Bounds): number {
  try {
    return new Estimator(self).of(root).cost
  } catch (error) {
    // It is nested deeper than the stack of the engine.
    if (error instanceof RangeError) return most
    throw error
  }
}

type Of<Is extends Shape['is']> = Extract<Shape, { is: Is }>

class Estimator {
  readonly #self: Bounds
  readonly #locals = new Map<string, Local>()
  constructor(self: Bounds) {
    this.#self = self
  }

  of(node: Node): Found {
    const found = this.#shape(node, shapeOf(node))
    return { ...found, size: found.size ?? sizeAt(found.place) ?? typeSize(node.checkedType) }
  }

  #shape(node: Node, shape: Shape): Found {
    switch (shape.is) {
      case 'constant':
        return { cost: 0, size: exactly(sizeOf(shape.value)), place: undefined }
      case 'type':
        return { cost: 1, place: this.#self }
      case 'name':
        return this.#name(node, shape)
      case 'field':
        return this.#field(shape)
      case 'has':
        return { cost: this.of(shape.of).cost, place: undefined }
      case 'same':
        return this.of(shape.of)
      case 'item':
        return this.#item(shape)
      case 'logic':
        return { cost: this.#sum(shape.parts), place: undefined }
      case 'choice':
        return this.#choice(shape)
      case 'list':
      case 'map':
      case 'object':
        return this.#made(shape)
      case 'call':
        return this.#call(shape)
      case 'loop':
        return this.#loop(shape)
      case 'bound':
        return this.#bound(shape)
    }
  }

  #sum = (nodes: readonly Node[]): number => capped(nodes.reduce((sum, each) => sum + this.of(each).cost, 0))

  #below(place: Place, step: (bounds: Bounds) => Bounds | undefined): Place {
    // Upstream looks for what has no place of its own from the root on.
    return place === undefined ? this.#self : place && (step(place) ?? null)
  }

  #name({ checkedType }: Node, { name }: Of<'name'>): Found {
    const { size, entry, place }: Local = this.#locals.get(name) ?? { place: this.#self }
    // Where it comes from says more than what was found out before.
    return { cost: 1, size: sizeAt(place) ?? typeSize(checkedType) ?? size, entry, place }
  }

  #field({ of, name, optional }: Of<'field'>): Found {
    const { cost, place } = this.of(of)
    if (optional) return { cost: capped(cost + 1), place: undefined }
    const { kind = 'map' } = of.checkedType ?? {}
    return { cost: capped(cost + (fielded.has(kind) ? 1 : 0)), place: this.#below(place, ({ fields }) => fields?.get(name)) }
  }

  #item({ of, index, optional }: Of<'item'>): Found {
    const [from, at] = [this.of(of), this.of(index)]
    if (optional) return { cost: capped(from.cost + at.cost + 1), place: undefined }
    return { cost: capped(from.cost + at.cost + 1), size: from.entry?.value, place: this.#below(from.place, ({ elements }) => elements) }
  }

  #choice({ condition, branches }: Of<'choice'>): Found {
    const [asked, a, b] = [this.of(condition), this.of(branches[0]), this.of(branches[1])]
    return {
      cost: capped(asked.cost + Math.max(a.cost, b.cost)),
      size: union(a.size ?? unknownSize, b.size ?? unknownSize),
      entry: bothEntries(a.entry, b.entry),
      place: undefined,
    }
  }

  #made(shape: Of<'list'> | Of<'map'> | Of<'object'>): Found {
    const cost = (parts: readonly Found[]) => capped(parts.reduce((sum, each) => sum + each.cost, making[shape.is]))
    if (shape.is === 'object') return { cost: cost(shape.values.map(each => this.of(each))), place: undefined }
    if (shape.is === 'list') {
      const items = shape.items.map(each => this.of(each))
      return {
        cost: cost(items),
        size: exactly(items.length),
        entry: { of: 'list', key: exactly(1), value: anyOf(items) },
        place: undefined,
      }
    }
    const [keys, values] = [0, 1].map(part => shape.entries.map(entry => this.of(entry[part] as Node))) as [Found[], Found[]]
    return {
      cost: cost([...keys, ...values]),
      size: exactly(keys.length),
      entry: { of: 'map', key: anyOf(keys), value: anyOf(values) },
      place: undefined,
    }
  }

  #call({ name, member, values }: Of<'call'>): Found {
    const found = values.map(each => this.of(each))
    const [a, b] = found
    const paid = capped(found.reduce((sum, each) => sum + each.cost, 0))
    if (name === 'dyn' && a) return { cost: paid + 1, size: a.size, entry: a.entry, place: undefined }
    const operands = found.map((each, index) => this.#operand(values[index] as Node, each))
    const estimates = costsOf(
      name,
      member,
      operands.map(({ type }) => type),
    ).map(costs => costs.estimate(operands))
    const sizes = estimates.flatMap(({ size }) => size ?? [])
    return {
      cost: capped(paid + Math.max(...estimates.map(({ cost }) => cost))),
      size: sizes.length > 0 ? sizes.reduce(union) : undefined,
      entry: name === '+' ? bothEntries(a?.entry, b?.entry) : undefined,
      place: undefined,
    }
  }

  #operand(node: Node, { size, place }: Found): Operand {
    const [type, shape] = [node.checkedType, shapeOf(node)]
    const of = type?.kind === 'map' ? type.keyType : type?.valueType
    const element = place ? (place.elements ?? null) : place
    return {
      size: size ?? unknownSize,
      type: resultType(node, shape),
      ...(of ? { element: { size: sizeAt(element) ?? unknownSize, type: typeName(of) } } : {}),
      ...(shape.is === 'constant' ? { literal: shape.value } : {}),
    }
  }

  #loop({ name, range, variables, parts }: Of<'loop'>): Found {
    const over = this.of(range)
    const size = over.size ?? unknownSize
    const list = over.entry ? over.entry.of === 'list' : range.checkedType?.kind === 'list'
    const element: Local = { size: over.entry?.value, place: this.#below(over.place, ({ elements }) => elements) }
    const key: Local = { size: over.entry?.key, place: this.#below(over.place, ({ keys }) => keys) }
    const locals = variables.length === 2 ? [key, element] : [list ? element : key]
    const found = this.#with(
      variables.map((variable, index) => [variable, locals[index] as Local]),
      () => parts.map(part => this.of(part)),
    )
    const { makes, ask, step, kept, after } = turnsOf(
      name,
      found.map(({ cost }) => cost),
    )
    const gathered = name === 'filter' ? (sizeAt(element.place) ?? element.size) : found.at(-1)?.size
    const ordering = name === 'sortBy' ? making.list + sorted.estimate([{ size, type: 'list', element: keyOperand(parts[0]) }]).cost : 0
    return {
      cost: capped(over.cost + (makes ? making[makes] : 0) + after + capped(size.max * (ask + step + kept)) + ordering),
      size: makes ? size : exactly(1),
      entry: makes === 'list' ? { of: 'list', key: exactly(1), value: { min: 0, max: gathered?.max ?? most } } : undefined,
      place: undefined,
    }
  }

  #bound({ name, variable, of, body }: Of<'bound'>): Found {
    const value = this.of(of)
    const optional = name !== 'bind'
    const local: Local = optional ? { size: value.size, place: undefined } : value
    const [inner] = this.#with([[variable, local]], () => [this.of(body)]) as [Found]
    if (!optional) return { ...inner, cost: capped(making.list + value.cost + inner.cost) }
    // Whether there is a value; then that value, bound, and what is made of it as an optional; else that there is none.
    const bound = making.list + value.cost + 1 + inner.cost
    return { cost: capped(value.cost + 1 + Math.max(bound + (name === 'optMap' ? 1 : 0), 1)), place: undefined }
  }

  #with<T>(locals: readonly (readonly [string, Local])[], run: () => T): T {
    const before = locals.map(([name]) => this.#locals.get(name))
    for (const [name, local] of locals) this.#locals.set(name, local)
    const result = run()
    for (const [index, [name]] of locals.entries()) {
      const outer = before[index]
      if (outer) this.#locals.set(name, outer)
      else this.#locals.delete(name)
    }
    return result
  }
}

const keyOperand = (key: Node | undefined) => ({ size: unknownSize, type: typeName(key?.checkedType) })

const sizeAt = (place: Place): Size | undefined => (place ? { min: 0, max: place.maxElements } : undefined)
const typeName = (type: Type | undefined): string => (!type || type.kind === 'dyn' ? 'dyn' : type.name)

const ofItems: ReadonlySet<string> = new Set(['sum', 'min', 'max'])
/** Of what is one of a list's items, the library does not tell the type. */
const resultType = ({ checkedType }: Node, shape: Shape): string =>
  typeName(shape.is === 'call' && ofItems.has(shape.name) ? shape.values[0]?.checkedType?.valueType : checkedType)

/** Kinds of types of which a field costs something. */
const fielded: ReadonlySet<string> = new Set(['map', 'message', 'param'])

const scalarTypes: ReadonlySet<string> = new Set(['bool', 'double', 'google.protobuf.Duration', 'int', 'google.protobuf.Timestamp', 'uint'])

function typeSize(type: Type | undefined): Size | undefined {
  if (type?.kind === 'optional') return typeSize(type.valueType)
  return type && scalarTypes.has(type.name) ? exactly(1) : undefined
}

const anyOf = (parts: readonly Found[]): Size =>
  parts.length === 0 ? exactly(0) : parts.map(({ size }) => size ?? unknownSize).reduce(union)

const bothEntries = (a: Entry | undefined, b: Entry | undefined): Entry | undefined =>
  a && b && { of: a.of, key: union(a.key, b.key), value: union(a.value, b.value) }
