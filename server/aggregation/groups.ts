// Which groups and versions there are, here and behind Services, in the order of their priorities. Pure.
import { compareVersions } from '../../openapi/custom/versions.ts'
import { type Group, groupsOf } from '../../openapi/documents/discovery.ts'
import type { Kind } from '../../openapi/kind.ts'
import type { Aggregation } from './aggregation.ts'

/** The aggregator's own group stands for itself. */
const own = 'apiregistration.k8s.io'
const ownPriority = 20_001

/** As kinds are listed, when everything is served here. */
export function groupsBeside(kinds: readonly Kind[], aggregation: Pick<Aggregation, 'all' | 'priorities'>): Group[] {
  const remote = aggregation.all()
  const local = groupsOf(kinds)
  if (remote.length === 0) return local
  const groups = new Map(local.map(({ name, versions }) => [name, new Set(versions)]))
  for (const { group, version } of remote) groups.set(group, (groups.get(group) ?? new Set()).add(version))
  return [...groups]
    .map(([name, versions]) => {
      const known = [...versions].map(version => ({ version, priorities: aggregation.priorities(name, version) }))
      known.sort((a, b) => b.priorities[1] - a.priorities[1] || compareVersions(a.version, b.version))
      const priority = name === own ? ownPriority : Math.max(...known.map(each => each.priorities[0]))
      return { name, versions: known.map(({ version }) => version), priority }
    })
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1))
    .map(({ name, versions }) => ({ name, versions }))
}
