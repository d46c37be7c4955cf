// Loops over lists and maps with two variables: index or key, and value. all, exists, existsOne, transformList, transformMap and
// transformMapEntry, as cel-go's extension has them.
import type { ASTNode, Environment } from '@marcbachmann/cel-js'
import { type Call, type Checker, type Evaluator, type Macro, macroAdder, nameOf, type Scope, type Tick, type Type } from './macros.ts'

type Entry = readonly [key: unknown, value: unknown]

interface Loop {
  /** From the types of the parts that are not names. */
  type(checker: Checker, parts: readonly Type[], key: Type): Type
  /** Of those parts: a demand, which has to be a bool. */
  demands: readonly number[]
  run(each: Each): unknown
}

/** The entries to go through, and what a part makes of one. */
interface Each {
  entries: readonly Entry[]
  parts: readonly ASTNode[]
  value(part: number, entry: Entry): unknown
  /** An error instead of a throw. */
  attempt(part: number, entry: Entry): unknown
  fail(message: string): never
  tick(what: Tick): void
}

export function comprehensions(environment: Environment): void {
  const add = macroAdder(environment)
  const bool = (checker: Checker) => checker.getType('bool')
  const quantifier = (stop: boolean): Loop => ({ type: bool, demands: [0], run: each => quantified(each, stop) })
  add('list.all(ast, ast, ast): bool', loop(quantifier(false)))
  add('list.exists(ast, ast, ast): bool', loop(quantifier(true)))
  const one: Loop = {
    type: bool,
    demands: [0],
    run: ({ entries, value, tick }) => {
      const found = entries.filter(entry => value(0, entry) === true)
      for (const _each of found) tick('kept')
      return found.length === 1
    },
  }
  add('list.existsOne(ast, ast, ast): bool', loop(one))
  for (const [args, demands] of [
    ['ast, ast, ast', []],
    ['ast, ast, ast, ast', [0]],
  ] as const) {
    const last = demands.length
    const kept = ({ entries, value }: Each) => (last === 0 ? entries : entries.filter(entry => value(0, entry) === true))
    add(
      `list.transformList(${args}): list<dyn>`,
      loop({
        demands,
        type: (checker, parts) => checker.registry.getListType(parts[last] as Type),
        run: each => kept(each).map(entry => each.value(last, entry)),
      }),
    )
    add(
      `list.transformMap(${args}): map<dyn, dyn>`,
      loop({
        demands,
        type: (checker, parts, key) => checker.registry.getMapType(key, parts[last] as Type),
        run: each => new Map(kept(each).map(entry => [entry[0], each.value(last, entry)])),
      }),
    )
    add(
      `list.transformMapEntry(${args}): map<dyn, dyn>`,
      loop({ demands, type: (_checker, parts) => parts[last] as Type, run: each => merged(kept(each), each, last) }),
    )
  }
}

function quantified({ entries, attempt, tick }: Each, stop: boolean): boolean {
  let [stopped, problem]: [boolean, unknown] = [false, undefined]
  for (const entry of entries) {
    tick('ask')
    if (stopped) break
    const found = attempt(0, entry)
    stopped = found === stop
    if (found instanceof Error) problem ??= found
  }
  if (!stopped && problem) throw problem
  return stopped ? stop : !stop
}

function merged(entries: readonly Entry[], each: Each, part: number): Map<unknown, unknown> {
  const result = new Map<unknown, unknown>()
  for (const entry of entries)
    for (const [key, value] of entriesOf(each.value(part, entry)) ?? each.fail('not a map')) {
      if (result.has(key)) each.fail(`insert failed: key ${String(key)} already exists`)
      result.set(key, value)
    }
  return result
}

/** undefined: nothing to go through. */
function entriesOf(value: unknown): Entry[] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => [BigInt(index), item])
  if (value instanceof Map) return [...value]
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? Object.entries(value)
    : undefined
}

const loop =
  ({ type, demands, run }: Loop) =>
  ({ ast, args: [first, second, ...parts], receiver }: Call): Macro => {
    const [key, value] = [nameOf(first), nameOf(second)]
    let [outer, inner]: [Scope?, Scope?] = []
    return {
      typeCheck(checker, _macro, scope) {
        if (key === undefined || value === undefined || key === value)
          throw checker.createError(
            'invalid_macro_argument',
            'argument must be a simple name',
            key === undefined ? (first as ASTNode) : (second as ASTNode),
          )
        const range = checker.check(receiver, scope)
        const [keyType, valueType] = elementsOf(checker, range, receiver)
        outer = scope.forkWithVariable(key, keyType)
        inner = outer.forkWithVariable(value, valueType)
        const types = parts.map(part => checker.check(part, inner as Scope))
        for (const index of demands)
          if (!types[index]?.isDynOrBool())
            throw checker.createError(
              'invalid_condition_type',
              `predicate must return bool, got '${types[index]?.name}'`,
              parts[index] as ASTNode,
            )
        return type(checker, types, keyType)
      },
      evaluate(evaluator, macro, scope) {
        const entries = entriesOf(evaluator.run(receiver, scope))
        if (!entries) throw evaluator.createError('invalid_comprehension_range', 'no such overload', receiver)
        const at = ([k, v]: Entry) =>
          (inner as Scope).reuse((outer as Scope).reuse(scope).setIterValue(k, evaluator)).setIterValue(v, evaluator)
        const tick = (what: Tick) => macro.tick?.(what)
        const step = (read: Evaluator['run']) => (part: number, entry: Entry) => {
          tick(part === 0 ? 'step' : 'kept')
          return read(parts[part] as ASTNode, at(entry))
        }
        return run({
          entries,
          parts,
          tick,
          value: step((node, inside) => evaluator.run(node, inside)),
          attempt: step((node, inside) => evaluator.tryEval(node, inside)),
          fail: message => {
            throw evaluator.createError('evaluation_error', message, ast)
          },
        })
      },
    }
  }

function elementsOf(checker: Checker, range: Type, node: ASTNode): [key: Type, value: Type] {
  if (range.kind === 'list') return [checker.getType('int'), range.valueType as Type]
  if (range.kind === 'map') return [range.keyType as Type, range.valueType as Type]
  if (range.kind === 'dyn') return [checker.dynType, checker.dynType]
  throw checker.createError('invalid_comprehension_range', `expression of type '${range.name}' cannot be range of a comprehension`, node)
}
