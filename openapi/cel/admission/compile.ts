// CEL expressions of admission: are they well formed, and of what type? Problems are worded as cel-go words them, as far as the parser
// underneath can tell.
import type { Environment } from '@marcbachmann/cel-js'
import type { Structural } from '../../custom/structural.ts'
import { loadPatterns } from '../../values/pattern.ts'
import type { Finding } from '../problem.ts'
import type { Compiled } from '../program.ts'
import { rewrite } from '../rewrite.ts'
import { goType, located } from '../words.ts'

type Library = typeof import('@marcbachmann/cel-js') &
  Pick<typeof import('../functions.ts'), 'registerLibraries'> &
  Pick<typeof import('../libraries/add.ts'), 'fail'> &
  Pick<typeof import('../libraries/authorizer.ts'), 'AuthorizerValue'> &
  Pick<typeof import('../problem.ts'), 'examine' | 'read'> &
  Pick<typeof import('../program.ts'), 'compileIn' | 'options'> &
  Pick<typeof import('../types.ts'), 'declareObjects'>

/** The parser takes a while to load, and few clusters ever see an expression. */
const loaded: { library?: Library; environments: Map<string, Environment> } = { environments: new Map() }

export async function loadCel(): Promise<void> {
  await loadPatterns()
  loaded.library ??= {
    ...(await import('@marcbachmann/cel-js')),
    ...(await import('../functions.ts')),
    ...(await import('../libraries/add.ts')),
    ...(await import('../libraries/authorizer.ts')),
    ...(await import('../problem.ts')),
    ...(await import('../program.ts')),
    ...(await import('../types.ts')),
  }
}

/** What an expression may name besides object, oldObject, request and namespaceObject. */
export interface Declared {
  params?: boolean
  authorizer?: boolean
  /** Expressions with names, each seen by those that follow; 'any': whatever there is. */
  variables?: readonly { name?: string; expression?: string }[] | 'any'
  /** Objects and JSON patches may be made. */
  patches?: boolean
  /** What object and oldObject, and params, are known to be. */
  typed?: { object: Structural; params?: Structural }
  /** Nothing but this: a selector of devices. */
  device?: boolean
}

/** Why `expression` is refused, undefined if it is not. `types`: what it may evaluate to; none = anything. loadCel() must be over. */
export function expressionProblem(expression: string, types: readonly string[], declared: Declared): string | undefined {
  const { problem, root, type = '', finding, original } = library().read(environment(declared), expression)
  if (problem !== undefined) return `compilation failed: ${problem}`
  if (!root)
    return `compilation failed: ${located(expression, { message: worded(finding), at: original?.(finding?.range?.start ?? 0) ?? 0 })}`
  const name = shortType(type)
  if (types.length === 0 || types.includes(name)) return undefined
  const wanted = types.length === 1 ? `must evaluate to ${types[0]}` : `must evaluate to one of [${types.join(' ')}]`
  return `${wanted} but got ${name}`
}

/** What is sure to be wrong with expressions when the object is of a type, in the order of the expressions. loadCel() must be over. */
export function typeProblems(expressions: readonly string[], declared: Declared): (string | undefined)[] {
  const typed = newEnvironment(declared)
  return expressions.map(expression => {
    const { problem } = library().examine(typed, expression, 'bool')
    return problem === 'type' ? undefined : problem
  })
}

/** What `authorizer` is, for an expression. loadCel() must be over. */
export const authorizerValue = (...given: ConstructorParameters<Library['AuthorizerValue']>) => new (library().AuthorizerValue)(...given)

const groupVersion = { group: 'string', version: 'string' }
const requestSchema = {
  kind: { ...groupVersion, kind: 'string' },
  resource: { ...groupVersion, resource: 'string' },
  subResource: 'string',
  requestKind: { ...groupVersion, kind: 'string' },
  requestResource: { ...groupVersion, resource: 'string' },
  requestSubResource: 'string',
  name: 'string',
  namespace: 'string',
  operation: 'string',
  userInfo: { username: 'string', uid: 'string', groups: 'list<string>', extra: 'map<string, list<string>>' },
  dryRun: 'bool',
  options: 'dyn',
}

/** loadCel() must be over. */
export const program = (declared: Declared, expression: string): Compiled => library().compileIn(environment(declared), expression)

/** Throws it as an error of the expression that is evaluated. */
export const failed = (message: string): never => library().fail(message)

function library(): Library {
  if (!loaded.library) throw new Error('bug: an expression is looked at before loadCel()')
  return loaded.library
}

function environment(declared: Declared): Environment {
  const { params, authorizer, variables = [], patches, typed, device } = declared
  // Typed variables are of one policy only; the others are few, and dear to make.
  if (typed || (typeof variables !== 'string' && variables.length > 0)) return newEnvironment(declared)
  const key = `${params} ${authorizer} ${variables} ${patches} ${device}`
  const known = loaded.environments.get(key) ?? newEnvironment(declared)
  loaded.environments.set(key, known)
  return known
}

function newEnvironment({ params, authorizer, variables, patches, typed, device }: Declared): Environment {
  const { Environment, options, registerLibraries, declareObjects } = library()
  const made = new Environment({ ...options, unlistedVariablesAreDyn: false })
  registerLibraries(made, patches)
  if (device) return made.registerVariable('device', { schema: deviceSchema })
  if (typed) declareObjects(made, { object: typed.object, oldObject: typed.object, ...(typed.params ? { params: typed.params } : {}) })
  else for (const name of ['object', 'oldObject']) made.registerVariable(name, 'dyn')
  made.registerVariable('namespaceObject', 'dyn')
  made.registerVariable('request', { schema: requestSchema })
  if (params && !typed?.params) made.registerVariable('params', 'dyn')
  if (authorizer) made.registerVariable('authorizer', 'kubernetes.authorization.Authorizer')
  if (variables === 'any') made.registerVariable('variables', 'dyn')
  else if (variables && variables.length > 0)
    made.registerVariable('variables', { schema: typesOf(variables, { params, authorizer, patches, typed }) })
  return made
}

const deviceSchema = {
  driver: 'string',
  allowMultipleAllocations: 'bool',
  attributes: 'map<string, map<string, dyn>>',
  capacity: 'map<string, map<string, Quantity>>',
}

/** Of what type each variable is; dyn where that cannot be told. */
function typesOf(variables: readonly { name?: string; expression?: string }[], declared: Declared): Record<string, string> {
  const types: Record<string, string> = {}
  for (const [index, { name = '', expression = '' }] of variables.entries()) {
    const { valid, type } = environment({ ...declared, variables: variables.slice(0, index) }).check(rewrite(expression).text)
    types[name] = valid && type && type !== 'null' ? type : 'dyn'
  }
  return types
}

/** What is not said in cel-go's words. */
function worded(finding: Finding | undefined): string {
  // Without a summary it is the stack of the engine that is at its end.
  const { code, summary = 'max recursion depth exceeded' } = finding ?? {}
  if (code === 'unknown_variable') return `undeclared reference to '${summary.replace(/^.*: /, '')}' (in container '')`
  return summary
}

const shortType = (type: string): string => (type === 'null' ? 'null_type' : goType(type).replace(/^list$/, 'list(dyn)'))
