// The variable `authorizer` of conditions and policies: it asks the authorizers of this server.
import { authorizerValue, loadCel } from '../../openapi/cel/admission/compile.ts'
import type { Kind } from '../../openapi/kind.ts'
import { type Authorizer, type Attributes as Check, exactFields, pathAttributes, resourceAttributes } from '../auth/attributes.ts'
import { accountGroups } from '../auth/groups.ts'
import type { User } from '../registry/request.ts'
import type { Attributes } from './matching.ts'

/** For the one who made the request, with what he asks for as its requestResource: `kind` as the policy sees it. */
export async function authorizerFor(authorizer: Authorizer, { request, name, namespace, subresource }: Attributes, kind: Kind) {
  await loadCel()
  return authorizerValue(
    ({ verb, path, resource, serviceAccount }) => {
      const user = serviceAccount ? accountUser(serviceAccount) : request.user
      const { decision, reason } = authorizer.authorizeNow(
        resource ? resourceCheck(user, verb, resource) : pathAttributes(user, verb, path ?? ''),
      )
      return { allowed: decision === 'allow', reason }
    },
    { group: kind.group, resource: kind.names.plural, subresource, namespace, name },
  )
}

type Asked = Parameters<typeof resourceAttributes>[2] & { fieldSelector: string }

const resourceCheck = (user: User, verb: string, { fieldSelector, ...resource }: Asked): Check =>
  resourceAttributes(user, verb, fieldSelector === '' ? resource : { ...resource, fields: exactFields(fieldSelector) })

const accountUser = ({ namespace, name }: { namespace: string; name: string }): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: accountGroups(namespace),
})
