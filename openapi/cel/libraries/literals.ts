// Literals that the library does not have, as rewrite.ts writes them: lists and maps with parts that may be missing, and objects of
// a type: Object{…}, Object.spec{…} and JSONPatch{…}, of which mutating policies make their patches.
import { type ASTNode, type Environment, Optional } from '@marcbachmann/cel-js'
import { calls } from '../rewrite.ts'
import { type Call, type Checker, common, type Evaluator, type Macro, macroAdder, type Scope, type Type } from './macros.ts'

/** What Object{…} makes. */
export class ObjectValue extends Map<string, unknown> {
  readonly typeName: string
  constructor(typeName: string, fields: Iterable<readonly [string, unknown]>) {
    super(fields)
    this.typeName = typeName
  }
}

/** What JSONPatch{…} makes. */
export class PatchValue extends Map<string, unknown> {}

const patchFields: Readonly<Record<string, string>> = { op: 'string', path: 'string', from: 'string', value: 'dyn' }

/** `patches`: with objects; there are none elsewhere. */
export function literals(environment: Environment, patches: boolean): void {
  const add = macroAdder(environment)
  add(`${calls.list}(ast): list<dyn>`, listLiteral)
  add(`${calls.map}(ast): map<dyn, dyn>`, mapLiteral)
  add(`${calls.object}(ast, ast): dyn`, objectLiteral(patches))
  add(`${calls.has}(ast): bool`, has)
  if (!patches) return
  environment.registerType('Object', { ctor: ObjectValue })
  environment.registerType('ObjectPart', { ctor: class ObjectPart {} })
  environment.registerType('JSONPatch', { ctor: PatchValue, fields: patchFields })
}

/** An item, and whether it may be missing. */
const itemOf = (node: ASTNode): { node: ASTNode; optional: boolean } => {
  const [name, args] = node.op === 'call' ? node.args : []
  return name === calls.optional && args?.[0] ? { node: args[0], optional: true } : { node, optional: false }
}

function typeOf(checker: Checker, scope: Scope, item: ASTNode): Type {
  const { node, optional } = itemOf(item)
  const type = checker.check(node, scope)
  if (!optional || type.kind === 'dyn') return type
  if (type.kind !== 'optional' || !type.valueType)
    throw checker.createError('optional_expected', `expected type 'optional_type(dyn)' but found '${type.name}'`, node)
  return type.valueType
}

/** Nothing or one value. */
function valuesOf(evaluator: Evaluator, scope: Scope, item: ASTNode): unknown[] {
  const { node, optional } = itemOf(item)
  const value = evaluator.run(node, scope)
  if (!optional) return [value]
  if (!(value instanceof Optional))
    throw evaluator.createError('optional_expected', 'cannot initialize optional entry from non-optional', node)
  return value.hasValue() ? [value.value()] : []
}

const partsOf = <T>(node: ASTNode | undefined, op: 'list' | 'map'): T[] => (node?.op === op ? (node.args as T[]) : [])

function listLiteral({ args }: Call): Macro {
  const items = partsOf<ASTNode>(args[0], 'list')
  return {
    typeCheck: (checker, _macro, scope) =>
      checker.registry.getListType(
        common(
          checker,
          items.map(item => typeOf(checker, scope, item)),
        ),
      ),
    evaluate: (evaluator, _macro, scope) => items.flatMap(item => valuesOf(evaluator, scope, item)),
  }
}

type Entry = readonly [key: ASTNode, value: ASTNode]

function mapLiteral({ args }: Call): Macro {
  const entries = partsOf<Entry>(args[0], 'map')
  return {
    typeCheck(checker, _macro, scope) {
      const keys = entries.map(([key]) => checker.check(key, scope))
      const values = entries.map(([, value]) => typeOf(checker, scope, value))
      return checker.registry.getMapType(common(checker, keys), common(checker, values))
    },
    evaluate: (evaluator, _macro, scope) => new Map(evaluated(evaluator, scope, entries)),
  }
}

const evaluated = (evaluator: Evaluator, scope: Scope, entries: readonly Entry[]): [unknown, unknown][] =>
  entries.flatMap(([key, value]) => valuesOf(evaluator, scope, value).map((each): [unknown, unknown] => [evaluator.run(key, scope), each]))

const objectLiteral =
  (patches: boolean) =>
  ({ ast, args: [named, map] }: Call): Macro => {
    const name = named?.op === 'value' ? String(named.args) : ''
    const entries = partsOf<Entry>(map, 'map')
    return {
      typeCheck(checker, _macro, scope) {
        const isPatch = name === 'JSONPatch'
        if (!patches || !(isPatch || name === 'Object' || name.startsWith('Object.')))
          throw checker.createError('worded', `undeclared reference to '${name}' (in container '')`, ast)
        for (const [key, value] of entries) {
          const type = typeOf(checker, scope, value)
          if (isPatch) checkPatchField(checker, key, value, type)
        }
        return checker.getType(isPatch || name === 'Object' ? name : 'ObjectPart')
      },
      evaluate(evaluator, _macro, scope) {
        const fields = evaluated(evaluator, scope, entries) as [string, unknown][]
        return name === 'JSONPatch' ? new PatchValue(fields) : new ObjectValue(name, fields)
      },
    }
  }

function checkPatchField(checker: Checker, key: ASTNode, value: ASTNode, type: Type): void {
  const field = String(key.args)
  const wanted = patchFields[field]
  if (wanted === undefined) throw checker.createError('worded', `undefined field '${field}'`, key)
  if (wanted === 'string' && type.kind !== 'dyn' && type.name !== 'string')
    throw checker.createError(
      'worded',
      `expected type of field '${field}' is 'string' but provided type is '${type.name}'`,
      itemOf(value).node,
    )
}

/** Whether there is such a field, of whatever. */
function has({ ast, args: [asked] }: Call): Macro {
  const [of, name] = (asked?.op === '.' ? asked.args : []) as [ASTNode?, string?]
  return {
    typeCheck(checker, _macro, scope) {
      const at = (ast.input ?? '').indexOf('(', ast.start)
      const place = { start: at, end: at + 1, pos: at, input: ast.input, range: { start: at, end: at + 1 } } as unknown as ASTNode
      if (!of) throw checker.createError('misplaced', 'invalid argument to has() macro', asked as ASTNode)
      checker.check(of, scope)
      try {
        checker.check(asked as ASTNode, scope)
      } catch (error) {
        const { code } = error as { code?: string }
        throw code === 'no_such_key' ? checker.createError('worded', `undefined field '${name}'`, place) : error
      }
      return checker.getType('bool')
    },
    evaluate(evaluator, _macro, scope) {
      const found = evaluator.run(of as ASTNode, scope)
      const value = found instanceof Optional ? (found.hasValue() ? found.value() : undefined) : found
      if (value instanceof Map) return value.get(name) !== undefined
      if (Array.isArray(value)) throw evaluator.createError('evaluation_error', "unsupported index type 'string' in list", ast)
      return (
        typeof value === 'object' &&
        value !== null &&
        Object.hasOwn(value, name as string) &&
        Reflect.get(value, name as string) !== undefined
      )
    },
  }
}
