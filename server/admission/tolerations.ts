// Tolerations that make others superfluous.
import type { Toleration } from '../../openapi/schemas/selector.ts'
import { deepEqual } from '../../openapi/values/equal.ts'

/** Without those that another one covers; of equal ones the first stays. */
export function mergeTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = []
  for (const [index, one] of all.entries()) {
    const covered = merged.some(other => covers(other, one)) || all.slice(index + 1).some(o => covers(o, one) && !deepEqual(o, one))
    if (!covered) merged.push({ ...one })
  }
  return merged
}

/** Whether what `narrow` tolerates is tolerated by `wide`, too. */
export function covers(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true
  if ((wide.key ?? '') !== (narrow.key ?? '') && (wide.key || wide.operator !== 'Exists')) return false
  if (wide.effect && wide.effect !== narrow.effect) return false
  const seconds = wide.effect === 'NoExecute' ? wide.tolerationSeconds : undefined
  if (seconds !== undefined && (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > seconds)) return false
  if (wide.operator === 'Exists') return true
  return (wide.operator ?? 'Equal') === 'Equal' && wide.operator === narrow.operator && (wide.value ?? '') === (narrow.value ?? '')
}
