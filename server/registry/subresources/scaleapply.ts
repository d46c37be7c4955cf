// Server-side apply of a scale: one field of the parent, with its owners.
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { apiVersionOf } from '../../../openapi/kind.ts'
import { difference, emptySet, insert, intersection, isEmpty } from '../../../openapi/rules/fieldset.ts'
import { pathNames } from '../../../openapi/rules/scale.ts'
import { deepCopy } from '../../../openapi/values/copy.ts'
import { conflictError } from '../apply.ts'
import { isSame, type Manager, parseManagers, printManagers } from '../managedfields.ts'
import { scaleOf, scalePaths, withReplicas } from './scale.ts'

export interface ScaleApplication {
  kind: Kind
  current: KubeObject
  /** undefined: the manager says nothing of it, and gives it up. */
  replicas: number | undefined
  manager: string
  force: boolean
}

/** The parent as it becomes. Throws 409 when another manager wants another number. */
export function applyScale({ kind, current, replicas, manager, force }: ScaleApplication): KubeObject {
  const path = pathNames(scalePaths(kind).spec).map(name => `f:${name}`)
  const set = emptySet()
  if (replicas !== undefined) insert(set, path)
  const self = { manager, operation: 'Apply' as const, apiVersion: apiVersionOf(kind), subresource: 'scale' }
  const managers = parseManagers(current.metadata.managedFields ?? []).filter(m => !isSame(m, self))
  const before = scaleOf(kind, current).spec.replicas ?? 0
  const changes = replicas !== undefined && before !== replicas
  const owners = managers.filter(m => !isEmpty(intersection(m.set, set)))
  if (changes && owners.length > 0 && !force) throw conflictError(owners.map(describe))
  const others = changes ? managers.map(m => ({ ...m, set: difference(m.set, set) })).filter(m => !isEmpty(m.set)) : managers
  const next = withReplicas(kind, deepCopy(current), replicas ?? before)
  next.metadata.managedFields = printManagers([...others, { ...self, set, time: '' }].filter(m => !isEmpty(m.set)))
  return next
}

/** Owners are shown as owners of the Scale. */
const describe = ({ manager, operation, subresource }: Manager) => {
  const sub = subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''
  const using = operation === 'Update' ? ' using autoscaling/v1' : ''
  return { who: `conflict with ${JSON.stringify(manager)}${sub}${using}`, paths: ['.spec.replicas'] }
}
