// Whether a FlowSchema's rules fit a user and what he asks for. util/flowcontrol/rule.go: a list with a single star fits everything.
import type { FlowSchema } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import type { RequestInfo } from '../http/requestinfo.ts'
import type { User } from '../registry/request.ts'

export type Rule = NonNullable<FlowSchema['spec']['rules']>[number]
type Subject = Rule['subjects'][number]
type ResourceRule = NonNullable<Rule['resourceRules']>[number]

export const concerns = (user: User, { subjects }: Rule): boolean => subjects.some(subject => isSubject(user, subject))

function isSubject({ name, groups }: User, subject: Subject): boolean {
  if (subject.kind === 'User') return subject.user?.name === '*' || subject.user?.name === name
  if (subject.kind === 'Group') return subject.group?.name === '*' || groups.includes(subject.group?.name ?? '')
  const account = subject.serviceAccount
  if (!account) return false
  const prefix = `system:serviceaccount:${account.namespace}:`
  return account.name === '*' ? name.startsWith(prefix) : name === prefix + account.name
}

export function fits({ resourceRules, nonResourceRules }: Rule, verb: string, info: RequestInfo): boolean {
  if (info.resourceRequest) return (resourceRules ?? []).some(rule => fitsResource(rule, verb, info))
  return (nonResourceRules ?? []).some(
    ({ verbs, nonResourceURLs }) => has(verbs, verb) && nonResourceURLs.some(url => fitsPath(url, info.path)),
  )
}

function fitsResource({ verbs, apiGroups, resources, namespaces, clusterScope }: ResourceRule, verb: string, info: RequestInfo): boolean {
  if (!has(verbs, verb) || !has(apiGroups, info.group)) return false
  if (!has(resources, info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`)) return false
  return info.namespace === '' ? clusterScope === true : has(namespaces ?? [], info.namespace)
}

const has = (list: readonly string[], value: string): boolean => (list.length === 1 && list[0] === '*') || list.includes(value)

/** A path stands for all below it. */
function fitsPath(url: string, path: string): boolean {
  if (url === '*' || url === path) return true
  const prefix = url.endsWith('*') ? url.slice(0, -1) : url
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
}
