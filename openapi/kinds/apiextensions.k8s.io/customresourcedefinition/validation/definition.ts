// A definition as a whole. Order of the errors as upstream's apiextensions validation, which looks at the internal form: what all versions
// have alike stands once, above them.
import { type FieldError, invalid, notSupported, required } from '../../../../errors.ts'
import { goForm } from '../../../../rules/goform.ts'
import type { CustomResourceDefinitionVersion, JSONSchemaProps } from '../../../../schemas/apiextensions.ts'
import { deepEqual } from '../../../../values/equal.ts'
import { isDns1035Label, isDns1123Subdomain } from '../../../../values/names.ts'
import type { CustomResourceDefinition } from '../index.ts'
import { approvalErrors } from './approval.ts'
import { conversionErrors } from './conversion.ts'
import { columnErrors, deprecationErrors, nameErrors, subresourceErrors } from './parts.ts'
import { openApiErrors } from './schema.ts'
import { selectableErrors } from './selectable.ts'

type Spec = CustomResourceDefinition['spec']
type Version = CustomResourceDefinitionVersion

/** The parts that stand once when all versions have them alike. */
const shared = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const
type Shared = (typeof shared)[number]

interface Parts extends Partial<Pick<Version, Shared>> {}

function alike(versions: readonly Version[]): Parts {
  const [first, ...others] = versions
  const same = shared.filter(part => first?.[part] !== undefined && others.every(version => deepEqual(version[part], first[part])))
  return Object.fromEntries(same.map(part => [part, first?.[part]]))
}

