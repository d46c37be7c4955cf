// validatingadmissionpolicy-status: tells of each policy whether its expressions fit the types of what it is about.
import { loadCel } from '../../openapi/cel/admission/compile.ts'
import type { Kind } from '../../openapi/kind.ts'
import { validatingAdmissionPolicy } from '../../openapi/kinds/admissionregistration.k8s.io/validatingadmissionpolicy.ts'
import type { Controller } from '../runtime/controller.ts'
import { self } from '../runtime/owners.ts'
import { expressionWarnings } from './plan.ts'

/** `kinds`: the built-in ones. */
export const validatingAdmissionPolicyStatusController = (kinds: readonly Kind[]): Controller => ({
  name: 'validatingadmissionpolicy-status',
  watches: [{ kind: validatingAdmissionPolicy as unknown as Kind, keys: self }],
  async reconcile(key, { informer, client }) {
    const policy = informer(validatingAdmissionPolicy).get(key)
    const generation = policy?.metadata.generation ?? 0
    if (!policy || (policy.status.observedGeneration ?? 0) >= generation) return
    await loadCel()
    const found = expressionWarnings(policy.spec, kinds)
    const typeChecking = found.length > 0 ? { expressionWarnings: found } : {}
    await client.apply(
      validatingAdmissionPolicy,
      { metadata: { name: policy.metadata.name }, status: { observedGeneration: generation, typeChecking } },
      'status',
    )
  },
})
