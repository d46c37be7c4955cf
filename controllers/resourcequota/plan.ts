// What a quota's status should say. Pure.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import type { ResourceQuota } from '../../openapi/kinds/core/resourcequota/index.ts'
import { totalUsage, usageOf } from '../../openapi/kinds/core/resourcequota/usage.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Plan } from '../runtime/controller.ts'

export interface Counted {
  kind: Kind
  object: KubeObject
}

/** The limits in force are those wanted, and all of them are counted. */
export const isCurrent = ({ spec, status }: ResourceQuota): boolean =>
  status.hard !== undefined &&
  deepEqual(status.hard, spec?.hard ?? {}) &&
  Object.keys(status.hard).every(name => status.used?.[name] !== undefined)

export interface Count {
  counted: readonly Counted[]
  /** The limits that all objects were counted for. */
  names: readonly string[]
}

/** Of what could not be counted, what was known stays. */
export function plan({ spec, status }: ResourceQuota, { counted, names }: Count, now: Date): Plan<ResourceQuota> {
  const hard = spec?.hard ?? {}
  const before = Object.entries(status.used ?? {}).filter(([name]) => name in hard)
  const usages = counted.map(({ kind, object }) => usageOf(kind, object, now))
  return { actions: [], status: { ...status, hard, used: { ...Object.fromEntries(before), ...totalUsage(names, usages) } } }
}
