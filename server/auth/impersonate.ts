// Impersonation: Impersonate-* headers name another user; who sent them must be allowed to act as that one.
import type { IncomingHttpHeaders } from 'node:http'
import { badRequest, StatusError } from '../../openapi/errors.ts'
import type { User } from '../registry/request.ts'
import { type Attributes, type Authorizer, resourceAttributes } from './attributes.ts'
import { refusal } from './authorize.ts'
import { unescaped } from './frontproxy.ts'
import { accountGroups } from './groups.ts'

const serviceAccountPrefix = 'system:serviceaccount:'
const nodePrefix = 'system:node:'
const authenticationGroup = 'authentication.k8s.io'

export interface Impersonated {
  user: User
  /** The verb that allowed it; '' for the older way. */
  constraint: string
}

/** The user to go on as, or why not; undefined: nobody else is named. `asked` is what the request itself wants. */
export async function impersonate(
  authorizer: Authorizer,
  asked: Attributes,
  headers: ReadonlyHeaders,
): Promise<Impersonated | StatusError | undefined> {
  const wanted = wantedUser(headers)
  if (!wanted || wanted instanceof StatusError) return wanted
  const { refused: first, mode } = await constrained(authorizer, asked, wanted)
  if (first && (await legacy(authorizer, asked.user, wanted))) return first
  return { user: { ...wanted, groups: allGroups(wanted) }, constraint: first ? '' : `impersonate:${mode}` }
}

type ReadonlyHeaders = Readonly<Record<string, readonly string[] | undefined>>

/** Header values as sent, each line by itself: Node joins them otherwise. */
export function distinctHeaders(raw: readonly string[], headers: IncomingHttpHeaders): ReadonlyHeaders | undefined {
  if (!Object.keys(headers).some(name => name.startsWith('impersonate-'))) return undefined
  const found: Record<string, string[]> = {}
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    found[name] = [...(found[name] ?? []), raw[i + 1] ?? '']
  }
  return found
}

function wantedUser(headers: ReadonlyHeaders): User | StatusError | undefined {
  const name = headers['impersonate-user']?.[0] ?? ''
  const groups = headers['impersonate-group'] ?? []
  const uid = headers['impersonate-uid']?.[0] ?? ''
  const extra = Object.fromEntries(
    Object.entries(headers).flatMap(([header, values]) =>
      header.startsWith('impersonate-extra-') && values ? [[unescaped(header.slice('impersonate-extra-'.length)), values] as const] : [],
    ),
  )
  const hasExtra = Object.keys(extra).length > 0
  if (name === '') {
    if (groups.length === 0 && uid === '' && !hasExtra) return undefined
    return badRequest(`requested ${goUser({ name, uid, groups, extra })} without impersonating a user name`)
  }
  return { name, groups, ...(uid ? { uid } : {}), ...(hasExtra ? { extra } : {}) }
}

const goList = (list: readonly string[]): string => `[]string{${list.map(text => JSON.stringify(text)).join(', ')}}`

function goUser({ name, uid = '', groups, extra = {} }: User): string {
  const shown = Object.entries(extra)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, values]) => `${JSON.stringify(key)}:${goList(values)}`)
  const map = shown.length > 0 ? `map[string][]string{${shown.join(', ')}}` : 'map[string][]string(nil)'
  const list = groups.length > 0 ? goList(groups) : '[]string(nil)'
  return `&user.DefaultInfo{Name:${JSON.stringify(name)}, UID:${JSON.stringify(uid)}, Groups:${list}, Extra:${map}}`
}

/** The newer way: the right to act as such a user, for this very request. The first thing that is missing, if any. */
async function constrained(
  authorizer: Authorizer,
  asked: Attributes,
  wanted: User,
): Promise<{ refused: StatusError | undefined; mode: string }> {
  const { mode, checks } = constrainedChecks(authorizer, asked.user, wanted)
  const on = await refusal(authorizer, { ...asked, verb: `impersonate-on:${mode}:${asked.verb}` })
  return { refused: on ?? (await checks()), mode }
}

function constrainedChecks(authorizer: Authorizer, user: User, wanted: User) {
  const only = wanted.groups.length === 0 && !wanted.uid && !wanted.extra
  const check = (mode: string, what: Parameters<typeof resourceAttributes>[2]) =>
    refusal(authorizer, resourceAttributes(user, `impersonate:${mode}`, { group: authenticationGroup, ...what }))
  if (only && wanted.name.startsWith(nodePrefix)) {
    const name = wanted.name.slice(nodePrefix.length)
    const mode = user.extra?.['authentication.kubernetes.io/node-name']?.[0] === name ? 'associated-node' : 'arbitrary-node'
    return { mode, checks: () => check(mode, { resource: 'nodes', name: mode === 'associated-node' ? '*' : name }) }
  }
  const account = accountOf(wanted.name)
  if (only && account) return { mode: 'serviceaccount', checks: () => check('serviceaccount', { resource: 'serviceaccounts', ...account }) }
  return { mode: 'user-info', checks: () => firstRefusal(userInfoAttributes(wanted), what => check('user-info', what)) }
}

type What = Parameters<typeof resourceAttributes>[2]

const userInfoAttributes = ({ name, groups, uid, extra = {} }: User): What[] => [
  { resource: 'users', name },
  ...groups.map(group => ({ resource: 'groups', name: group })),
  ...(uid ? [{ resource: 'uids', name: uid }] : []),
  ...Object.entries(extra).flatMap(([key, values]) => values.map(value => ({ resource: 'userextras', subresource: key, name: value }))),
]

async function firstRefusal(
  whats: readonly What[],
  check: (what: What) => Promise<StatusError | undefined>,
): Promise<StatusError | undefined> {
  for (const what of whats) {
    const refused = await check(what)
    if (refused) return refused
  }
  return undefined
}

/** The older way: the verb impersonate on users (or accounts), groups, uids and extras, for whatever the request is. */
function legacy(authorizer: Authorizer, user: User, wanted: User): Promise<StatusError | undefined> {
  const account = accountOf(wanted.name)
  const [first, ...others] = userInfoAttributes(wanted)
  const whats: What[] = [account ? { resource: 'serviceaccounts', ...account } : { resource: 'users', name: first?.name ?? '' }, ...others]
  const groupOf = ({ resource }: What) => (resource === 'uids' || resource === 'userextras' ? authenticationGroup : '')
  return firstRefusal(whats, what => refusal(authorizer, resourceAttributes(user, 'impersonate', { group: groupOf(what), ...what })))
}

function accountOf(name: string): { namespace: string; name: string } | undefined {
  if (!name.startsWith(serviceAccountPrefix)) return undefined
  const [namespace, account, more] = name.slice(serviceAccountPrefix.length).split(':')
  return namespace && account && more === undefined ? { namespace, name: account } : undefined
}

/** Everybody is authenticated or not, and an account is in its groups. */
function allGroups({ name, groups }: User): readonly string[] {
  const account = accountOf(name)
  const own = account && groups.length === 0 ? accountGroups(account.namespace) : groups
  const general = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  return own.includes('system:authenticated') || own.includes('system:unauthenticated') ? own : [...own, general]
}
