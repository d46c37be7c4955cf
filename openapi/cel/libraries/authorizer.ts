// authorizer.group('').resource('pods').check('get').allowed(): what somebody may do, as the server's own authorizers say.
import type { Environment } from '@marcbachmann/cel-js'
import { isDns1123Label, isDns1123Subdomain } from '../../values/names.ts'
import { adder, fail } from './add.ts'

/** What is asked: a path, or a resource with whatever is said of it. */
export interface Question {
  verb: string
  path?: string
  resource?: {
    group: string
    resource: string
    subresource: string
    namespace: string
    name: string
    fieldSelector: string
    labelSelector: string
  }
  /** Asked about in place of who made the request. */
  serviceAccount?: { namespace: string; name: string }
}

export interface Answer {
  allowed: boolean
  reason: string
}

export type Ask = (question: Question) => Answer

type Resource = NonNullable<Question['resource']>

class PathCheck {
  readonly authorizer: AuthorizerValue
  readonly path: string
  constructor(authorizer: AuthorizerValue, path: string) {
    this.authorizer = authorizer
    this.path = path
  }
}

class GroupCheck {
  readonly authorizer: AuthorizerValue
  readonly group: string
  constructor(authorizer: AuthorizerValue, group: string) {
    this.authorizer = authorizer
    this.group = group
  }
}

class ResourceCheck {
  readonly authorizer: AuthorizerValue
  readonly resource: Resource
  constructor(authorizer: AuthorizerValue, resource: Resource) {
    this.authorizer = authorizer
    this.resource = resource
  }
}

class Decision {
  readonly answer: Answer
  constructor(answer: Answer) {
    this.answer = answer
  }
}

/** The variable `authorizer`. */
export class AuthorizerValue {
  readonly ask: Ask
  readonly requestResource: ResourceCheck | undefined
  readonly serviceAccount: Question['serviceAccount']
  /** `request`: the resource that the request is about. */
  constructor(ask: Ask, request?: Partial<Resource>, serviceAccount?: Question['serviceAccount']) {
    this.ask = ask
    this.requestResource = request && new ResourceCheck(this, { ...nothing, ...request })
    this.serviceAccount = serviceAccount
  }
  check(question: Question): Decision {
    return new Decision(this.ask({ ...question, ...(this.serviceAccount ? { serviceAccount: this.serviceAccount } : {}) }))
  }
}

const nothing: Resource = { group: '', resource: '', subresource: '', namespace: '', name: '', fieldSelector: '', labelSelector: '' }

const filled = (text: string, what: string): string => (text.trim() === '' ? fail(`${what} must not be empty`) : text)

function serviceAccount({ ask }: AuthorizerValue, namespace: string, name: string): AuthorizerValue {
  if (isDns1123Subdomain(name).length > 0) fail('Invalid service account name')
  if (isDns1123Label(namespace).length > 0) fail('Invalid service account namespace')
  return new AuthorizerValue(ask, undefined, { namespace, name })
}

/** Names of the types as upstream has them. */
const of = (type: string): string => `kubernetes.authorization.${type}`

export function authorizers(environment: Environment): void {
  for (const [name, ctor] of Object.entries({ PathCheck, GroupCheck, ResourceCheck, Decision })) environment.registerType(of(name), ctor)
  environment.registerType(of('Authorizer'), { ctor: AuthorizerValue, fields: { requestResource: of('ResourceCheck') } })
  const add = adder(environment)
  const on = (type: string, call: string, answer: string, run: (...args: never[]) => unknown) => add(`${of(type)}.${call}: ${answer}`, run)
  on('Authorizer', 'path(string)', of('PathCheck'), (a: AuthorizerValue, path: string) => new PathCheck(a, filled(path, 'path')))
  on('Authorizer', 'group(string)', of('GroupCheck'), (a: AuthorizerValue, group: string) => new GroupCheck(a, group))
  on('Authorizer', 'serviceAccount(string, string)', of('Authorizer'), serviceAccount)
  on(
    'GroupCheck',
    'resource(string)',
    of('ResourceCheck'),
    ({ authorizer, group }: GroupCheck, resource: string) =>
      new ResourceCheck(authorizer, { ...nothing, group, resource: filled(resource, 'resource') }),
  )
  for (const field of ['subresource', 'namespace', 'name', 'fieldSelector', 'labelSelector'])
    on(
      'ResourceCheck',
      `${field}(string)`,
      of('ResourceCheck'),
      ({ authorizer, resource }: ResourceCheck, value: string) => new ResourceCheck(authorizer, { ...resource, [field]: value }),
    )
  on('PathCheck', 'check(string)', of('Decision'), ({ authorizer, path }: PathCheck, verb: string) => authorizer.check({ verb, path }))
  on('ResourceCheck', 'check(string)', of('Decision'), ({ authorizer, resource }: ResourceCheck, verb: string) =>
    authorizer.check({ verb, resource }),
  )
  on('Decision', 'allowed()', 'bool', ({ answer }: Decision) => answer.allowed)
  on('Decision', 'reason()', 'string', ({ answer }: Decision) => answer.reason)
  // Only authorizers that ask somebody else fail, and there are none; a selector that cannot be read limits nothing, and is no error.
  on('Decision', 'errored()', 'bool', () => false)
  on('Decision', 'error()', 'string', () => '')
}
