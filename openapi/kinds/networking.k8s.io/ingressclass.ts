// IngressClass.
import { ageColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { IngressClass as schema } from '../../schemas/networking.ts'
import { patternError } from '../../values/names.ts'
import { immutable } from '../apps/selection.ts'
import { dnsLabel, dnsSubdomain } from '../core/pod/validation/fields.ts'
import { referenceErrors } from './ingress.ts'

export interface IngressClass extends ObjectOf<typeof schema> {}
export type IngressClassInput = InputOf<typeof schema>

type Parameters = NonNullable<IngressClass['spec']['parameters']>

export const isDefaultIngressClass = ({ metadata }: IngressClass): boolean =>
  metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'

const parametersText = ({ spec: { parameters } }: IngressClass): string =>
  parameters ? `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}` : '<none>'

const columns = [
  text<IngressClass>('Name', 'Name of the object.', c => `${c.metadata.name}${isDefaultIngressClass(c) ? ' (default)' : ''}`),
  text<IngressClass>('Controller', 'Who acts on its Ingresses.', c => c.spec.controller ?? ''),
  text<IngressClass>('Parameters', 'More configuration for the controller.', parametersText),
  ageColumn,
]

const path = 'spec.controller'
const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

function controllerErrors(controller: string | undefined): FieldError[] {
  if (!controller) return [required(path)]
  const errors = Buffer.byteLength(controller) > 250 ? [tooLong(path, 250)] : []
  const [domain = '', ...rest] = controller.split('/')
  const below = rest.join('/')
  if (!domain || !below) return [...errors, invalid(path, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  errors.push(...dnsSubdomain(path, domain))
  if (!new RegExp(`^${pathPattern}$`).test(below)) errors.push(invalid(path, below, patternError('Invalid path', pathPattern)))
  return errors
}

const scopes = ['Cluster', 'Namespace']

function parameterErrors(parameters: Parameters): FieldError[] {
  const at = 'spec.parameters'
  const { scope, namespace } = parameters
  const errors = referenceErrors(parameters, at)
  if (scope === undefined) return [...errors, required(`${at}.scope`)]
  if (!scopes.includes(scope)) return [...errors, notSupported(`${at}.scope`, scope, scopes)]
  if (scope === 'Cluster')
    return namespace === undefined ? errors : [...errors, forbidden(`${at}.namespace`, "`parameters.scope` is set to 'Cluster'")]
  return [
    ...errors,
    ...(namespace === undefined
      ? [required(`${at}.namespace`, "`parameters.scope` is set to 'Namespace'")]
      : dnsLabel(`${at}.namespace`, namespace)),
  ]
}

const validate = ({ spec: { controller, parameters } }: IngressClass): FieldError[] => [
  ...controllerErrors(controller),
  ...(parameters ? parameterErrors(parameters) : []),
]

export const ingressClass = defineKind<IngressClass, IngressClassInput>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  scope: 'Cluster',
  names: { plural: 'ingressclasses', singular: 'ingressclass' },
  schema,
  columns: [...columns],
  hasGeneration: true,
  defaults({ spec: { parameters } }) {
    if (parameters) parameters.scope ??= 'Cluster'
  },
  validate,
  validateUpdate: (next, old) => [...immutable(next.spec.controller ?? '', old.spec.controller ?? '', path), ...validate(next)],
  example: { metadata: { name: 'example' }, spec: { controller: 'example.com/ingress' } },
})
