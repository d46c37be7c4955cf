// What the audit log tells of webhooks: which were called, what they changed, and which could not be reached without that mattering.
import type { AdmissionRequest } from '../chain.ts'

export interface Notes {
  mutating: boolean
  /** It matches, and is going to be called. */
  called(): void
  /** It could not be called, and the request goes on. */
  failedOpen(): void
}

export interface MutationNotes extends Notes {
  patched(patch: unknown): void
  /** It was called, whatever came of it. */
  end(mutated: boolean): void
}

interface Named {
  configuration: string
  webhook: { name: string }
}

/** `place`: 'round_0_index_2'. */
export function mutationNotes({ request }: AdmissionRequest, hook: Named, place: string): MutationNotes {
  const names = { configuration: hook.configuration, webhook: hook.webhook.name }
  let called = false
  return {
    mutating: true,
    called() {
      called = true
    },
    failedOpen: () => request.annotate?.(`failed-open.mutation.webhook.admission.k8s.io/${place}`, names.webhook),
    patched: patch =>
      request.annotate?.(`patch.webhook.admission.k8s.io/${place}`, JSON.stringify({ ...names, patch, patchType: 'JSONPatch' }), 'Request'),
    end(mutated) {
      if (called) request.annotate?.(`mutation.webhook.admission.k8s.io/${place}`, JSON.stringify({ ...names, mutated }))
    },
  }
}

/** `next`: how many were called before this one. */
export function validationNotes({ request }: AdmissionRequest, { name }: { name: string }, next: () => number): Notes {
  let index = 0
  return {
    mutating: false,
    called() {
      index = next()
    },
    failedOpen: () => request.annotate?.(`failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`, name),
  }
}
