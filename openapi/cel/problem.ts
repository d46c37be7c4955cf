// Why an expression does not compile, as cel-go says it.
import type { Environment } from '@marcbachmann/cel-js'
import { patternProblem } from '../values/pattern.ts'
import { parseDuration } from '../values/time.ts'
import { forms } from './costs/loops.ts'
import { eachNode, type Node, nodeOf, type Shape, shapeOf } from './costs/shape.ts'
import type { Type } from './libraries/macros.ts'
import { compileExpression } from './program.ts'
import { calls, rewrite } from './rewrite.ts'
import { syntaxErrors } from './syntax.ts'
import { goType, located, operatorName, operators, type Said } from './words.ts'

export interface Finding {
  code: string
  summary: string
  node?: Node
  range: { start: number; end: number } | undefined
}

export interface Examined {
  /** In cel-go's words; undefined: nothing that is sure. 'type': it is not of the type wanted. */
  problem?: string | undefined
  /** What was read, when nothing is wrong with it, and of what type it is. */
  root?: Node
  type?: string
  /** What is wrong, as the library says it. */
  finding?: Finding
  /** In `text`. */
  original?(at: number): number
}

export function examine(environment: Environment, text: string, wanted: 'bool' | 'string'): Examined {
  const found = read(environment, text)
  return found.root && found.type !== wanted && found.type !== 'dyn' ? { problem: 'type' } : found
}

export function read(environment: Environment, text: string): Examined {
  const malformed = syntaxErrors(text)
  if (malformed.length > 0) return { problem: malformed.map(said => located(text, said)).join('\n') }
  const { text: written, original } = rewrite(text)
  const told = (said: Said | undefined) => said && located(text, { ...said, at: original(said.at) })
  try {
    const parsed = environment.parse(written)
    const { valid, type = '', error } = parsed.check()
    const root = nodeOf(parsed.ast)
    if (valid) {
      const problem = told(beyondTypes(written, root))
      return problem === undefined ? { root, type } : { problem }
    }
    const finding = error as unknown as Finding
    return { problem: told(finding.node && typing(written, finding, finding.node)), finding, original }
  } catch (error) {
    const finding = error as unknown as Finding
    const macro = finding.code === 'invalid_macro_argument'
    // Else it is well formed, and the library cannot read it.
    return {
      problem: told(macro ? { message: 'argument is not an identifier', at: finding.range?.start ?? 0 } : undefined),
      finding,
      original,
    }
  }
}

