// What a namespace's conditions say about its content while it is emptied. Pure.
import { aggregate } from '../../openapi/errors.ts'
import type { KubeObject } from '../../openapi/kind.ts'
import type { Namespace } from '../../openapi/kinds/core/namespace.ts'

export interface Remaining {
  /** 'pods.', 'deployments.apps' */
  resource: string
  objects: readonly KubeObject[]
}

export interface Content {
  remaining: readonly Remaining[]
  /** Versions of which nobody knows now what they have. */
  stale: readonly string[]
  /** Why something could not be deleted. */
  failures: readonly string[]
}

export const isEmpty = ({ remaining, stale, failures }: Content): boolean => remaining.length + stale.length + failures.length === 0

type Condition = NonNullable<Namespace['status']['conditions']>[number]

export function conditionsOf(namespace: Namespace, { remaining, stale, failures }: Content, now: string): Condition[] {
  const resources = remaining.map(({ resource, objects }) => `${resource} has ${objects.length} resource instances`).sort()
  const finalizers = new Map<string, number>()
  for (const object of remaining.flatMap(r => r.objects))
    for (const f of object.metadata.finalizers ?? []) finalizers.set(f, (finalizers.get(f) ?? 0) + 1)
  const held = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort()
  const made = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => {
    const before = namespace.status.conditions?.find(c => c.type === type)
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
    return { type, status, lastTransitionTime, reason, message } as Condition
  }
  return [
    stale.length > 0
      ? made('NamespaceDeletionDiscoveryFailure', 'True', 'DiscoveryFailed', undiscovered(stale))
      : made('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'),
    made('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    failures.length > 0
      ? made(
          'NamespaceDeletionContentFailure',
          'True',
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${failures.length} remaining: ${aggregate(failures)}`,
        )
      : made(
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
    resources.length > 0
      ? made('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${resources.join(', ')}`)
      : made('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'),
    held.length > 0
      ? made(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        )
      : made('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ]
}

function undiscovered(stale: readonly string[]): string {
  const each = [...stale].sort().map(version => `${version}: stale GroupVersion discovery: ${version}`)
  return `Discovery failed for some groups, ${stale.length} failing: unable to retrieve the complete list of server APIs: ${each.join(', ')}`
}
