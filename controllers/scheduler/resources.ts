// What a pod asks of a node: cpu in thousandths, everything else in whole units. Pure.
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { quantityToMilli, quantityToNumber } from '../../openapi/values/quantity.ts'

export type Amounts = Map<string, number>

export const amountOf = (name: string, quantity: string): number =>
  name === 'cpu' ? quantityToMilli(quantity) : quantityToNumber(quantity)

export function addRequests(total: Amounts, more: Amounts): Amounts {
  for (const [name, amount] of more) total.set(name, (total.get(name) ?? 0) + amount)
  return total
}

/** Containers together, or the largest init container if that is more; sidecars count with both; plus overhead. */
export function podRequests({ spec }: Pod): Amounts {
  const total: Amounts = new Map()
  for (const { resources } of spec.containers) addRequests(total, amounts(resources.requests))
  const sidecars: Amounts = new Map()
  const peak: Amounts = new Map()
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    if (restartPolicy === 'Always') addRequests(sidecars, amounts(resources.requests))
    else
      for (const [name, amount] of addRequests(amounts(resources.requests), sidecars)) peak.set(name, Math.max(peak.get(name) ?? 0, amount))
  }
  addRequests(total, sidecars)
  for (const [name, amount] of peak) total.set(name, Math.max(total.get(name) ?? 0, amount))
  return addRequests(total, amounts(spec.overhead))
}

const amounts = (requests: Readonly<Record<string, string>> | undefined): Amounts =>
  new Map(Object.entries(requests ?? {}).map(([name, quantity]) => [name, amountOf(name, quantity)]))
