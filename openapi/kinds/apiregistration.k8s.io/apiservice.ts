// APIService.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { APIService as schema } from '../../schemas/apiregistration.ts'
import { decodedLength } from '../../values/base64.ts'
import { isDns1035Label, isDns1123Subdomain, isPathSegmentName } from '../../values/names.ts'
import { printTime } from '../../values/time.ts'

export interface APIService extends ObjectOf<typeof schema> {}
export type APIServiceInput = InputOf<typeof schema>

type Condition = NonNullable<NonNullable<APIService['status']>['conditions']>[number]

export const availability = ({ status }: APIService): Condition | undefined =>
  (status.conditions ?? []).find(condition => condition.type === 'Available')

export const localCondition = {
  type: 'Available',
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
} as const

/** As upstream's: local APIs need no one else to be available. */
function prepareForCreate(draft: APIService, now: string): void {
  draft.status = draft.spec.service ? {} : { conditions: [{ ...localCondition, lastTransitionTime: now }] }
}

export function validate({ metadata, spec }: APIService): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum, versionPriority } = spec
  const wanted = `${version}.${group}`
  const errors: FieldError[] = []
  if (metadata.name !== wanted)
    errors.push(invalid('metadata.name', metadata.name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`))
  if (group === '' && version !== 'v1') errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'))
  if (group !== '') for (const why of isDns1123Subdomain(group)) errors.push(invalid('spec.group', group, why))
  for (const why of isDns1035Label(version)) errors.push(invalid('spec.version', version, why))
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20000)
    errors.push(invalid('spec.groupPriorityMinimum', groupPriorityMinimum, 'must be positive and less than 20000'))
  if (versionPriority <= 0 || versionPriority > 1000)
    errors.push(invalid('spec.versionPriority', versionPriority, 'must be positive and less than 1000'))
  return [...errors, ...(spec.service ? serviceErrors(spec) : localErrors(spec))]
}

function localErrors({ caBundle = '', insecureSkipTLSVerify }: APIService['spec']): FieldError[] {
  const errors: FieldError[] = []
  if (caBundle !== '')
    errors.push(invalid('spec.caBundle', `${decodedLength(caBundle)} bytes`, 'local APIServices may not have a caBundle'))
  if (insecureSkipTLSVerify)
    errors.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'))
  return errors
}

function serviceErrors({ service, caBundle = '', insecureSkipTLSVerify }: APIService['spec']): FieldError[] {
  const { namespace = '', name = '', port = 443 } = service ?? {}
  const errors: FieldError[] = []
  if (namespace === '') errors.push(required('spec.service.namespace'))
  if (name === '') errors.push(required('spec.service.name'))
  if (port < 1 || port > 65535) errors.push(invalid('spec.service.port', port, 'port is not valid: must be between 1 and 65535, inclusive'))
  if (insecureSkipTLSVerify && caBundle !== '')
    errors.push(invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'))
  return errors
}

/** Where it is served: a service, or here. */
const served = ({ spec }: APIService): string => (spec.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local')

function available(service: APIService): string {
  const condition = availability(service)
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`
}

export const apiService = defineKind<APIService, APIServiceInput>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  scope: 'Cluster',
  names: { plural: 'apiservices', singular: 'apiservice', categories: ['api-extensions'] },
  schema,
  columns: [
    nameColumn,
    text('Service', 'The service that answers; Local: this server.', served),
    text('Available', 'Whether it answers.', available),
    ageColumn,
  ],
  subresources: { status: true },
  prepareForCreate: (draft, { now }) => prepareForCreate(draft, printTime(now)),
  prepareForUpdate: (draft, old) => {
    draft.status = old.status
  },
  validateName: isPathSegmentName,
  validate,
  validateUpdate: validate,
  example: {
    metadata: { name: 'v1.stable.example.com' },
    spec: { group: 'stable.example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
  },
})
