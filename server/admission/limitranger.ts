// LimitRanger: containers get the defaults of their namespace's LimitRanges; pods and claims out of bounds are refused.
import { forbiddenRequest } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import { type LimitRange, limitRange } from '../../openapi/kinds/core/limitrange/index.ts'
import type { PersistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type Amounts, podAmounts } from '../../openapi/kinds/core/pod/amounts.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { compareQuantities, ratioOf } from '../../openapi/values/quantity.ts'
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts'
import type { Lookup } from './lookup.ts'

type Item = NonNullable<NonNullable<LimitRange['spec']>['limits']>[number]
type Container = Pod['spec']['containers'][number]
interface Needs {
  requests?: Amounts | undefined
  limits?: Amounts | undefined
}

export const limitRanger = (lookup: Lookup): AdmissionPlugin => {
  const limitsFor = async ({ object }: AdmissionRequest): Promise<Item[]> =>
    (await lookup.list(limitRange, object.metadata.namespace ?? '')).flatMap(range => range.spec?.limits ?? [])
  return {
    name: 'LimitRanger',
    kinds: ['Pod', 'PersistentVolumeClaim'],
    async admit(asked) {
      if (asked.operation !== 'CREATE' || !isPod(asked)) return
      for (const limit of await limitsFor(asked)) if (limit.type === 'Container') setDefaults(asked.object as Pod, limit)
    },
    async validate(asked) {
      const { kind, object, operation } = asked
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || object.metadata.deletionTimestamp) return
      if (isPod(asked) ? !concernsResources(asked) : !isClaim(asked)) return
      const limits = await limitsFor(asked)
      const errors = [...new Set(limits.flatMap(limit => (isClaim(asked) ? claimErrors(object, limit) : podErrors(object as Pod, limit))))]
      if (errors.length > 0)
        throw forbiddenRequest(kind, object.metadata.name, errors.length > 1 ? `[${errors.join(', ')}]` : errors.join())
    },
  }
}

const isPod = ({ kind }: AdmissionRequest): boolean => kind.kind === 'Pod'
const concernsResources = ({ operation, request }: AdmissionRequest): boolean =>
  operation === 'CREATE' ? !request.subresource : request.subresource === 'resize'
const isClaim = ({ kind, request }: AdmissionRequest): boolean => kind.kind === 'PersistentVolumeClaim' && !request.subresource

function setDefaults({ metadata, spec }: Pod, { default: limits = {}, defaultRequest: requests = {} }: Item): void {
  const set = [
    ...spec.containers.flatMap(container => fill(container, 'container', { requests, limits })),
    ...(spec.initContainers ?? []).flatMap(container => fill(container, 'init container', { requests, limits })),
  ]
  if (set.length > 0)
    metadata.annotations = { ...metadata.annotations, 'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${set.join('; ')}` }
}

/** What was set, in words. */
function fill(container: Container, what: string, defaults: Required<Needs>): string[] {
  const resources = container.resources ?? {}
  const texts = (['requests', 'limits'] as const).flatMap(of => {
    const missing = Object.keys(defaults[of] ?? {}).filter(name => resources[of]?.[name] === undefined)
    if (missing.length === 0) return []
    resources[of] = { ...defaults[of], ...resources[of] }
    return [`${missing.sort().join(', ')} ${of.slice(0, -1)} for ${what} ${container.name}`]
  })
  container.resources = resources
  return texts
}

function podErrors({ spec }: Pod, limit: Item): string[] {
  if (limit.type === 'Container')
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources = {} }) => outOfBounds(limit, resources))
  if (limit.type !== 'Pod') return []
  return outOfBounds(limit, { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') })
}

function claimErrors(object: KubeObject, limit: Item): string[] {
  if (limit.type !== 'PersistentVolumeClaim') return []
  const requests = (object as PersistentVolumeClaim).spec.resources?.requests
  return [
    ...each(limit.min, (name, bound) => below({ name, bound, limit }, { requests })),
    ...each(limit.max, (name, bound) => above({ name, bound, limit }, { limits: requests }, 'request')),
  ]
}

const each = (amounts: Amounts | undefined, check: (name: string, bound: string) => string | undefined): string[] =>
  Object.entries(amounts ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, bound]) => check(name, bound) ?? [])

const outOfBounds = (limit: Item, needs: Needs): string[] => [
  ...each(limit.min, (name, bound) => below({ name, bound, limit }, needs)),
  ...each(limit.max, (name, bound) => above({ name, bound, limit }, needs, 'limit')),
  ...each(limit.maxLimitRequestRatio, (name, bound) => tooFar({ name, bound, limit }, needs)),
]

interface Bound {
  name: string
  bound: string
  limit: Item
}

function below({ name, bound, limit: { type } }: Bound, { requests, limits }: Needs): string | undefined {
  const text = `minimum ${name} usage per ${type} is ${bound}`
  const [request, limit] = [requests?.[name], limits?.[name]]
  if (request === undefined) return `${text}.  No request is specified`
  if (compareQuantities(request, bound) < 0) return `${text}, but request is ${request}`
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${text}, but limit is ${limit}` : undefined
}

/** Of a claim only the request counts. */
function above({ name, bound, limit: { type } }: Bound, { requests, limits }: Needs, what: 'request' | 'limit'): string | undefined {
  const text = `maximum ${name} usage per ${type} is ${bound}`
  const [request, limit] = [requests?.[name], limits?.[name]]
  if (limit === undefined) return `${text}.  No ${what} is specified`
  if (compareQuantities(limit, bound) > 0) return `${text}, but ${what} is ${limit}`
  return request !== undefined && compareQuantities(request, bound) > 0 ? `${text}, but request is ${request}` : undefined
}

function tooFar({ name, bound, limit: { type } }: Bound, { requests, limits }: Needs): string | undefined {
  const text = `${name} max limit to request ratio per ${type} is ${bound}`
  const [request = '0', limit = '0'] = [requests?.[name], limits?.[name]]
  if (compareQuantities(request, '0') === 0) return `${text}, but no request is specified or request is 0`
  if (compareQuantities(limit, '0') === 0) return `${text}, but no limit is specified or limit is 0`
  const ratio = ratioOf(limit, request)
  return ratio > ratioOf(bound, '1') ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : undefined
}
