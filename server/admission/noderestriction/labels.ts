// The labels that a node may give itself: with others it could draw pods to itself that are not meant for it.
type Labels = Readonly<Record<string, string>>

export const changedLabels = (next: Labels = {}, before: Labels = {}): string[] =>
  [...new Set([...Object.keys(next), ...Object.keys(before)])].filter(key => next[key] !== before[key])

const own: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'node.kubernetes.io/windows-build',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
])

/** Of these, in order: what is kept from nodes, and of Kubernetes' own all but what kubelets know. */
export const forbiddenLabels = (keys: readonly string[]): string[] => keys.filter(isForbidden).sort()

function isForbidden(key: string): boolean {
  const domain = key.includes('/') ? (key.split('/')[0] ?? '') : ''
  const isIn = (parent: string) => domain === parent || domain.endsWith(`.${parent}`)
  if (isIn('node-restriction.kubernetes.io')) return true
  if (!isIn('kubernetes.io') && !isIn('k8s.io')) return false
  return !own.has(key) && !isIn('kubelet.kubernetes.io') && !isIn('node.kubernetes.io')
}
