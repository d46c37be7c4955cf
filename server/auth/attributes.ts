// What authorizers decide on, and how they answer.
import { parseFieldSelector } from '../../openapi/values/selector.ts'
import type { User } from '../registry/request.ts'

/** A request as authorizers see it. */
export interface Attributes {
  user: User
  verb: string
  /** false: only verb and path count. */
  resourceRequest: boolean
  path: string
  group: string
  /** Of the group, where the request says it. */
  version?: string
  resource: string
  subresource: string
  namespace: string
  name: string
  /** Fields that a list or watch is limited to, with the value each must have. */
  fields?: Readonly<Record<string, string>>
}

export interface Decision {
  decision: 'allow' | 'deny' | 'no opinion'
  /** Why, for the answer; '' when there is nothing to tell. */
  reason: string
  /** What kept it from being known for sure. */
  error?: string
}

export interface ResourceRule {
  verbs: readonly string[]
  apiGroups?: readonly string[]
  resources?: readonly string[]
  resourceNames?: readonly string[]
}

export interface NonResourceRule {
  verbs: readonly string[]
  nonResourceURLs?: readonly string[]
}

/** What somebody may do in a namespace. */
export interface RulesOf {
  resourceRules: readonly ResourceRule[]
  nonResourceRules: readonly NonResourceRule[]
  /** What could not be told. */
  errors: readonly string[]
  incomplete: boolean
}

/** One of those that --authorization-mode names. */
export interface Mode {
  authorize(attributes: Attributes): Decision | Promise<Decision>
  rulesFor(user: User, namespace: string): RulesOf
  /** Somebody else is asked. */
  remote?: true
}

/** All of them together. */
export interface Authorizer extends Mode {
  /** As far as nobody else has to be asked: expressions do not wait. */
  authorizeNow(attributes: Attributes): Decision
}

export const noOpinion: Decision = { decision: 'no opinion', reason: '' }

export const resourceAttributes = (
  user: User,
  verb: string,
  {
    group = '',
    version,
    resource,
    subresource = '',
    namespace = '',
    name = '',
    fields,
  }: Partial<Attributes> & Pick<Attributes, 'resource'>,
): Attributes => ({ user, verb, resourceRequest: true, path: '', group, version, resource, subresource, namespace, name, fields })

export const pathAttributes = (user: User, verb: string, path: string): Attributes => ({
  ...resourceAttributes(user, verb, { resource: '' }),
  resourceRequest: false,
  path,
})

/** The fields that a selector holds to one value. One that cannot be read limits nothing. */
export function exactFields(selector: string): Record<string, string> {
  try {
    const exact = parseFieldSelector(selector).filter(({ operator }) => operator === '=')
    return Object.fromEntries(exact.map(({ field, value }) => [field, value]))
  } catch {
    return {}
  }
}
