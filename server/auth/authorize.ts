// May they? The authorizers of --authorization-mode, one after the other, until one has an opinion; and how a refusal is worded.
import { StatusError } from '../../openapi/errors.ts'
import type { User } from '../registry/request.ts'
import { type Attributes, type Authorizer, type Decision, noOpinion, type RulesOf } from './attributes.ts'

const everything: RulesOf = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  errors: [],
  incomplete: false,
}
const nothing: RulesOf = { resourceRules: [], nonResourceRules: [], errors: [], incomplete: false }

export const alwaysAllow: Authorizer = { authorize: () => ({ decision: 'allow', reason: '' }), rulesFor: () => everything }
export const alwaysDeny: Authorizer = {
  authorize: () => ({ decision: 'no opinion', reason: 'Everything is forbidden.' }),
  rulesFor: () => nothing,
}

export const isMaster = ({ groups }: User): boolean => groups.includes('system:masters')

/** system:masters may do everything, whatever the mode. */
export class AuthorizerChain implements Authorizer {
  readonly #authorizers: readonly Authorizer[]

  constructor(authorizers: readonly Authorizer[]) {
    this.#authorizers = authorizers
  }

  authorize(asked: Attributes): Decision {
    if (isMaster(asked.user)) return { decision: 'allow', reason: '' }
    const reasons: string[] = []
    for (const authorizer of this.#authorizers) {
      const decided = authorizer.authorize(asked)
      if (decided.decision !== 'no opinion') return decided
      if (decided.reason) reasons.push(decided.reason)
    }
    return reasons.length === 0 ? noOpinion : { decision: 'no opinion', reason: reasons.join('\n') }
  }

  rulesFor(user: User, namespace: string): RulesOf {
    const all = this.#authorizers.map(authorizer => authorizer.rulesFor(user, namespace))
    return {
      resourceRules: all.flatMap(of => of.resourceRules),
      nonResourceRules: all.flatMap(of => of.nonResourceRules),
      errors: all.flatMap(of => of.errors),
      incomplete: all.some(of => of.incomplete),
    }
  }
}

/** A 403, worded as upstream; undefined: they may. */
export function refusal(authorizer: Authorizer, asked: Attributes): StatusError | undefined {
  const { decision, reason } = authorizer.authorize(asked)
  return decision === 'allow' ? undefined : forbiddenTo(asked, reason)
}

/** A 403, worded as upstream. */
export function forbiddenTo({ user, verb, path, ...asked }: Attributes, reason: string): StatusError {
  const why = reason === '' ? '' : `: ${reason}`
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`
  if (!asked.resourceRequest) return new StatusError(403, 'Forbidden', `forbidden: ${who} path ${JSON.stringify(path)}${why}`, {})
  const { group, resource, subresource, namespace, name } = asked
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource)
  const where = namespace ? ` in the namespace ${JSON.stringify(namespace)}` : ' at the cluster scope'
  const named = name ? ` ${JSON.stringify(name)}` : ''
  return new StatusError(
    403,
    'Forbidden',
    `${group ? `${resource}.${group}` : resource}${named} is forbidden: ${who} resource ${what} in API group ${JSON.stringify(group)}${where}${why}`,
    { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource },
  )
}
