// The policy of --audit-policy-file: read, checked, and asked about each request.
import { aggregate, type FieldError, invalid, notSupported, required } from '../../openapi/errors.ts'
import { DecodeError, decode } from '../../openapi/rules/decode.ts'
import { AuditPolicy, type PolicyRule } from '../../openapi/schemas/audit.ts'
import { isDns1123Subdomain } from '../../openapi/values/names.ts'
import type { Attributes } from '../auth/attributes.ts'
import { parseYaml, YamlError } from '../codec/yaml.ts'
import { ConfigError } from '../config.ts'
import type { User } from '../registry/request.ts'

export const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const
export type Level = (typeof levels)[number]
export const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const
export type Stage = (typeof stages)[number]

export const isAtLeast = (level: Level, other: Level): boolean => levels.indexOf(level) >= levels.indexOf(other)

/** What is to be told of a request. */
export interface Telling {
  level: Level
  omitStages: ReadonlySet<string>
  omitManagedFields: boolean
}

/** Without a user: nobody could be told. */
export type Asked = Omit<Attributes, 'user'> & { user?: User }

export type Policy = (asked: Asked) => Telling | undefined

/** Throws ConfigError, worded as upstream. */
export function parsePolicy(text: string, file: string): Policy {
  const refuse = (why: string) => new ConfigError(`loading audit policy file: ${why}: from file ${file}`)
  const policy = decoded(text, refuse)
  const errors = (policy.rules ?? []).flatMap(ruleErrors).map(({ field, message }) => `${field}: ${message}`)
  if (errors.length > 0) throw refuse(aggregate(errors))
  if (!policy.rules?.length) throw refuse('loaded illegal policy with 0 rules')
  const rules = policy.rules.map(rule => ({
    rule,
    telling: {
      level: rule.level as Level,
      omitStages: new Set([...(policy.omitStages ?? []), ...(rule.omitStages ?? [])]),
      omitManagedFields: rule.omitManagedFields ?? policy.omitManagedFields ?? false,
    },
  }))
  return asked => rules.find(({ rule }) => fits(rule, asked))?.telling
}

function decoded(text: string, refuse: (why: string) => ConfigError): AuditPolicy {
  try {
    const { value } = parseYaml(text)
    const { apiVersion, kind } = (value ?? {}) as { apiVersion?: unknown; kind?: unknown }
    if (!kind) throw refuse(`failed decoding: Object 'Kind' is missing in ${JSON.stringify(text)}`)
    if (!apiVersion) throw refuse(`failed decoding: Object 'apiVersion' is missing in ${JSON.stringify(text)}`)
    if (kind !== 'Policy' || apiVersion !== 'audit.k8s.io/v1')
      throw refuse(
        `failed decoding: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/audit/scheme.go:30"`,
      )
    const policy = decode(AuditPolicy, value).object as AuditPolicy
    // Decoding drops a false, which means something here.
    const given = (value as { rules?: readonly { omitManagedFields?: boolean }[] }).rules ?? []
    const rules = policy.rules?.map((rule, index) =>
      given[index]?.omitManagedFields === false ? { ...rule, omitManagedFields: false } : rule,
    )
    return { ...policy, rules } as AuditPolicy
  } catch (error) {
    if (error instanceof YamlError || error instanceof DecodeError) throw refuse(`failed decoding: ${error.message}`)
    throw error
  }
}

function ruleErrors(rule: PolicyRule, index: number): FieldError[] {
  const path = `rules[${index}]`
  const { level, nonResourceURLs = [], resources = [], namespaces = [], omitStages = [] } = rule
  const both = nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0)
  return [
    ...(level ? [] : [required(`${path}.level`)]),
    ...(level && !(levels as readonly string[]).includes(level) ? [notSupported(`${path}.level`, level, levels)] : []),
    ...nonResourceURLs.flatMap((url, i) => urlErrors(url, `${path}.nonResourceURLs[${i}]`)),
    ...resources.flatMap(group => groupErrors(group, `${path}.resources`)),
    ...omitStages.flatMap((stage, i) =>
      (stages as readonly string[]).includes(stage)
        ? []
        : [invalid(`${path}.omitStages[${i}]`, stage, `allowed stages are ${stages.join(',')}`)],
    ),
    ...(both
      ? [invalid(`${path}.nonResourceURLs`, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs')]
      : []),
  ]
}

const urlErrors = (url: string, path: string): FieldError[] =>
  url === '*'
    ? []
    : [
        ...(url.startsWith('/') ? [] : [invalid(path, url, "non-resource URL rules must begin with a '/' character")]),
        ...(url.slice(0, -1).includes('*')
          ? [invalid(path, url, "non-resource URL wildcards '*' must be the final character of the rule")]
          : []),
      ]

type Resources = NonNullable<PolicyRule['resources']>[number]

function groupErrors({ group = '', resources = [], resourceNames = [] }: Resources, path: string): FieldError[] {
  const problems = group === '' ? [] : isDns1123Subdomain(group)
  return [
    ...(problems.length > 0 ? [invalid(`${path}.group`, group, problems.join(','))] : []),
    ...(resourceNames.length > 0 && resources.length === 0
      ? [invalid(`${path}.resourceNames`, resourceNames, 'using resourceNames requires at least one resource')]
      : []),
  ]
}

function fits(rule: PolicyRule, asked: Asked): boolean {
  const { users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] } = rule
  if (users.length > 0 && !(asked.user && users.includes(asked.user.name))) return false
  if (userGroups.length > 0 && !asked.user?.groups.some(group => userGroups.includes(group))) return false
  if (verbs.length > 0 && !verbs.includes(asked.verb)) return false
  if (namespaces.length > 0 || resources.length > 0) {
    if (!asked.resourceRequest || (namespaces.length > 0 && !namespaces.includes(asked.namespace))) return false
    return resources.length === 0 || resources.some(group => isOfGroup(group, asked))
  }
  if (nonResourceURLs.length === 0) return true
  return !asked.resourceRequest && nonResourceURLs.some(url => isPath(url, asked.path))
}

function isOfGroup({ group = '', resources = [], resourceNames = [] }: Resources, asked: Asked): boolean {
  if (group !== asked.group) return false
  if (resources.length === 0) return true
  if (resourceNames.length > 0 && !resourceNames.includes(asked.name)) return false
  const { resource, subresource } = asked
  const whole = subresource === '' ? resource : `${resource}/${subresource}`
  return resources.some(
    wanted => wanted === '*' || wanted === whole || (subresource !== '' && wanted === `*/${subresource}`) || wanted === `${resource}/*`,
  )
}

const isPath = (wanted: string, path: string): boolean =>
  wanted === '*' || wanted === path || (wanted.endsWith('*') && path.startsWith(wanted.replace(/\*+$/, '')))
