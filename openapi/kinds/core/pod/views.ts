// pods/ephemeralcontainers and pods/resize: the pod, of which a write may change only what the path names.
import { type FieldError, forbidden, invalid } from '../../../errors.ts'
import type { View } from '../../../kind.ts'
import type { Container } from '../../../schemas/container.ts'
import { deepEqual } from '../../../values/equal.ts'
import { qosClassOf } from './defaults.ts'
import type { Pod } from './pod.ts'
import { validatePodContent } from './validation/template.ts'

/** Everything as it was, but who manages it and what `spec` says. */
function keepBut(draft: Pod, old: Pod, spec: Partial<Pod['spec']>): void {
  const { managedFields } = draft.metadata
  draft.metadata = { ...old.metadata, ...(managedFields ? { managedFields } : {}) }
  draft.spec = { ...old.spec, ...spec }
  draft.status = old.status
}

const ephemeralContainers: View<Pod> = {
  prepareForUpdate: (draft, old) => keepBut(draft, old, { ephemeralContainers: draft.spec.ephemeralContainers }),
  validateUpdate(next, old) {
    const path = 'spec.ephemeralContainers'
    const kept = next.spec.ephemeralContainers ?? []
    const lost = (old.spec.ephemeralContainers ?? []).flatMap(before => {
      const now = kept.find(c => c.name === before.name)
      if (!now) return [forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed`)]
      return deepEqual(now, before)
        ? []
        : [forbidden(path, `existing ephemeral container ${JSON.stringify(before.name)} may not be changed`)]
    })
    return [...validatePodContent(next), ...lost]
  },
}

const resize: View<Pod> = {
  prepareForUpdate: (draft, old) =>
    keepBut(draft, old, {
      containers: resized(draft.spec.containers, old.spec.containers),
      ...(old.spec.initContainers ? { initContainers: resized(draft.spec.initContainers ?? [], old.spec.initContainers) } : {}),
    }),
  validateUpdate(next, old) {
    const errors = validatePodContent(next)
    if (qosClassOf(next.spec) !== qosClassOf(old.spec))
      errors.push(invalid('spec', next.status.qosClass, 'Pod QOS Class may not change as a result of resizing'))
    for (const list of ['containers', 'initContainers'] as const)
      errors.push(...removedErrors(next.spec[list], old.spec[list], `spec.${list}`))
    const others = (spec: Pod['spec']) => [spec.containers, spec.initContainers ?? []].map(list => list.map(withoutComputed))
    return deepEqual(others(next.spec), others(old.spec))
      ? errors
      : [...errors, forbidden('spec', 'only cpu and memory resources are mutable')]
  },
}

const resized = (next: readonly Container[], old: readonly Container[]): Container[] =>
  old.map((container, index) => {
    const now = next[index]
    if (now?.name !== container.name) return container
    const { resizePolicy } = now
    return { ...container, resources: now.resources, ...(resizePolicy ? { resizePolicy } : {}) }
  })

const computed = ['cpu', 'memory']

function withoutComputed({ resources }: Container) {
  const rest = (amounts: Readonly<Record<string, string>> | undefined) =>
    Object.fromEntries(Object.entries(amounts ?? {}).filter(([name]) => !computed.includes(name)))
  return { limits: rest(resources?.limits), requests: rest(resources?.requests), claims: resources?.claims }
}

function removedErrors(next: readonly Container[] | undefined, old: readonly Container[] | undefined, path: string): FieldError[] {
  return (old ?? []).flatMap((before, index) =>
    (['limits', 'requests'] as const).flatMap(field => {
      const now = next?.[index]?.resources?.[field]
      const removed = computed.some(name => before.resources?.[field]?.[name] !== undefined && now?.[name] === undefined)
      return removed ? [forbidden(`${path}[${index}].resources.${field}`, `resource ${field} cannot be removed`)] : []
    }),
  )
}

export const podViews = { ephemeralcontainers: ephemeralContainers, resize }