export function createErrors(definition: CustomResourceDefinition): FieldError[] {
  const { metadata, spec, status } = definition
  const wanted = `${spec.names.plural}.${spec.group}`
  const misnamed = metadata.name === wanted ? [] : [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
  return [
    ...misnamed,
    ...specErrors(spec),
    ...nameErrors(status.acceptedNames, 'status.acceptedNames'),
    ...storedVersionErrors(definition),
    ...approvalErrors(definition),
    ...preserveErrors(spec),
  ]
}

export function updateErrors(definition: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const { spec, status } = definition
  return [
    ...specErrors(spec, old),
    ...immutableErrors(definition, old),
    ...nameErrors(status.acceptedNames, 'status.acceptedNames'),
    ...storedVersionErrors(definition),
    ...approvalErrors(definition, old),
    ...preserveErrors(spec, old.spec),
  ]
}

export const statusErrors = ({ status }: CustomResourceDefinition): FieldError[] => nameErrors(status.acceptedNames, 'status.acceptedNames')

function immutableErrors({ spec }: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const established = (old.status.conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True')
  const fields: [path: string, now: unknown, before: unknown][] = [
    ...(established
      ? ([
          ['spec.scope', spec.scope, old.spec.scope],
          ['spec.names.kind', spec.names.kind, old.spec.names.kind],
        ] as [string, unknown, unknown][])
      : []),
    ['spec.group', spec.group, old.spec.group],
    ['spec.names.plural', spec.names.plural, old.spec.names.plural],
  ]
  return fields.filter(([, now, before]) => now !== before).map(([path, now]) => invalid(path, now, 'field is immutable'))
}

const preserveErrors = (spec: Spec, old?: Spec): FieldError[] =>
  spec.preserveUnknownFields && !old?.preserveUnknownFields
    ? [
        invalid(
          'spec.preserveUnknownFields',
          true,
          'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
        ),
      ]
    : []

function storedVersionErrors({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = 'status.storedVersions'
  const stored = status.storedVersions ?? []
  if (stored.length === 0) return [invalid(path, null, 'must have at least one stored version')]
  const names = (spec.versions ?? []).map(version => version.name)
  const absent = (spec.versions ?? []).filter(version => version.storage && !stored.includes(version.name))
  return [
    ...absent.map(version => invalid(path, stored, `must have the storage version ${version.name}`)),
    ...stored.flatMap((name, i) =>
      names.includes(name)
        ? []
        : [
            invalid(
              `${path}[${i}]`,
              name,
              `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
            ),
          ],
    ),
  ]
}

function specErrors(spec: Spec, old?: CustomResourceDefinition): FieldError[] {
  const versions = (spec.versions ?? []) as unknown as Version[]
  const common = alike(versions)
  const errors: FieldError[] = [...groupErrors(spec.group), ...scopeErrors(spec.scope)]
  for (const [i, version] of versions.entries())
    if (!version.schema?.openAPIV3Schema && !common.schema) errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`))
  for (const [i, version] of versions.entries()) errors.push(...versionErrors(version, `spec.versions[${i}]`, common))
  errors.push(...versionListErrors(versions, common, spec.versions))
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) if (!spec.names[name]) errors.push(required(`spec.names.${name}`))
  errors.push(...nameErrors(spec.names, 'spec.names'))
  const hasStatus = versions.some(version => version.subresources?.status)
  errors.push(...partErrors(common, { path: 'spec', schema: 'validation', hasStatus }))
  return [...errors, ...conversionErrors(spec, old)]
}

function groupErrors(group: string): FieldError[] {
  if (!group) return [required('spec.group')]
  const problems = isDns1123Subdomain(group)
  if (problems.length > 0) return [invalid('spec.group', group, problems.join(','))]
  return group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')]
}

function scopeErrors(scope: string): FieldError[] {
  if (!scope) return [required('spec.scope')]
  return ['Cluster', 'Namespaced'].includes(scope) ? [] : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]
}

const labelErrors = (path: string, text: string): FieldError[] => {
  const problems = isDns1035Label(text)
  return problems.length > 0 ? [invalid(path, text, problems.join(','))] : []
}

function versionErrors(version: Version, path: string, common: Parts): FieldError[] {
  const own = Object.fromEntries(shared.filter(part => !(part in common)).map(part => [part, version[part]])) as Parts
  return [
    ...labelErrors(`${path}.name`, version.name),
    ...deprecationErrors(version, `${path}.deprecationWarning`),
    ...partErrors(own, { path, schema: 'schema', hasStatus: version.subresources?.status !== undefined }),
  ]
}

function versionListErrors(versions: readonly Version[], common: Parts, given: unknown): FieldError[] {
  const shown = versions.length > 0 ? versions.map(version => internalForm(version, common)) : given
  const errors: FieldError[] = []
  const names = versions.map(version => version.name)
  if (new Set(names).size < names.length) errors.push(invalid('spec.versions', shown, 'must contain unique version names'))
  if (versions.filter(version => version.storage).length !== 1)
    errors.push(invalid('spec.versions', shown, 'must have exactly one version marked as storage version'))
  const [first] = names
  return first === undefined ? errors : [...errors, ...labelErrors('spec.version', first)]
}

const message = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion'

function internalForm(version: Version, common: Parts): unknown {
  const own = Object.fromEntries(Object.entries(version).filter(([name]) => !(name in common)))
  const form = goForm(message, own) as Record<string, unknown>
  const { Name, Served, Storage, Deprecated, DeprecationWarning, Schema, Subresources, AdditionalPrinterColumns, SelectableFields } = form
  return { Name, Served, Storage, Deprecated, DeprecationWarning, Schema, Subresources, AdditionalPrinterColumns, SelectableFields }
}

interface Where {
  path: string
  /** What the field of the schema is called there. */
  schema: 'schema' | 'validation'
  hasStatus: boolean
}

/** What stands with a version, or above all. */
function partErrors({ schema, subresources, additionalPrinterColumns, selectableFields }: Parts, where: Where): FieldError[] {
  const openApi = schema?.openAPIV3Schema as JSONSchemaProps | undefined
  const errors: FieldError[] = []
  if (openApi) errors.push(...openApiErrors(openApi, `${where.path}.${where.schema}.openAPIV3Schema`, { hasStatus: where.hasStatus }))
  errors.push(...subresourceErrors(subresources, `${where.path}.subresources`))
  for (const [i, column] of (additionalPrinterColumns ?? []).entries())
    errors.push(...columnErrors(column, `${where.path}.additionalPrinterColumns[${i}]`))
  return [...errors, ...selectableErrors(selectableFields, openApi, where)]
}
