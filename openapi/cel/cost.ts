// A rough upper bound of what a rule costs, by the bounds of the schema. Only what is far beyond upstream's limits is told from it.
import { isEmbedded, itemsOf, own, type Structural, valuesOf } from '../custom/structural.ts'
import { unbounded } from './bounds.ts'
import { parseExpression } from './program.ts'
import { objectSchema } from './values.ts'

interface Node {
  op: string
  args: unknown
}
type Scope = ReadonlyMap<string, Structural | undefined>

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter'])
/** Functions that look at all of a text. */
const searches: ReadonlySet<string> = new Set(['contains', 'matches', 'find', 'findAll', 'split', 'replace'])
const maxText = 3 * 1024 * 1024

export function estimatedCost(text: string, schema: Structural): number {
  const root = parseExpression(text)
  return root ? costOf(root as Node, new Map([['self', schema]])) : 1
}

function costOf(node: Node, scope: Scope): number {
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args as [string, Node, Node[]]
    const [variable, ...rest] = args
    const on = schemaOf(receiver, scope)
    if (loops.has(name) && variable?.op === 'id') {
      const inner = new Map([...scope, [variable.args as string, on && elementOf(on)]])
      return costOf(receiver, scope) + sizeOf(on) * rest.reduce((sum, each) => sum + costOf(each, inner), 1)
    }
    const search = searches.has(name) && on?.type === 'string' ? ((on.maxLength ?? maxText) * 4) / 10 : 1
    return search + [receiver, ...args].reduce((sum, each) => sum + costOf(each, scope), 0)
  }
  return nodesIn(node.args).reduce((sum, each) => sum + costOf(each, scope), 1)
}

const nodesIn = (value: unknown): Node[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return typeof value === 'object' && value !== null && 'op' in value ? [value as Node] : []
}

/** A map is gone through by its keys, which are texts. */
const elementOf = (schema: Structural): Structural | undefined => (valuesOf(schema) ? { type: 'string' } : itemsOf(schema))

/** Where nothing is known, nothing is held against it. */
const sizeOf = (schema: Structural | undefined): number => {
  if (!schema) return 1
  if (valuesOf(schema)) return schema.maxProperties ?? unbounded
  return itemsOf(schema) ? (schema.maxItems ?? unbounded) : 1
}

function schemaOf(node: Node, scope: Scope): Structural | undefined {
  if (node.op === 'id') return scope.get(node.args as string)
  if (node.op !== '.' && node.op !== '[]') return undefined
  const [left, right] = node.args as [Node, string | Node]
  const on = schemaOf(left, scope)
  if (!on) return undefined
  if (node.op === '[]') return valuesOf(on) ?? itemsOf(on)
  const { properties } = isEmbedded(on) ? objectSchema(on) : on
  return own(properties, right as string) ?? valuesOf(on)
}
