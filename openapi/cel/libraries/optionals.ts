// What there may be, or not: optMap, optFlatMap, ofNonZeroValue, and the optional ends of lists.
import { type ASTNode, type Environment, Optional } from '@marcbachmann/cel-js'
import { adder } from './add.ts'
import { keyOf } from './lists.ts'
import { type Call, type Macro, macroAdder, type Scope, variableName } from './macros.ts'

export function optionals(environment: Environment): void {
  const macro = macroAdder(environment)
  macro('optional.optMap(ast, ast): optional<dyn>', mapped(false))
  macro('optional.optFlatMap(ast, ast): optional<dyn>', mapped(true))
  const add = adder(environment)
  add('OptionalNamespace.ofNonZeroValue(A): optional<A>', (_optional: unknown, value: unknown) =>
    isZero(value) ? Optional.none() : Optional.of(value),
  )
  add('OptionalNamespace.unwrap(list): list', (_optional: unknown, list: unknown[]) => unwrapped(list))
  add('list.unwrapOpt(): list', unwrapped)
  add('list<A>.first(): optional<A>', (list: unknown[]) => Optional.of(list[0]))
  add('list<A>.last(): optional<A>', (list: unknown[]) => Optional.of(list.at(-1)))
  environment.registerOperator('optional == optional', (a: unknown, b: unknown) => keyOf(a) === keyOf(b))
}

const unwrapped = (list: readonly unknown[]): unknown[] =>
  list.flatMap(each => (each instanceof Optional ? (each.hasValue() ? [each.value()] : []) : [each]))

function isZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Date) return false
    const { size, length } = value as { size?: number; length?: number }
    return (size ?? length ?? Object.keys(value).length) === 0
  }
  return !value
}

/** `flat`: what it is mapped to is an optional already. */
const mapped =
  (flat: boolean) =>
  ({ args: [variable, body], receiver }: Call): Macro => {
    let inner: Scope | undefined
    return {
      typeCheck(checker, _macro, scope) {
        const name = variableName(checker, variable)
        const of = checker.check(receiver, scope)
        if (of.kind !== 'optional' && of.kind !== 'dyn')
          throw checker.createError('no_matching_overload', `found no matching overload for '${of.name}.optMap(dyn)'`, receiver)
        inner = scope.forkWithVariable(name, of.valueType ?? checker.dynType)
        const type = checker.check(body as ASTNode, inner)
        return flat ? type : checker.registry.getOptionalType(type)
      },
      evaluate(evaluator, _macro, scope) {
        const optional = evaluator.run(receiver, scope)
        if (!(optional instanceof Optional)) throw evaluator.createError('optional_expected', 'no such overload', receiver)
        if (!optional.hasValue()) return optional
        const value = evaluator.run(body as ASTNode, (inner as Scope).reuse(scope).setIterValue(optional.value(), evaluator))
        return flat ? value : Optional.of(value)
      },
    }
  }
