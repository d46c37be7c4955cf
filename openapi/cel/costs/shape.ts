// What the parts of a read expression are, whichever way the library keeps them: the same view for estimating and for metering.
import type { ASTNode } from '@marcbachmann/cel-js'
import { type Macro, nameOf, type Type } from '../libraries/macros.ts'
import { calls } from '../rewrite.ts'
import { forms, type LoopName } from './loops.ts'

/** The library's nodes, with what it keeps on them: they carry how they are run. */
export interface Node {
  op: string
  args: unknown
  /** Into the text; `pos` is that of a field's name. */
  start: number
  end: number
  pos: number
  checkedType?: Type
  evaluate: Evaluate
  handle?: (...args: unknown[]) => unknown
  left?: Node
  right?: Node
  meta: { evaluate: Evaluate; alternate?: Node; macro?: Partial<Macro> & { evaluate: Evaluate }; label?: string }
}
export type Evaluate = (evaluator: unknown, node: unknown, scope: unknown) => unknown

export const nodeOf = (ast: ASTNode): Node => ast as unknown as Node

export type Shape =
  | { is: 'constant'; value: unknown }
  /** The name of a type. */
  | { is: 'type'; name: string }
  | { is: 'name'; name: string }
  | { is: 'field'; of: Node; name: string; optional: boolean }
  | { is: 'item'; of: Node; index: Node; optional: boolean }
  | { is: 'logic'; parts: readonly Node[] }
  | { is: 'choice'; condition: Node; branches: readonly [Node, Node] }
  | { is: 'list'; items: readonly Node[] }
  | { is: 'map'; entries: readonly (readonly [Node, Node])[] }
  | { is: 'object'; values: readonly Node[] }
  /** Functions, with the namespace before their name, and operators: the first value is what it is called on, if there is one. */
  | { is: 'call'; name: string; member: boolean; values: readonly Node[] }
  | { is: 'loop'; name: LoopName; range: Node; variables: readonly string[]; parts: readonly Node[] }
  | { is: 'has'; of: Node }
  /** Signs that take each other away. */
  | { is: 'same'; of: Node }
  | { is: 'bound'; name: 'bind' | 'optMap' | 'optFlatMap'; variable: string; of: Node; body: Node }

export function shapeOf(node: Node): Shape {
  const { op, args } = node
  switch (op) {
    case 'value':
      return { is: 'constant', value: args }
    case 'id':
      return typeName(node) ?? { is: 'name', name: args as string }
    case '.':
    case '.?': {
      const [of, name] = args as [Node, string]
      return typeName(node) ?? { is: 'field', of, name, optional: op === '.?' }
    }
    case '[]':
    case '[?]': {
      const [of, index] = args as [Node, Node]
      return { is: 'item', of, index, optional: op === '[?]' }
    }
    case '&&':
    case '||':
      return { is: 'logic', parts: args as Node[] }
    case '?:': {
      const [condition, ...branches] = args as [Node, Node, Node]
      return { is: 'choice', condition, branches }
    }
    case 'list':
      return { is: 'list', items: args as Node[] }
    case 'map':
      return { is: 'map', entries: args as [Node, Node][] }
    case 'call':
      return callShape(...(args as [string, Node[]]))
    case 'rcall':
      return memberShape(...(args as [string, Node, Node[]]))
    default:
      return unaryShape(node)
  }
}

/** A minus before a number is the number's. */
function unaryShape({ op, args, start }: Node): Shape {
  const values = (Array.isArray(args) ? args : [args]) as Node[]
  const [first] = values
  if (op.endsWith('_') && first?.op === op && first.start === start + 1) return { is: 'same', of: first.args as Node }
  const negative = op === '-_' && first?.op === 'value' && ['bigint', 'number'].includes(typeof first.args)
  return negative ? { is: 'constant', value: -(first.args as number) } : { is: 'call', name: op, member: false, values }
}

/** google.protobuf.Timestamp and the like are of no type that the library knows. */
function typeName({ checkedType, meta, op, args }: Node): Shape | undefined {
  if (op === 'id') return checkedType?.name === 'type' && meta.alternate ? { is: 'type', name: args as string } : undefined
  const [of, name] = args as [Node, string]
  const [root, between] = of.op === '.' ? (of.args as [Node, string]) : []
  return between === 'protobuf' && root?.op === 'id' && root.args === 'google' ? { is: 'type', name: `google.protobuf.${name}` } : undefined
}

function callShape(name: string, values: Node[]): Shape {
  const [first, second] = values
  if (name === calls.has && first) return { is: 'has', of: (first.args as [Node])[0] }
  if (name === calls.list && first) return { is: 'list', items: (first.args as Node[]).map(unwrapped) }
  if (name === calls.map && first) return { is: 'map', entries: entriesOf(first) }
  if (name === calls.object && second) return { is: 'object', values: entriesOf(second).map(([, value]) => value) }
  return { is: 'call', name, member: false, values }
}

const entriesOf = ({ args }: Node) => (args as [Node, Node][]).map(([key, value]) => [key, unwrapped(value)] as const)

/** An item that may be missing is written as a call. */
function unwrapped(item: Node): Node {
  const [name, values] = item.op === 'call' ? (item.args as [string, Node[]]) : []
  return name === calls.optional && values?.[0] ? values[0] : item
}

function memberShape(name: string, of: Node, args: Node[]): Shape {
  const space = of.op === 'id' && of.meta.alternate && of.checkedType?.name !== 'type' ? (of.args as string) : undefined
  if (of.op === 'id' && of.args === 'cel' && name === 'bind' && args.length === 3)
    return { is: 'bound', name, variable: nameOf(args[0]) ?? '', of: args[1] as Node, body: args[2] as Node }
  if (space !== undefined) return { is: 'call', name: `${space}.${name}`, member: false, values: args }
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2)
    return { is: 'bound', name, variable: nameOf(args[0]) ?? '', of, body: args[1] as Node }
  return loopShape(name, of, args) ?? { is: 'call', name, member: true, values: [of, ...args] }
}

function loopShape(name: string, range: Node, args: Node[]): Shape | undefined {
  if (!Object.hasOwn(forms, name)) return undefined
  const loop = name as LoopName
  const fits = forms[loop].find(([names, parts]) => names + parts === args.length)
  if (!fits) return undefined
  const variables = args.slice(0, fits[0]).map(nameOf)
  if (variables.includes(undefined)) return undefined
  return { is: 'loop', name: loop, range, variables: variables as string[], parts: args.slice(fits[0]) }
}

/** Each node once, those of macros and of what they stand for too. */
export function eachNode(root: Node, visit: (node: Node) => void): void {
  const seen = new Set<unknown>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) for (const each of value) walk(each)
    if (!('op' in value && 'meta' in value)) return
    visit(value as Node)
    walk((value as Node).args)
  }
  walk(root)
}
