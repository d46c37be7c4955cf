// DeviceAdminAccess: access to devices for administrators is for namespaces that are labelled for it. No plugin upstream: there the
// strategies of claims and templates look the namespace up.
import { forbidden, invalidObject } from '../../openapi/errors.ts'
import { namespace } from '../../openapi/kinds/core/namespace.ts'
import type { ResourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import type { ResourceClaimTemplate } from '../../openapi/kinds/resource.k8s.io/resourceclaimtemplate.ts'
import type { ResourceClaimSpec } from '../../openapi/schemas/resource.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import type { Lookup } from './lookup.ts'

const label = 'resource.kubernetes.io/admin-access'

export const deviceAdminAccess = (lookup: Lookup): AdmissionPlugin => ({
  name: 'DeviceAdminAccess',
  kinds: ['ResourceClaim.resource.k8s.io', 'ResourceClaimTemplate.resource.k8s.io'],
  async validate(request) {
    const path = asked(request)
    if (path === undefined) return
    const { kind, object } = request
    const found = await lookup.get(namespace, '', object.metadata.namespace ?? '')
    if (found?.metadata.labels?.[label] === 'true') return
    const why = `admin access to devices requires the \`${label}: true\` label on the containing namespace`
    throw invalidObject(kind, object.metadata.name, [forbidden(path, why)])
  },
})

/** Where it is asked for, or granted for the first time. */
function asked({ operation, kind, object, old, request }: AdmissionRequest): string | undefined {
  if (operation === 'CREATE' && kind.kind === 'ResourceClaim') return inRequests((object as ResourceClaim).spec)
  if (operation === 'CREATE' && kind.kind === 'ResourceClaimTemplate') return inRequests((object as ResourceClaimTemplate).spec.spec)
  if (operation !== 'UPDATE' || kind.kind !== 'ResourceClaim' || request.subresource !== 'status') return undefined
  return inResults(old as ResourceClaim) === undefined ? inResults(object as ResourceClaim) : undefined
}

const pathAt = (path: string, index: number): string | undefined => (index < 0 ? undefined : `${path}[${index}].adminAccess`)
const inRequests = ({ devices }: ResourceClaimSpec): string | undefined =>
  pathAt(
    'spec.devices.requests',
    (devices.requests ?? []).findIndex(r => r.exactly?.adminAccess),
  )
const inResults = ({ status }: ResourceClaim): string | undefined =>
  pathAt(
    'status.allocation.devices.results',
    (status.allocation?.devices.results ?? []).findIndex(r => r.adminAccess),
  )
