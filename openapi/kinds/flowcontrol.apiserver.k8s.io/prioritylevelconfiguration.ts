// PriorityLevelConfiguration: kept and told in headers; no request is ever held back.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { PriorityLevelConfiguration as schema } from '../../schemas/flowcontrol.ts'
import { deepEqual } from '../../values/equal.ts'
import { between, requiredText } from '../core/pod/validation/fields.ts'
import { mandatoryLevels } from './bootstrap.ts'

export interface PriorityLevelConfiguration extends ObjectOf<typeof schema> {}
export type PriorityLevelConfigurationInput = InputOf<typeof schema>

type Spec = PriorityLevelConfiguration['spec']
type Limited = NonNullable<Spec['limited']>
type Queuing = NonNullable<NonNullable<Limited['limitResponse']>['queuing']>
type Level = PriorityLevelConfiguration

function validate(level: Level): FieldError[] {
  const { metadata, spec, status } = level
  return [...specErrors(spec, metadata.name), ...mandatoryErrors(spec, metadata.name), ...conditionErrors(status.conditions ?? [])]
}

function specErrors({ type, exempt, limited }: Spec, name: string): FieldError[] {
  const errors: FieldError[] = []
  if ((name === 'exempt') !== (type === 'Exempt'))
    errors.push(invalid('spec.type', type ?? '', "type must be 'Exempt' if and only if name is 'exempt'"))
  if (type === 'Exempt') {
    if (limited) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'))
    if (exempt) errors.push(...shareErrors(exempt, 'spec.exempt'))
  } else if (type === 'Limited') {
    if (exempt) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'))
    if (limited) errors.push(...limitedErrors(limited))
    else errors.push(required('spec.limited', 'must not be empty when type is Limited'))
  } else errors.push(notSupported('spec.type', type ?? '', ['Exempt', 'Limited']))
  return errors
}

const notNegative = 'must be a non-negative integer'

const shareErrors = (shares: { nominalConcurrencyShares?: number; lendablePercent?: number }, path: string): FieldError[] => [
  ...((shares.nominalConcurrencyShares ?? 0) < 0
    ? [invalid(`${path}.nominalConcurrencyShares`, shares.nominalConcurrencyShares, notNegative)]
    : []),
  ...percentErrors(shares.lendablePercent, `${path}.lendablePercent`),
]

const percentErrors = (percent: number | undefined, path: string): FieldError[] =>
  between(path, percent, [0, 100]).map(() => invalid(path, percent, 'must be between 0 and 100, inclusive'))

function limitedErrors({ nominalConcurrencyShares, lendablePercent, borrowingLimitPercent, limitResponse }: Limited): FieldError[] {
  const path = 'spec.limited'
  const { type, queuing } = limitResponse
  const errors = shareErrors({ nominalConcurrencyShares }, path)
  if (type === 'Reject') {
    if (queuing) errors.push(forbidden(`${path}.limitResponse.queuing`, 'must be nil if limited.limitResponse.type is not Limited'))
  } else if (type === 'Queue') {
    if (queuing) errors.push(...queuingErrors(queuing, `${path}.limitResponse.queuing`))
    else errors.push(required(`${path}.limitResponse.queuing`, 'must not be empty if limited.limitResponse.type is Limited'))
  } else errors.push(notSupported(`${path}.limitResponse.type`, type ?? '', ['Queue', 'Reject']))
  errors.push(...percentErrors(lendablePercent, `${path}.lendablePercent`))
  if ((borrowingLimitPercent ?? 0) < 0)
    errors.push(invalid(`${path}.borrowingLimitPercent`, borrowingLimitPercent, `if specified, ${notNegative}`))
  return errors
}

const maxQueues = 10_000_000
/** Bits of the hash from which a flow's hand is dealt. */
const hashBits = 60

function queuingErrors({ queues = 0, handSize = 0, queueLengthLimit = 0 }: Queuing, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (queueLengthLimit <= 0) errors.push(invalid(`${path}.queueLengthLimit`, queueLengthLimit, 'must be positive'))
  if (queues <= 0) errors.push(invalid(`${path}.queues`, queues, 'must be positive'))
  else if (queues > maxQueues) errors.push(invalid(`${path}.queues`, queues, `must not be greater than ${maxQueues}`))
  const bits = Math.ceil(Math.log2(queues) * handSize)
  if (handSize <= 0) errors.push(invalid(`${path}.handSize`, handSize, 'must be positive'))
  else if (handSize > queues) errors.push(invalid(`${path}.handSize`, handSize, `should not be greater than queues (${queues})`))
  else if (bits > hashBits)
    errors.push(
      invalid(
        `${path}.handSize`,
        handSize,
        `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBits}`,
      ),
    )
  return errors
}

/** What the exempt level lends may be changed, and nothing else of the two mandatory ones. */
function mandatoryErrors(spec: Spec, name: string): FieldError[] {
  const fixed = Object.hasOwn(mandatoryLevels, name) ? mandatoryLevels[name] : undefined
  const free = name === 'exempt'
  if (!fixed || deepEqual(free ? { ...spec, exempt: fixed.exempt } : spec, fixed)) return []
  const except = free ? " except the 'spec.exempt' field" : ''
  return [
    invalid(
      'spec',
      goForm('@flowcontrol.v1.PriorityLevelConfigurationSpec', spec),
      `spec of '${name}'${except} must equal the fixed value`,
    ),
  ]
}

/** Each type once, none empty. */
export const conditionErrors = (conditions: readonly { type?: string }[]): FieldError[] =>
  conditions.flatMap(({ type = '' }, index) => [
    ...(conditions.findIndex(c => (c.type ?? '') === type) < index ? [duplicate(`status.conditions[${index}].type`, type)] : []),
    ...requiredText(`status.conditions[${index}].type`, type).map(e => required(e.field, 'must not be empty')),
  ])

const none = '<none>'
const queuingOf = ({ spec }: Level): Queuing | undefined => spec.limited?.limitResponse.queuing

const columns = [
  nameColumn,
  text<Level>('Type', 'Exempt or Limited.', ({ spec }) => spec.type),
  text<Level>('NominalConcurrencyShares', 'Weight of a limited level.', ({ spec }) => spec.limited?.nominalConcurrencyShares ?? none),
  text<Level>('Queues', 'How many queues it has.', level => queuingOf(level)?.queues ?? none),
  text<Level>('HandSize', 'Queues dealt to a flow.', level => queuingOf(level)?.handSize ?? none),
  text<Level>('QueueLengthLimit', 'Requests that may wait in a queue.', level => queuingOf(level)?.queueLengthLimit ?? none),
  ageColumn,
]

export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration, PriorityLevelConfigurationInput>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  scope: 'Cluster',
  names: { plural: 'prioritylevelconfigurations', singular: 'prioritylevelconfiguration' },
  schema,
  subresources: { status: true },
  columns,
  hasGeneration: true,
  defaults(level) {
    const queuing = queuingOf(level)
    if (!queuing) return
    queuing.queues ||= 64
    queuing.handSize ||= 8
    queuing.queueLengthLimit ||= 50
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) => conditionErrors(status.conditions ?? []),
  example: { metadata: { name: 'example' }, spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } } },
})
