// May they? The authorizers of --authorization-mode, one after the other, until one has an opinion; and how a refusal is worded.
import { aggregate, StatusError } from '../../openapi/errors.ts'
import type { User } from '../registry/request.ts'
import { type Attributes, type Authorizer, type Decision, type Mode, noOpinion, type RulesOf } from './attributes.ts'

const everything: RulesOf = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  errors: [],
  incomplete: false,
}
const nothing: RulesOf = { resourceRules: [], nonResourceRules: [], errors: [], incomplete: false }

export const alwaysAllow: Mode = { authorize: () => ({ decision: 'allow', reason: '' }), rulesFor: () => everything }
export const alwaysDeny: Mode = {
  authorize: () => ({ decision: 'no opinion', reason: 'Everything is forbidden.' }),
  rulesFor: () => nothing,
}

export const isMaster = ({ groups }: User): boolean => groups.includes('system:masters')

/** system:masters may do everything, whatever the mode. */
export class AuthorizerChain implements Authorizer {
  readonly #modes: readonly Mode[]

  constructor(modes: readonly Mode[]) {
    this.#modes = modes
  }

  authorize(asked: Attributes): Decision | Promise<Decision> {
    return this.#ask(asked, this.#modes, [])
  }

  authorizeNow(asked: Attributes): Decision {
    const here = this.#modes.filter(({ remote }) => !remote)
    return this.#ask(asked, here, []) as Decision
  }

  /** The first opinion counts; `before`: what those said who had none. */
  #ask(asked: Attributes, modes: readonly Mode[], before: readonly Decision[]): Decision | Promise<Decision> {
    if (isMaster(asked.user)) return { decision: 'allow', reason: '' }
    const said = [...before]
    for (const [index, mode] of modes.entries()) {
      const decided = mode.authorize(asked)
      if (decided instanceof Promise)
        return decided.then(later => (isOpinion(later) ? later : this.#ask(asked, modes.slice(index + 1), [...said, later])))
      if (isOpinion(decided)) return decided
      said.push(decided)
    }
    return together(said)
  }

  rulesFor(user: User, namespace: string): RulesOf {
    const all = this.#modes.map(mode => mode.rulesFor(user, namespace))
    return {
      resourceRules: all.flatMap(of => of.resourceRules),
      nonResourceRules: all.flatMap(of => of.nonResourceRules),
      errors: all.flatMap(of => of.errors),
      incomplete: all.some(of => of.incomplete),
    }
  }
}

const isOpinion = ({ decision }: Decision): boolean => decision !== 'no opinion'

function together(said: readonly Decision[]): Decision {
  const errors = said.flatMap(({ error }) => error ?? [])
  const reason = said.flatMap(({ reason }) => reason || []).join('\n')
  if (reason === '' && errors.length === 0) return noOpinion
  return { decision: 'no opinion', reason, ...(errors.length > 0 ? { error: aggregate(errors) } : {}) }
}

/** A 403, worded as upstream; undefined: they may. */
export async function refusal(authorizer: Mode, asked: Attributes): Promise<StatusError | undefined> {
  const { decision, reason } = await authorizer.authorize(asked)
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
