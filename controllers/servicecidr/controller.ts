// service-cidr-controller: a ServiceCIDR is ready as soon as it is seen, and stays while Services have addresses of it.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { ipAddress } from '../../openapi/kinds/networking.k8s.io/ipaddress.ts'
import { type ServiceCIDR, serviceCidr } from '../../openapi/kinds/networking.k8s.io/servicecidr.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Caches, Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { finalizer, plan, type Readiness } from './plan.ts'

/** What may be waiting for an address, or for another range, to change. */
const leaving = (caches: Caches): ObjectKey[] =>
  caches
    .informer(serviceCidr)
    .list()
    .filter(range => range.metadata.deletionTimestamp)
    .map(keyOf)

export const serviceCidrController: Controller = {
  name: 'service-cidr-controller',
  watches: [
    { kind: serviceCidr as unknown as Kind, keys: (range: KubeObject, caches) => [...self(range), ...leaving(caches)] },
    { kind: ipAddress as unknown as Kind, keys: (_address, caches) => leaving(caches) },
  ],
  async reconcile(key, context) {
    const range = context.informer(serviceCidr).get(key)
    if (!range) return undefined
    const observed = {
      all: context.informer(serviceCidr).list(),
      addresses: range.metadata.deletionTimestamp ? context.informer(ipAddress).list() : [],
      now: context.clock.now(),
    }
    const step = plan(range, observed)
    if (step.do === 'wait') return { requeueAfterMs: step.ms }
    if (step.do === 'keep') await keep(range, step.readiness, context)
    if (step.do === 'release')
      await setFinalizers(
        range,
        finalizersOf(range).filter(name => name !== finalizer),
        context,
      )
    return undefined
  },
}

const finalizersOf = ({ metadata }: ServiceCIDR): readonly string[] => metadata.finalizers ?? []
const setFinalizers = async (range: ServiceCIDR, finalizers: readonly string[], { client }: Context): Promise<void> =>
  void (await client.patch(serviceCidr, keyOf(range), { metadata: { finalizers } }))

async function keep(range: ServiceCIDR, { status, reason, message }: Readiness, context: Context): Promise<void> {
  if (!finalizersOf(range).includes(finalizer)) await setFinalizers(range, [...finalizersOf(range), finalizer], context)
  const shown = range.status.conditions?.find(c => c.type === 'Ready')
  if (shown?.status === status && shown.message === message) return
  const condition = { type: 'Ready', status, reason, message, lastTransitionTime: printTime(context.clock.now()) }
  await context.client.apply(serviceCidr, { metadata: { name: range.metadata.name }, status: { conditions: [condition] } }, 'status')
}
