// The order of versions: v2, v1, then v3beta1, v2beta2, then v1alpha1, then all other names by letter. And what their types are called.

const pattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/

/** Negative: `a` is preferred. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [pattern.exec(a), pattern.exec(b)]
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0
  const stability = rank(right) - rank(left)
  return stability || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0)
}

const rank = ([, , stage]: RegExpExecArray): number => (stage === undefined ? 2 : stage === 'beta' ? 1 : 0)

/** What documents call a type of a version: com.example.stable.v1.CronTab. */
export const definitionName = (group: string, version: string, kind: string): string =>
  [...group.split('.').reverse(), version, kind].join('.')
