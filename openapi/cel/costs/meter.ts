// What an expression costs as it is evaluated, counted as cel-go counts it, and under it the steps that its evaluation takes here: both
// have a limit. interpreter/runtimecost.go. A part that is evaluated as a whole is paid for as a whole, so that counting takes little time;
// only where an evaluation fails inside such a part does upstream count less.
import { EvaluationError, Optional } from '@marcbachmann/cel-js'
import { patternOf, patternProblem } from '../../values/pattern.ts'
import { instead } from '../libraries/instead.ts'
import { operators as listOperators } from '../libraries/sets.ts'
import { type Costs, costsOf, nominal, sorted } from './functions.ts'
import { turnsOf } from './loops.ts'
import { type Evaluate, type Node, type Shape, shapeOf } from './shape.ts'
import { making } from './size.ts'

/** Upstream's, of one evaluation. */
const maxCost = 1_000_000
/** Of values that are gone through, and of patterns: what costs upstream nothing, or little, may take long all the same. */
const maxSteps = 10_000_000

export const costExceeded = 'cost_exceeded'
export const costMessage = 'operation cancelled: actual cost limit exceeded'

export class Meter {
  cost = 0
  steps = 0

  reset(): void {
    this.cost = 0
    this.steps = 0
  }

  pay(cost: number): void {
    this.cost += cost
    this.check()
  }

  work(steps: number): void {
    this.steps += steps
    this.check()
  }

  /** An error that is thrown may be caught on the way: the last word is said when all is over. */
  check(): void {
    if (this.cost > maxCost || this.steps > maxSteps) throw new EvaluationError({ code: costExceeded, message: costMessage })
  }
}

type Of<Is extends Shape['is']> = Extract<Shape, { is: Is }>

/** Makes `root`, which was checked, tell the meter what it costs. `byValue`: what the types do not say is told from the values. */
export function metered(root: Node, meter: Meter, byValue: boolean): void {
  new Planner(meter, byValue).region(root)
}

class Planner {
  readonly #meter: Meter
  readonly #byValue: boolean
  constructor(meter: Meter, byValue: boolean) {
    this.#meter = meter
    this.#byValue = byValue
  }

  /** What is evaluated or not, as a whole. */
  region(node: Node, { more = 0, bare = false } = {}): void {
    this.#charge(node, more + this.#cost(node, bare))
  }

