// May they? Everyone known may do everything; the anonymous see only what a default cluster shows to everybody.
// Rules by role come with the RBAC kinds; until then docs/differences.md says so.
import { StatusError } from '../../openapi/errors.ts'
import type { RequestInfo } from '../http/requestinfo.ts'
import type { User } from '../registry/request.ts'

const publicPaths = new Set(['/healthz', '/livez', '/readyz', '/version'])

/** A 403, worded as upstream; undefined: they may. */
export function authorize(user: User, verb: string, info: RequestInfo): StatusError | undefined {
  if (!user.groups.includes('system:unauthenticated')) return undefined
  if (publicPaths.has(info.path.replace(/\/$/, ''))) return undefined
  return forbiddenTo(user, verb, info)
}

function forbiddenTo(user: User, verb: string, info: RequestInfo): StatusError {
  if (!info.resourceRequest)
    return new StatusError(
      403,
      'Forbidden',
      `forbidden: User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(info.path)}`,
      {},
    )
  const resource = info.subresource ? `${info.resource}/${info.subresource}` : info.resource
  const qualified = info.group ? `${info.resource}.${info.group}` : info.resource
  const where = info.namespace ? ` in the namespace ${JSON.stringify(info.namespace)}` : ' at the cluster scope'
  const named = info.name ? ` ${JSON.stringify(info.name)}` : ''
  return new StatusError(
    403,
    'Forbidden',
    `${qualified}${named} is forbidden: User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(info.group)}${where}`,
    { ...(info.name ? { name: info.name } : {}), ...(info.group ? { group: info.group } : {}), kind: info.resource },
  )
}
