// What the library's macros are made of, as far as ours use it: its types do not tell.
import type { ASTNode, Environment } from '@marcbachmann/cel-js'

export interface Type {
  kind: string
  name: string
  hasDynType?: boolean
  /** Of an empty list or map, nothing more is known. */
  hasPlaceholderType?: boolean
  keyType?: Type
  valueType?: Type
  unify(registry: Registry, other: Type): Type | null
  isDynOrBool(): boolean
}

interface Registry {
  getListType(of: Type): Type
  getMapType(key: Type, value: Type): Type
  getOptionalType(of: Type): Type
}

export interface Scope {
  forkWithVariable(name: string, type: Type): Scope
  reuse(parent: Scope): Scope
  setIterValue(value: unknown, evaluator: Evaluator): Scope
}

export interface Checker {
  registry: Registry
  dynType: Type
  check(node: ASTNode, scope: Scope): Type
  getType(name: string): Type
  createError(code: string, message: string, node: ASTNode): Error
}

export interface Evaluator {
  run(node: ASTNode, scope: Scope): unknown
  tryEval(node: ASTNode, scope: Scope): unknown
  createError(code: string, message: string, node: ASTNode): Error
}

export interface Call {
  ast: ASTNode
  args: ASTNode[]
  receiver: ASTNode
}

/** Asking whether to go on, a turn, and what follows when its condition holds. */
export type Tick = 'ask' | 'step' | 'kept'

export interface Macro {
  /** Called by loops: a meter hooks into it. */
  tick?: (what: Tick) => void
  /** Called before it sorts by these. */
  sorts?: (keys: readonly unknown[]) => void
  typeCheck(checker: Checker, macro: Macro, scope: Scope): Type
  evaluate(evaluator: Evaluator, macro: Macro, scope: Scope): unknown
}

export const macroAdder = (environment: Environment) => (signature: string, make: (call: Call) => Macro) => {
  environment.registerFunction(signature, ((call: Call) => ({ async: false, ...make(call) })) as never)
}

/** undefined: no name stands there. */
export const nameOf = (node: { op: string; args: unknown } | undefined): string | undefined =>
  node?.op === 'id' ? (node.args as string) : undefined

/** The name of a loop's variable; the checker's error where none stands. */
export function variableName(checker: Checker, node: ASTNode | undefined): string {
  const name = nameOf(node)
  if (name === undefined) throw checker.createError('invalid_macro_argument', 'argument must be a simple name', node as ASTNode)
  return name
}

/** What all are, dyn when they differ. */
export const common = (checker: Checker, types: readonly Type[]): Type =>
  types.length === 0
    ? (checker.getType('list<T>').valueType ?? checker.dynType)
    : types.reduce((a, b) => a.unify(checker.registry, b) ?? checker.dynType)