  #charge(node: Node, cost: number): void {
    if (cost === 0) return
    const meter = this.#meter
    const evaluate = evaluationOf(node)
    node.evaluate = (evaluator, ast, scope) => {
      meter.pay(cost)
      return evaluate(evaluator, ast, scope)
    }
  }

  /** Of what is evaluated with the node. `bare`: as an index or a choice, where a name by itself costs nothing. */
  #cost(node: Node, bare = false): number {
    const shape = shapeOf(node)
    switch (shape.is) {
      case 'constant':
      case 'type':
        return 0
      case 'name':
        return bare || node.meta.alternate ? 0 : 1
      case 'field':
        return this.#step(node, shape) + this.#from(shape.of, bare)
      case 'item':
        return this.#step(node, shape) + this.#from(shape.of, bare) + this.#cost(shape.index, true)
      case 'has':
        return this.#cost(shape.of) + (isAttribute(shape.of) ? 0 : 1)
      case 'same':
        return this.#cost(shape.of, bare)
      case 'logic': {
        const [first, ...others] = shape.parts as [Node, ...Node[]]
        for (const other of others) this.region(other)
        return this.#cost(first)
      }
      case 'choice':
        for (const branch of shape.branches) this.region(branch, { bare: true })
        return this.#cost(shape.condition)
      case 'list':
        return this.#made(node, shape.items, making.list)
      case 'map':
        return this.#made(node, shape.entries.flat(), making.map)
      case 'object':
        return this.#sum(shape.values, making.object)
      case 'call':
        return this.#call(node, shape)
      case 'loop':
        return this.#loop(node, shape)
      case 'bound':
        return this.#bound(shape)
    }
  }

  /** To a field or an item; where there need not be one, it is paid for when it is there. */
  #step(node: Node, { of, optional }: Of<'field'> | Of<'item'>): number {
    const { handle } = node
    if (!handle || !(optional || of.checkedType?.kind === 'optional')) return 1
    node.handle = (...given) => {
      const found = handle(...given)
      if (found instanceof Optional && found.hasValue()) this.#meter.pay(1)
      return found
    }
    return 0
  }

  /** Of what a field or an item is taken: what is no attribute itself becomes one. */
  #from = (node: Node, bare: boolean): number => (isAttribute(node) ? this.#cost(node, bare) : this.#cost(node) + (bare ? 0 : 1))

  #sum = (nodes: readonly Node[], base = 0): number => nodes.reduce((sum, each) => sum + this.#cost(each), base)

  #made(node: Node, parts: readonly Node[], base: number): number {
    const cost = this.#sum(parts, base)
    return isConstant(node) ? 0 : cost
  }

  #call(node: Node, { name, member, values }: Of<'call'>): number {
    if (isCall(node)) node.handle = leading(name, node.handle)
    else if (this.#byValue) node.handle = leadingOperator(name, node.handle)
    if (isConstant(node)) return 0
    if (member && alternatives.has(name)) {
      const [of, other] = values as [Node, Node]
      this.region(other)
      return this.#cost(of)
    }
    const paid = this.#sum(values)
    if (isSetMembership(name, values)) return paid
    const choices = costsOf(name, member, values.map(typeName))
    const dynamic = choices.length > 1
    const costs = (dynamic ? undefined : choices[0]) ?? nominal
    const hidden = node.op === 'rcall' && !member ? 1 : 0
    const chosen = dynamic && this.#byValue ? (given: readonly unknown[]) => byValues(name, member, given) : undefined
    this.#hook(node, { name, hidden, costs: chosen ?? (costs === nominal ? undefined : () => costs) })
    // What it costs where it fails before its values are there; else more is paid when they are.
    return paid + 1
  }

  /** `hidden`: values before those that count. */
  #hook(
    node: Node,
    { name, hidden, costs }: { name: string; hidden: number; costs?: ((given: readonly unknown[]) => Costs) | undefined },
  ): void {
    const { handle } = node
    if (!handle || (!costs && !worked.has(node.op))) return
    const meter = this.#meter
    const pattern = patterned.has(name)
    if (isCall(node))
      node.handle = (...given) => {
        const values = given[0] as unknown[]
        for (const value of values) if (isLarge(value)) meter.work(weigh(value))
        if (pattern) meter.work(patternSteps(values))
        if (!costs) return handle(...given)
        const counted = hidden === 0 ? values : values.slice(hidden)
        let result: unknown
        try {
          result = handle(...given)
          return result
        } finally {
          meter.pay(costs(counted).actual(counted, result) - 1)
        }
      }
    else
      node.handle = (...given) => {
        const [a, b] = given
        const [first, second] = [isLarge(a), isLarge(b)]
        if (first) meter.work(weigh(a))
        if (second) meter.work(weigh(b))
        if (costs && (first || second)) meter.pay(costs(given).actual(given, undefined) - 1)
        return handle(...given)
      }
  }

  #loop(node: Node, { name, range, parts }: Of<'loop'>): number {
    const meter = this.#meter
    const { ask, step, kept, after } = turnsOf(
      name,
      parts.map(part => this.#cost(part)),
      isConstant(parts.at(-1) as Node) ? 0 : making.list,
    )
    const { alternate, macro } = node.meta
    if (macro) {
      const costs = { ask, step, kept }
      macro.tick = what => meter.pay(costs[what])
      const known = this.#byValue || parts.every(part => typeName(part) !== 'dyn')
      macro.sorts = keys => meter.pay(known ? sorted.actual([keys], undefined) : 1)
    }
    if (alternate) {
      const args = alternate.args as { step: Node; condition?: (gathered: unknown) => boolean }
      this.#charge(args.step, step)
      // What follows the condition: it is gathered, or counted.
      if (kept > 0) this.#charge((args.step.args as Node[])[1] as Node, kept)
      const { condition } = args
      if (condition && ask > 0)
        args.condition = gathered => {
          meter.pay(ask)
          return condition(gathered)
        }
    }
    return this.#cost(range) + after
  }

  #bound({ name, of, body }: Of<'bound'>): number {
    if (name === 'bind') return this.#cost(of) + this.#cost(body)
    // Whether there is a value; then that value, from the beginning; else that there is none.
    const meter = this.#meter
    let spent = 0
    this.region(of)
    const asked = of.evaluate.bind(of)
    of.evaluate = (...given) => {
      const before = meter.cost
      const value = asked(...given)
      spent = meter.cost - before
      return value
    }
    this.region(body, { more: name === 'optMap' ? 1 : 0 })
    const made = body.evaluate.bind(body)
    body.evaluate = (...given) => {
      meter.pay(spent)
      return made(...given)
    }
    return 2
  }
}

