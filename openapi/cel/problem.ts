// Why an expression does not compile, as cel-go says it.
import type { Environment } from '@marcbachmann/cel-js'
import { type Node, nodeOf } from './costs/shape.ts'
import { compileExpression } from './program.ts'
import { calls, rewrite } from './rewrite.ts'
import { syntaxErrors } from './syntax.ts'
import { objectType } from './types.ts'
import { located, operatorName, type Said } from './words.ts'

interface Finding {
  code: string
  summary: string
  node?: Node
  range: { start: number; end: number } | undefined
}

export interface Examined {
  /** undefined: nothing that is sure. 'type': it is not of the type wanted. */
  problem?: string | undefined
  /** What was read, when nothing is wrong with it. */
  root?: Node
}

export function examine(environment: Environment, text: string, wanted: 'bool' | 'string'): Examined {
  const malformed = syntaxErrors(text)
  if (malformed.length > 0) return { problem: malformed.map(said => located(text, said)).join('\n') }
  const read = rewrite(text)
  const told = (said: Said | undefined) => ({ problem: said && located(text, { ...said, at: read.original(said.at) }) })
  const parsed = parse(environment, read.text)
  // It is well formed, and the library cannot read it.
  if (!parsed) return {}
  const { valid, type, error } = parsed.check()
  if (valid) return type === wanted || type === 'dyn' ? { root: nodeOf(parsed.ast) } : { problem: 'type' }
  const finding = error as unknown as Finding
  return told(finding.node && typing(read.text, finding, finding.node))
}

function parse(environment: Environment, text: string): ReturnType<Environment['parse']> | undefined {
  try {
    return environment.parse(text)
  } catch {
    return undefined
  }
}

function typing(text: string, finding: Finding, node: Node): Said | undefined {
  const start = finding.range?.start ?? node.start
  switch (finding.code) {
    case 'worded':
      return { message: finding.summary, at: start }
    case 'no_such_key':
      return { message: `undefined field '${finding.summary.replace('No such key: ', '')}'`, at: Math.max(0, text.lastIndexOf('.', start)) }
    case 'unknown_variable':
      // It may be the variable of a loop that is not known here.
      if ('unsupported' in compileExpression(text)) return undefined
      return { message: `undeclared reference to '${finding.summary.replace('Unknown variable: ', '')}' (in container '')`, at: start }
    case 'no_such_overload':
    case 'invalid_logical_operand':
      return operator(text, node)
    case 'no_matching_overload':
      return call(text, node)
    default:
      return undefined
  }
}

const typeOf = (node: Node | undefined): string => node?.checkedType?.name.replace(objectType, 'object') ?? 'dyn'
/** Types of which cel-go is sure to say the same. */
const isPlain = (type: string): boolean => /^(?:string|int|bool|double|bytes)$/.test(type)

function operator(text: string, node: Node): Said | undefined {
  const parts = (Array.isArray(node.args) ? node.args : [node.args]) as Node[]
  const types = parts.map(typeOf)
  if (!types.every(isPlain)) return undefined
  const name = operatorName(node.op)
  const [first] = parts
  const at = parts.length === 1 ? node.start : text.indexOf(node.op, first?.end ?? 0)
  return { message: `found no matching overload for '${name}' applied to '(${types.join(', ')})'`, at: Math.max(0, at) }
}

/** They are none, where they are not written as they have to be. */
const macros: ReadonlySet<string> = new Set(
  `${calls.has} all exists exists_one existsOne map filter transformList transformMap transformMapEntry optMap optFlatMap sortBy`.split(
    ' ',
  ),
)

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
  const types = ((receiver ? third : (second as Node[])) ?? []).map(typeOf)
  const at = text.indexOf('(', text.indexOf(name, receiver?.end ?? node.start))
  if (!known.has(name) || macros.has(name))
    return { message: `undeclared reference to '${name === calls.has ? 'has' : name}' (in container '')`, at: Math.max(0, at) }
  const of = receiver ? typeOf(receiver) : undefined
  if (!certain.has(name) || ![...types, ...(of === undefined ? [] : [of])].every(isPlain)) return undefined
  const applied = of === undefined ? `(${types.join(', ')})` : `${of}.(${types.join(', ')})`
  return { message: `found no matching overload for '${name}' applied to '${applied}'`, at: Math.max(0, at) }
}

/** Those of which the library knows every form. */
const certain = new Set('size contains startsWith endsWith matches int double string bytes bool timestamp duration'.split(' '))
