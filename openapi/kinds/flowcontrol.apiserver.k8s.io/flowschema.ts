// FlowSchema.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { FlowSchema as schema } from '../../schemas/flowcontrol.ts'
import { deepEqual } from '../../values/equal.ts'
import { isDns1123Label } from '../../values/names.ts'
import { dnsLabel, dnsSubdomain, requiredText } from '../core/pod/validation/fields.ts'
import { mandatorySchemas } from './bootstrap.ts'
import { conditionErrors } from './prioritylevelconfiguration.ts'

export interface FlowSchema extends ObjectOf<typeof schema> {}
export type FlowSchemaInput = InputOf<typeof schema>

type Spec = FlowSchema['spec']
type Rule = NonNullable<Spec['rules']>[number]
type Subject = Rule['subjects'][number]
type ResourceRule = NonNullable<Rule['resourceRules']>[number]
type PathRule = NonNullable<Rule['nonResourceRules']>[number]

const maxPrecedence = 10_000

function validate({ metadata: { name }, spec, status }: FlowSchema): FieldError[] {
  const errors = specErrors(spec, name)
  const fixed = Object.hasOwn(mandatorySchemas, name) ? mandatorySchemas[name] : undefined
  if (fixed && !deepEqual(spec, fixed))
    errors.push(invalid('spec', goForm('@flowcontrol.v1.FlowSchemaSpec', spec), `spec of '${name}' must equal the fixed value`))
  return [...errors, ...conditionErrors(status.conditions ?? [])]
}

function specErrors({ matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration, rules }: Spec, name: string): FieldError[] {
  const errors: FieldError[] = []
  const path = 'spec.matchingPrecedence'
  if (matchingPrecedence <= 0) errors.push(invalid(path, matchingPrecedence, 'must be a positive value'))
  if (matchingPrecedence > maxPrecedence) errors.push(invalid(path, matchingPrecedence, `must not be greater than ${maxPrecedence}`))
  if (matchingPrecedence === 1 && name !== 'exempt')
    errors.push(invalid(path, matchingPrecedence, "only the schema named 'exempt' may have matchingPrecedence 1"))
  const methods = ['ByNamespace', 'ByUser']
  if (distinguisherMethod && !methods.includes(distinguisherMethod.type))
    errors.push(
      notSupported('spec.distinguisherMethod.type', goForm('@flowcontrol.v1.FlowDistinguisherMethod', distinguisherMethod), methods),
    )
  const level = priorityLevelConfiguration.name
  if (level) errors.push(...dnsSubdomain('spec.priorityLevelConfiguration.name', level))
  else errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'))
  return [...errors, ...(rules ?? []).flatMap((rule, index) => ruleErrors(rule, `spec.rules[${index}]`))]
}

function ruleErrors({ subjects, resourceRules, nonResourceRules }: Rule, path: string): FieldError[] {
  const errors = (subjects ?? []).flatMap((subject, index) => subjectErrors(subject, `${path}.subjects[${index}]`))
  if (!subjects?.length) errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'))
  if (!resourceRules?.length && !nonResourceRules?.length)
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'))
  for (const [index, rule] of (resourceRules ?? []).entries()) errors.push(...resourceErrors(rule, `${path}.resourceRules[${index}]`))
  for (const [index, rule] of (nonResourceRules ?? []).entries()) errors.push(...pathErrors(rule, `${path}.nonResourceRules[${index}]`))
  return errors
}

const subjectFields = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const
/** The order in which a field too many is told, by kind. */
const others = { ServiceAccount: ['User', 'Group'], User: ['ServiceAccount', 'Group'], Group: ['ServiceAccount', 'User'] } as const

function subjectErrors(subject: Subject, path: string): FieldError[] {
  const { kind } = subject
  if (kind !== 'ServiceAccount' && kind !== 'User' && kind !== 'Group')
    return [notSupported(`${path}.kind`, kind ?? '', ['Group', 'ServiceAccount', 'User'])]
  const field = subjectFields[kind]
  const errors = subject[field]
    ? whoErrors(subject, kind, `${path}.${field}`)
    : [required(`${path}.${field}`, `${field} is required when subject kind is '${kind}'`)]
  for (const other of others[kind]) {
    const name = subjectFields[other]
    if (subject[name]) errors.push(forbidden(`${path}.${name}`, `${name} is forbidden when subject kind is not '${other}'`))
  }
  return errors
}