/** As the library runs it. */
function evaluationOf({ meta: { alternate, macro, evaluate } }: Node): Evaluate {
  if (alternate) return (evaluator, _node, scope) => alternate.evaluate(evaluator, alternate, scope)
  if (macro) return (evaluator, _node, scope) => macro.evaluate(evaluator, macro, scope)
  return evaluate
}

const typeName = ({ checkedType }: Node): string => (!checkedType || checkedType.kind === 'dyn' ? 'dyn' : checkedType.name)

const attributes: ReadonlySet<Shape['is']> = new Set(['name', 'field', 'item', 'choice'])
const isAttribute = (node: Node): boolean => attributes.has(shapeOf(node).is)

const conversions: ReadonlySet<string> = new Set('bool bytes double duration dyn int string timestamp type uint'.split(' '))

/** Known before it is evaluated. */
function isConstant(node: Node): boolean {
  const shape = shapeOf(node)
  switch (shape.is) {
    case 'constant':
    case 'type':
      return true
    case 'same':
      return isConstant(shape.of)
    case 'list':
      return shape.items.every(isConstant)
    case 'map':
      return shape.entries.flat().every(isConstant)
    case 'call':
      return conversions.has(shape.name) && shape.values.length === 1 && shape.values.every(isConstant)
    default:
      return false
  }
}

/** Their value is only evaluated where there is none. */
const alternatives: ReadonlySet<string> = new Set(['or', 'orValue'])

/** Whether something is in a list of plain values that are known: that is looked up. */
function isSetMembership(name: string, [, list]: readonly Node[]): boolean {
  const shape = name === 'in' && list ? shapeOf(list) : undefined
  return shape?.is === 'list' && shape.items.every(item => ['string', 'bigint', 'number', 'boolean'].includes(typeof constantOf(item)))
}

function constantOf(node: Node): unknown {
  const shape = shapeOf(node)
  return shape.is === 'constant' ? shape.value : undefined
}

const scalars: Readonly<Record<string, string>> = { string: 'string', bigint: 'int', number: 'double', boolean: 'bool' }
const nameOf = (value: unknown): string =>
  scalars[typeof value] ?? (value instanceof Uint8Array ? 'bytes' : Array.isArray(value) ? 'list' : 'map')

const byValues = (name: string, member: boolean, values: readonly unknown[]): Costs =>
  costsOf(name, member, [nameOf(values[0]), nameOf(values[1])])[0] ?? nominal

type Handle = NonNullable<Node['handle']>

/** What cel-go does, where the library does something else. */
function leading(name: string, handle: Handle | undefined): Handle | undefined {
  const other = instead.get(name)
  if (!other || !handle) return handle
  return (values, ...rest) => other(values as unknown[], given => handle(given, ...rest))
}

const operators = new Map(listOperators)

function leadingOperator(name: string, handle: Handle | undefined): Handle | undefined {
  const other = operators.get(name)
  if (!other || !handle) return handle
  return (a, b, ...rest) => (Array.isArray(a) ? other([a, b], ([x, y]) => handle(x, y, ...rest)) : handle(a, b, ...rest))
}

const isCall = ({ op }: Node): boolean => op === 'call' || op === 'rcall'

/** Operators that go through values, and calls. */
const worked: ReadonlySet<string> = new Set(['==', '!=', 'in', '+', 'call', 'rcall'])
const patterned: ReadonlySet<string> = new Set(['matches', 'find', 'findAll'])

/** A pattern goes through one character some fives as fast as a value is gone through. */
const patternSteps = ([text, pattern]: readonly unknown[]): number =>
  typeof text === 'string' && typeof pattern === 'string' && patternProblem(pattern) === ''
    ? (patternOf(pattern).size * text.length) / 5
    : 0

const isLarge = (value: unknown): boolean => typeof value === 'string' || (typeof value === 'object' && value !== null)

const weights = new WeakMap<object, number>()

/** How long it takes to look at all of a value; of texts, ten characters are one step. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length / 10
  if (typeof value !== 'object' || value === null) return 0
  const before = weights.get(value)
  if (before !== undefined) return before
  let sum = 1
  for (const each of partsOf(value)) sum += 1 + weigh(each)
  weights.set(value, sum)
  return sum
}

function partsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Map) return value.values()
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : []
}
