// What becomes of a ServiceCIDR: ready with a finalizer, and gone once no address needs it. Pure.
import { allocator, type IPAddress, managedByLabel } from '../../openapi/kinds/networking.k8s.io/ipaddress.ts'
import type { ServiceCIDR } from '../../openapi/kinds/networking.k8s.io/servicecidr.ts'
import { type Cidr, contains, parseAddress, parseCidr } from '../../openapi/values/cidr.ts'

export const finalizer = 'networking.k8s.io/service-cidr-finalizer'
/** So long it stays after the last address, for the allocators to notice. */
const graceMs = 10_000

export interface Readiness {
  status: 'True' | 'False'
  reason?: string
  message: string
}

const ready: Readiness = { status: 'True', message: 'Kubernetes Service CIDR is ready' }
const terminating: Readiness = {
  status: 'False',
  reason: 'Terminating',
  message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
}

export type Step =
  | { do: 'nothing' }
  /** Finalizer and condition as they should be: what is there already is not written again. */
  | { do: 'keep'; readiness: Readiness }
  | { do: 'wait'; ms: number }
  | { do: 'release' }

export interface Observed {
  all: readonly ServiceCIDR[]
  addresses: readonly IPAddress[]
  now: Date
}

export function plan(range: ServiceCIDR, { all, addresses, now }: Observed): Step {
  const { deletionTimestamp, finalizers = [] } = range.metadata
  if (!deletionTimestamp) return { do: 'keep', readiness: ready }
  if (!finalizers.includes(finalizer)) return { do: 'nothing' }
  const others = all.filter(other => other.metadata.name !== range.metadata.name)
  if (isNeeded(range, others, addresses)) return { do: 'keep', readiness: terminating }
  const ms = Date.parse(deletionTimestamp) + graceMs - now.getTime()
  return ms > 0 ? { do: 'wait', ms } : { do: 'release' }
}

const cidrsOf = ({ spec }: ServiceCIDR): Cidr[] => (spec.cidrs ?? []).flatMap(text => parseCidr(text) ?? [])

/** Whether an address of a Service would be left without a range. */
function isNeeded(range: ServiceCIDR, others: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const [own, rest] = [cidrsOf(range), others.flatMap(cidrsOf)]
  if (own.every(cidr => rest.some(outer => outer.bits <= cidr.bits && contains(outer, cidr)))) return false
  return addresses.some(({ metadata }) => {
    const address = metadata.labels?.[managedByLabel] === allocator ? parseAddress(metadata.name) : undefined
    return address !== undefined && own.some(c => contains(c, address)) && !rest.some(c => contains(c, address))
  })
}