function whoErrors({ user, group, serviceAccount }: Subject, kind: keyof typeof subjectFields, path: string): FieldError[] {
  if (kind !== 'ServiceAccount') return requiredText(`${path}.name`, (kind === 'User' ? user : group)?.name)
  const { name, namespace } = serviceAccount ?? {}
  return [
    ...requiredText(`${path}.name`, name),
    ...(name && name !== '*' ? dnsSubdomain(`${path}.name`, name) : []),
    ...(namespace
      ? dnsLabel(`${path}.namespace`, namespace)
      : [required(`${path}.namespace`, 'must specify namespace for service account')]),
  ]
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']

function verbErrors(given: readonly string[] | undefined, path: string): FieldError[] {
  if (!given?.length) return [required(path, 'verbs must contain at least one value')]
  if (given.includes('*')) return alone(given, path, 'verbs')
  return given.every(verb => verbs.includes(verb)) ? [] : [notSupported(path, given, verbs)]
}

/** A star stands for all, so nothing may stand beside it. */
const alone = (given: readonly string[], path: string, what: string): FieldError[] =>
  given.length > 1 && given.includes('*') ? [invalid(path, given, `if '*' is present, must not specify other ${what}`)] : []

function pathErrors({ verbs: given, nonResourceURLs }: PathRule, path: string): FieldError[] {
  const errors = verbErrors(given, `${path}.verbs`)
  const at = `${path}.nonResourceURLs`
  if (!nonResourceURLs?.length) errors.push(required(at, 'nonResourceURLs must contain at least one value'))
  else if (nonResourceURLs.includes('*')) errors.push(...alone(nonResourceURLs, at, 'non-resource URLs'))
  else for (const [index, url] of nonResourceURLs.entries()) errors.push(...urlErrors(url, `${at}[${index}]`))
  return errors
}

function urlErrors(url: string, path: string): FieldError[] {
  if (url === '/') return []
  const stars = url.split('*').length - 1
  const why =
    url === ''
      ? 'must not be empty'
      : !url.startsWith('/')
        ? 'must start with slash'
        : url.includes(' ')
          ? 'must not contain white-space'
          : url.includes('//')
            ? 'must not contain double slash'
            : stars > 1 || (stars === 1 && !url.endsWith('/*'))
              ? 'wildcard can only do suffix matching'
              : ''
  return why === '' ? [] : [invalid(path, url, why)]
}

function resourceErrors({ verbs: given, apiGroups, resources, namespaces, clusterScope }: ResourceRule, path: string): FieldError[] {
  const errors = verbErrors(given, `${path}.verbs`)
  if (!apiGroups?.length) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  else errors.push(...alone(apiGroups, `${path}.apiGroups`, 'api groups'))
  if (!resources?.length) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  else errors.push(...alone(resources, `${path}.resources`, 'resources'))
  const at = `${path}.namespaces`
  if (!namespaces?.length) {
    if (!clusterScope) errors.push(required(at, 'resource rules that are not cluster scoped must supply at least one namespace'))
  } else if (namespaces.includes('*')) errors.push(...alone(namespaces, at, 'namespaces'))
  else
    for (const [index, name] of namespaces.entries())
      for (const why of isDns1123Label(name))
        errors.push(invalid(`${at}[${index}]`, name, `each member of this list must be '*' or a DNS-1123 label; ${why}`))
  return errors
}

/** Whether the level of a schema exists. `time`: metav1.Time. */
export function danglingCondition(level: string, found: boolean, time: string) {
  const outcome = found ? 'and it exists' : 'but there is no such object'
  return {
    type: 'Dangling',
    status: found ? 'False' : 'True',
    lastTransitionTime: time,
    reason: found ? 'Found' : 'NotFound',
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} ${outcome}`,
  }
}

const dangling = ({ status }: FlowSchema): string => (status.conditions ?? []).find(c => c.type === 'Dangling')?.status ?? '?'

/** The order in which they are tried. */
export const byPrecedence = (a: FlowSchema, b: FlowSchema): number =>
  (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) || (a.metadata.name < b.metadata.name ? -1 : 1)

const columns = [
  nameColumn,
  text<FlowSchema>('PriorityLevel', 'The level of its requests.', ({ spec }) => spec.priorityLevelConfiguration.name),
  text<FlowSchema>('MatchingPrecedence', 'The lowest that matches is taken.', ({ spec }) => spec.matchingPrecedence),
  text<FlowSchema>('DistinguisherMethod', 'How flows are told apart.', ({ spec }) => spec.distinguisherMethod?.type ?? '<none>'),
  ageColumn,
  text<FlowSchema>('MissingPL', 'Whether the level does not exist.', dangling),
]

export const flowSchema = defineKind<FlowSchema, FlowSchemaInput>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  scope: 'Cluster',
  names: { plural: 'flowschemas', singular: 'flowschema' },
  schema,
  subresources: { status: true },
  columns,
  rowOrder: byPrecedence,
  hasGeneration: true,
  defaults({ spec }) {
    spec.matchingPrecedence ||= 1000
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) => conditionErrors(status.conditions ?? []),
  example: {
    metadata: { name: 'example' },
    spec: {
      priorityLevelConfiguration: { name: 'workload-low' },
      rules: [
        {
          subjects: [{ kind: 'Group', group: { name: 'example' } }],
          nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/example'] }],
        },
      ],
    },
  },
})
