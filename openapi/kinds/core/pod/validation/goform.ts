// Go's view of pod parts: in the internal PodSpec the host's namespaces belong to the security context.
import { goForm } from '../../../../rules/goform.ts'
import type { PodSpec } from '../../../../schemas/pod.ts'

/** `type` is a core/v1 struct: 'SecurityContext'. */
export const asGo = (type: string, value: unknown): unknown => goForm(`@core.v1.${type}`, value)

export function podSpecAsGo(spec: PodSpec): Record<string, unknown> {
  const result = { ...(asGo('PodSpec', spec) as Record<string, unknown>) }
  result.SecurityContext = {
    HostNetwork: spec.hostNetwork ?? false,
    HostPID: spec.hostPID ?? false,
    HostIPC: spec.hostIPC ?? false,
    ShareProcessNamespace: spec.shareProcessNamespace ?? null,
    HostUsers: spec.hostUsers ?? null,
    ...(asGo('PodSecurityContext', spec.securityContext ?? {}) as Record<string, unknown>),
  }
  return result
}
