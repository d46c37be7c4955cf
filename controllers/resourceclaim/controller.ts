// resourceclaim-controller: claims of pods are made from templates, and given back when the pod is done. Devices are not allocated here.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { type ResourceClaim, resourceClaim } from '../../openapi/kinds/resource.k8s.io/resourceclaim.ts'
import { resourceClaimTemplate } from '../../openapi/kinds/resource.k8s.io/resourceclaimtemplate.ts'
import type { Caches, Context, Controller, Index, ObjectKey } from '../runtime/controller.ts'
import { keyOf, owner, self } from '../runtime/owners.ts'
import { meantClaims } from '../runtime/resourceclaims.ts'
import { Told } from '../runtime/told.ts'
import { finalizer, newClaim, released, useless, type Wanted, wanted } from './plan.ts'

/** Pods that have claims made, by the namespace. */
const templated: Index<Pod> = pod =>
  pod.spec.resourceClaims?.some(c => c.resourceClaimTemplateName !== undefined) ? pod.metadata.namespace : undefined

const users = (claim: KubeObject): ObjectKey[] =>
  ((claim as ResourceClaim).status.reservedFor ?? []).flatMap(({ resource, name }) =>
    resource === 'pods' ? [{ namespace: claim.metadata.namespace ?? '', name }] : [],
  )

export const resourceClaimController: Controller = {
  name: 'resourceclaim-controller',
  watches: [
    { kind: podKind as unknown as Kind, keys: pod => ((pod as Pod).spec.resourceClaims?.length ? self(pod) : []) },
    { kind: resourceClaim as unknown as Kind, keys: claim => [...owner(podKind as unknown as Kind)(claim), ...users(claim)] },
    {
      kind: resourceClaimTemplate as unknown as Kind,
      keys: (template, caches: Caches) =>
        caches
          .informer(podKind)
          .by(templated, template.metadata.namespace ?? '')
          .map(keyOf),
    },
  ],
  async reconcile(key, context) {
    const { informer, client } = context
    const observed = { pod: informer(podKind).get(key), claims: informer(resourceClaim).list(key.namespace) }
    for (const claim of released(key.name, observed)) {
      const written = await client.updateStatus(resourceClaim, claim)
      const { finalizers = [] } = written.metadata
      if (written.status.allocation === undefined && finalizers.includes(finalizer))
        await client.patch(resourceClaim, keyOf(written), { metadata: { finalizers: finalizers.filter(f => f !== finalizer) } })
    }
    for (const claim of useless(observed)) await client.delete(resourceClaim, keyOf(claim))
    const [pod, needed] = [observed.pod, wanted(observed)]
    if (pod && needed.length > 0) await make(pod, needed, context)
    return undefined
  },
}

async function make(pod: Pod, needed: readonly Wanted[], context: Context): Promise<void> {
  const statuses = new Map(meantClaims(pod).flatMap(({ entry, name, template }) => (template && name ? [[entry, name] as const] : [])))
  for (const { entry, template, found } of needed)
    statuses.set(entry, (found ?? (await makeOne(pod, entry, template, context))).metadata.name)
  const resourceClaimStatuses = [...statuses].map(([name, resourceClaimName]) => ({ name, resourceClaimName }))
  await context.client.patch(podKind, keyOf(pod), { status: { resourceClaimStatuses } }, 'status')
}

async function makeOne(pod: Pod, entry: string, template: string, { informer, client, event }: Context): Promise<ResourceClaim> {
  const found = informer(resourceClaimTemplate).get({ namespace: pod.metadata.namespace ?? '', name: template })
  if (found) return client.create(resourceClaim, newClaim(pod, entry, found))
  const why = `resource claim template ${JSON.stringify(template)}: resourceclaimtemplate.resource.k8s.io ${JSON.stringify(template)} not found`
  const message = `PodResourceClaim ${entry}: ${why}`
  event(pod, { type: 'Warning', reason: 'FailedResourceClaimCreation', message }, { component: 'resource_claim' })
  throw new Told(message)
}
