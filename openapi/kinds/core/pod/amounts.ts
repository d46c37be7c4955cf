// What the containers of a pod ask for and may use together.

import type { PodSpec } from '../../../schemas/pod.ts'
import { addQuantities, compareQuantities } from '../../../values/quantity.ts'

export type Amounts = Readonly<Record<string, string>>
type Containers = Pick<PodSpec, 'containers' | 'initContainers'>

/** At the worst moment: all regular containers and sidecars, or one init container and the sidecars before it. */
export function aggregate({ containers, initContainers = [] }: Containers, of: 'requests' | 'limits'): Amounts {
  const amountsOf = (container: Containers['containers'][number]): Amounts => container.resources?.[of] ?? {}
  let sidecars: Amounts = {}
  let peak: Amounts = {}
  for (const container of initContainers) {
    const sum = addAmounts(sidecars, amountsOf(container))
    if (container.restartPolicy === 'Always') sidecars = sum
    peak = maximum(peak, sum)
  }
  return maximum(peak, containers.map(amountsOf).reduce(addAmounts, sidecars))
}

/** With what is asked for the pod as a whole, and the overhead of its runtime. */
export function podAmounts(spec: PodSpec, of: 'requests' | 'limits'): Amounts {
  const whole = { ...aggregate(spec, of), ...spec.resources?.[of] }
  const overhead = Object.entries(spec.overhead ?? {}).filter(([name]) => of === 'requests' || whole[name] !== undefined)
  return addAmounts(whole, Object.fromEntries(overhead))
}

export const addAmounts = (a: Amounts, b: Amounts): Amounts => merge(a, b, (x, y) => addQuantities(x, y))
const maximum = (a: Amounts, b: Amounts): Amounts => merge(a, b, (x, y) => (compareQuantities(x, y) < 0 ? y : x))

function merge(a: Amounts, b: Amounts, join: (x: string, y: string) => string): Amounts {
  const result: Record<string, string> = { ...a }
  for (const [name, amount] of Object.entries(b)) result[name] = result[name] === undefined ? amount : join(result[name], amount)
  return result
}