/** Why its types do not fit, where that is sure. */
function typing(text: string, finding: Finding, node: Node): Said | undefined {
  const start = finding.range?.start ?? node.start
  switch (finding.code) {
    case 'worded':
      return { message: finding.summary, at: start }
    case 'misplaced':
      return { message: finding.summary, at: placeOf(text, node) }
    case 'no_such_key':
      return { message: `undefined field '${finding.summary.replace('No such key: ', '')}'`, at: Math.max(0, text.lastIndexOf('.', start)) }
    case 'unknown_variable':
      // It may be the variable of a loop that is not known here.
      if ('unsupported' in compileExpression(text)) return undefined
      return { message: `undeclared reference to '${finding.summary.replace('Unknown variable: ', '')}' (in container '')`, at: start }
    case 'no_such_overload':
      return applied(text, node, operatorName(node.op), partsOf(node))
    case 'invalid_logical_operand':
      return notBool(text, partsOf(node))
    case 'invalid_condition_type':
      return /^(?:all|exists)\(/.test(node.meta.label ?? '') ? notBool(text, [node]) : undefined
    case 'incompatible_ternary_branches':
      return applied(text, node, '_?_:_', partsOf(node))
    case 'invalid_comprehension_range':
      return noRange(text, node)
    case 'invalid_index_type':
      return applied(text, node, '_[_]', partsOf(node))
    case 'cannot_index_type':
      return unselectable(text, node)
    case 'no_matching_overload':
      return call(text, node)
    default:
      return undefined
  }
}

const partsOf = ({ args }: Node): Node[] => (Array.isArray(args) ? args : [args]) as Node[]

/** As cel-go names it; undefined: it is not known to the last. */
function typeOf(node: Node | undefined): string | undefined {
  const { name = 'dyn', hasDynType = true, hasPlaceholderType } = (node?.checkedType ?? {}) as Partial<Type>
  return hasDynType || hasPlaceholderType ? undefined : goType(name)
}

function applied(text: string, node: Node, name: string, parts: readonly Node[]): Said | undefined {
  const types = parts.map(typeOf)
  if (types.includes(undefined)) return undefined
  return { message: `found no matching overload for '${name}' applied to '(${types.join(', ')})'`, at: placeOf(text, node) }
}

function notBool(text: string, parts: readonly Node[]): Said | undefined {
  const other = parts.find(part => typeOf(part) !== undefined && typeOf(part) !== 'bool')
  return other && { message: `expected type 'bool' but found '${typeOf(other)}'`, at: placeOf(text, other) }
}

const noRange = (text: string, node: Node): Said | undefined =>
  typeOf(node) === undefined
    ? undefined
    : {
        message: `expression of type '${typeOf(node)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        at: placeOf(text, node),
      }

function unselectable(text: string, node: Node): Said | undefined {
  const [of, index] = node.args as [Node, Node | string]
  const type = typeOf(of)
  if (type === undefined) return undefined
  if (typeof index !== 'string') return applied(text, node, '_[_]', [of, index])
  return { message: `type '${type}' does not support field selection`, at: placeOf(text, node) }
}

/** Where cel-go marks it: an operation at its operator, a call at its parenthesis, a field at its dot. */
function placeOf(text: string, node: Node): number {
  const { op, args, start } = node
  const after = (mark: string, from: number): number => Math.max(start, text.indexOf(mark, from))
  const [first] = (Array.isArray(args) ? args : []) as (Node | string)[]
  switch (op) {
    case '.':
    case '.?':
      return Math.max(start, text.lastIndexOf('.', node.pos))
    case 'call':
      return after('(', start)
    case 'rcall':
      return after('(', text.indexOf(String(first), (args as [string, Node])[1].end))
    case '[]':
    case '[?]':
      return after('[', (first as Node).end)
    case '?:':
      return after('?', (first as Node).end)
    default:
      return typeof first === 'object' && operators.has(op) ? after(op, first.end) : start
  }
}

/** They are none, where they are not written as they have to be. */
const macros: ReadonlySet<string> = new Set([calls.has, ...Object.keys(forms), 'optMap', 'optFlatMap'])

/** Functions that cel-go or Kubernetes have: calls of others name nothing. */
const known = new Set(
  (
    'all exists exists_one existsOne map filter has size contains startsWith endsWith matches getDate getDayOfMonth getDayOfWeek getDayOfYear ' +
    'getFullYear getHours getMilliseconds getMinutes getMonth getSeconds int uint double string bytes bool timestamp duration type dyn ' +
    'bind orValue or value hasValue optMap optFlatMap of ofNonZeroValue none first last unwrap unwrapOpt charAt indexOf join lastIndexOf ' +
    'lowerAscii upperAscii quote replace split substring trim reverse format strings isSorted sum min max slice flatten sort sortBy distinct ' +
    'range contains intersects equivalent find findAll url isURL getScheme getHost getHostname getPort getEscapedPath getQuery quantity ' +
    'isQuantity sign isInteger asInteger asApproximateFloat compareTo isLessThan isGreaterThan add sub ip isIP cidr isCIDR isCanonical ' +
    'family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast containsIP containsCIDR masked prefixLength ' +
    'named validate semver isSemver major minor patch jsonpatch transformList transformMap transformMapEntry'
  ).split(' '),
)

function call(text: string, node: Node): Said | undefined {
  const [name, second, third] = node.args as [string, Node | Node[], Node[]?]
  const receiver = node.op === 'rcall' ? (second as Node) : undefined
  const args = (receiver ? third : (second as Node[])) ?? []
  const at = placeOf(text, node)
  if (!known.has(name) || macros.has(name))
    return { message: `undeclared reference to '${name === calls.has ? 'has' : name}' (in container '')`, at }
  const space = receiver?.op === 'id' && receiver.meta.alternate ? (receiver.args as string) : undefined
  const of = receiver && space === undefined ? [receiver] : []
  const types = args.map(typeOf)
  const [on] = of.map(typeOf)
  if (types.includes(undefined) || (of.length > 0 && on === undefined)) return undefined
  const shown = space === undefined ? name : `${space}.${name}`
  return { message: `found no matching overload for '${shown}' applied to '${of.length > 0 ? `${on}.` : ''}(${types.join(', ')})'`, at }
}

/** What the types allow, and cel-go does not: items of different types, and literals that cannot be what they are taken for. */
function beyondTypes(text: string, root: Node): Said | undefined {
  let found: Said | undefined
  const free = new Set<Node | undefined>()
  eachNode(root, node => {
    const shape = shapeOf(node)
    // What is written into a text may be of any type, and so may the fields of an object.
    if (shape.is === 'call' && shape.name === 'format') free.add(shape.values[1])
    if (shape.is === 'object') free.add((node.args as [string, Node[]])[1][1])
    // The library has cel.bind(), and Kubernetes does not.
    if (shape.is === 'bound' && shape.name === 'bind')
      found ??= { message: "undeclared reference to 'cel' (in container '')", at: node.start }
    found ??= (free.has(node) ? undefined : mixed(text, shape)) ?? badLiteral(shape)
  })
  return found
}

function mixed(text: string, shape: Shape): Said | undefined {
  if (shape.is !== 'list' && shape.is !== 'map') return undefined
  const groups = shape.is === 'list' ? [shape.items] : [0, 1].map(part => shape.entries.map(entry => entry[part] as Node))
  return groups.map(group => different(text, group)).find(said => said)
}

function different(text: string, [first, ...others]: readonly Node[]): Said | undefined {
  const { checkedType: wanted } = first ?? {}
  const other = others.find(({ checkedType }) => wanted && checkedType && checkedType !== wanted && !isOpen(checkedType) && !isOpen(wanted))
  if (!other?.checkedType || !wanted) return undefined
  return { message: `expected type '${goType(wanted.name)}' but found '${goType(other.checkedType.name)}'`, at: placeOf(text, other) }
}

/** It may be that of an item which need not be there, or of nothing. */
const isOpen = ({ hasPlaceholderType, kind }: Type): boolean => Boolean(hasPlaceholderType) || kind === 'optional'

const literals: Readonly<Record<string, (text: string) => boolean>> = {
  matches: pattern => patternProblem(pattern) === '',
  duration: span => parseDuration(span) !== undefined,
  timestamp: time => !Number.isNaN(Date.parse(time)),
}

function badLiteral(shape: Shape): Said | undefined {
  const last = shape.is === 'call' ? shape.values.at(-1) : undefined
  if (shape.is !== 'call' || last?.op !== 'value' || typeof last.args !== 'string' || !Object.hasOwn(literals, shape.name)) return undefined
  return literals[shape.name]?.(last.args) ? undefined : { message: `invalid ${shape.name} argument`, at: last.start }
}
