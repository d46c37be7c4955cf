// IPAddress.
import { ageColumn, nameColumn, text } from '../../columns.ts'
import { type FieldError, invalid, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { canonicalIpErrors } from '../../rules/addresses.ts'
import { goForm } from '../../rules/goform.ts'
import { IPAddress as schema } from '../../schemas/networking.ts'
import { deepEqual } from '../../values/equal.ts'
import { isPathSegmentName } from '../../values/names.ts'
import { dnsSubdomain, problems } from '../core/pod/validation/fields.ts'

export interface IPAddress extends ObjectOf<typeof schema> {}
export type IPAddressInput = InputOf<typeof schema>

export const familyLabel = 'ipaddress.kubernetes.io/ip-family'
export const managedByLabel = 'ipaddress.kubernetes.io/managed-by'
/** Who keeps the addresses of Services. */
export const allocator = 'ipallocator.k8s.io'

function parent({ spec: { parentRef } }: IPAddress): string {
  if (!parentRef) return '<none>'
  const { group, resource = '', namespace, name = '' } = parentRef
  return [`${resource}${group ? `.${group}` : ''}`.toLowerCase(), ...(namespace ? [namespace] : []), name].join('/')
}

function validate({ spec: { parentRef } }: IPAddress): FieldError[] {
  const path = 'spec.parentRef'
  if (!parentRef) return [required(path)]
  const { group, resource, name, namespace } = parentRef
  const segment = (field: string, value: string | undefined) =>
    value ? problems(`${path}.${field}`, value, isPathSegmentName) : [required(`${path}.${field}`)]
  return [
    ...(group ? dnsSubdomain(`${path}.group`, group) : []),
    ...segment('resource', resource),
    ...segment('name', name),
    ...(namespace ? segment('namespace', namespace) : []),
  ]
}

export const ipAddress = defineKind<IPAddress, IPAddressInput>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  scope: 'Cluster',
  names: { plural: 'ipaddresses', singular: 'ipaddress', shortNames: ['ip'] },
  schema,
  columns: [nameColumn, text<IPAddress>('ParentRef', 'Whose address it is.', parent), { ...ageColumn, undeclared: true }],
  validateName: name => canonicalIpErrors('', name).map(({ message }) => message.replace(/^Invalid value: "[^"]*": /, '')),
  validate,
  validateUpdate: ({ spec }, old) =>
    deepEqual(spec.parentRef, old.spec.parentRef)
      ? []
      : [invalid('spec.parentRef', goForm('@networking.v1.ParentReference', spec.parentRef), 'field is immutable')],
  example: { metadata: { name: '10.0.250.250' }, spec: { parentRef: { resource: 'services', namespace: 'default', name: 'example' } } },
})
