// AdmissionReview: the question a webhook is asked, and what may be made of its answer. Pure.
import { type Status, StatusError } from '../../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../../openapi/kind.ts'
import type { Body } from '../chain.ts'
import type { Attributes } from '../matching.ts'

export const reviewVersions = ['v1', 'v1beta1']

const optionsKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions', CONNECT: '' } as const

/** `kind`: the version the webhook asked for, in which the objects are. */
export function reviewOf(attributes: Attributes, kind: Kind, { uid, version }: { uid: string; version: string }): object {
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: { uid, ...requestOf(attributes, kind), ...objectsOf(attributes, kind) },
  }
}

/** What is said of a request beside its objects. */
export function requestOf({ operation, kind: asked, body, subresource, namespace, name, request }: Attributes, kind: Kind) {
  const { user, dryRun, fieldManager } = request
  const below = subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource }
  const options = { kind: optionsKinds[operation], apiVersion: 'meta.k8s.io/v1' }
  return {
    kind: typeOf(body ?? kind),
    resource: { group: kind.group, version: kind.version, resource: kind.names.plural },
    requestKind: typeOf(body ?? asked),
    requestResource: { group: asked.group, version: asked.version, resource: asked.names.plural },
    ...below,
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      groups: user.groups,
      ...(user.extra ? { extra: user.extra } : {}),
    },
    dryRun,
    options:
      operation === 'CONNECT'
        ? null
        : { ...options, ...(dryRun ? { dryRun: ['All'] } : {}), ...(operation === 'DELETE' ? {} : { fieldManager }) },
  }
}

const typeOf = ({ group, version, kind }: Kind | Body) => ({ group, version, kind })

const objectsOf = (attributes: Attributes, kind: Kind) => {
  const shown = (object: KubeObject | undefined) => {
    const type = attributes.body ?? kind
    return object ? { kind: type.kind, apiVersion: apiVersionOf(type), ...(object as object) } : null
  }
  return { object: shown(attributes.object), oldObject: shown(attributes.old) }
}

export interface Verdict {
  allowed: boolean
  /** Parsed JSON of the patch; undefined: none. */
  patch?: unknown
  result?: Partial<Status>
  warnings: readonly string[]
  /** For the audit log. */
  annotations: Readonly<Record<string, string>>
}

/** An answer that is none. Its message is told after 'received ', or after 'failed to call webhook: '. */
export class BadAnswer extends Error {}

interface Response {
  uid?: string
  allowed?: boolean
  patch?: string
  patchType?: string
  status?: Partial<Status>
  warnings?: readonly string[]
  auditAnnotations?: Readonly<Record<string, string>>
}

/** Throws BadAnswer. VerifyAdmissionResponse: v1 is checked strictly, v1beta1 is not. */
export function verdictOf(answer: unknown, { uid, version, mutating }: { uid: string; version: string; mutating: boolean }): Verdict {
  const { apiVersion = '', kind = '', response } = (answer ?? {}) as { apiVersion?: string; kind?: string; response?: Response }
  const invalid = (why: string) => new BadAnswer(`invalid webhook response: ${why}`)
  if (!response) throw invalid('webhook response was absent')
  const { patch = '', patchType } = response
  if (version === 'v1') {
    const quote = JSON.stringify
    if (response.uid !== uid) throw invalid(`expected response.uid=${quote(uid)}, got ${quote(response.uid ?? '')}`)
    if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview')
      throw invalid(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion || '/'}, Kind=${kind}`)
    if (mutating && patch !== '' && patchType === undefined) throw invalid('webhook returned response.patch but not response.patchType')
    if (mutating && patch === '' && patchType !== undefined) throw invalid('webhook returned response.patchType but not response.patch')
    if (patchType === '') throw invalid('webhook returned invalid response.patchType of ""')
    if (!mutating && patch !== '') throw invalid('validating webhook may not return response.patch')
    if (!mutating && patchType !== undefined) throw invalid('validating webhook may not return response.patchType')
  }
  return {
    allowed: response.allowed === true,
    ...(mutating && patch !== '' ? { patch: parsedPatch(patch, version === 'v1' ? patchType : 'JSONPatch') } : {}),
    ...(response.status ? { result: response.status } : {}),
    warnings: response.warnings ?? [],
    annotations: response.auditAnnotations ?? {},
  }
}

function parsedPatch(patch: string, type: string | undefined): unknown {
  if (type !== 'JSONPatch') throw new BadAnswer(`unsupported patch type ${JSON.stringify(type)}`)
  try {
    return JSON.parse(Buffer.from(patch, 'base64').toString())
  } catch (error) {
    throw new BadAnswer(`undecodable patch in webhook response: ${(error as Error).message}`)
  }
}

/** errors.ToStatusErr: the webhook's own status, but never one that tells of success. */
export function denial(name: string, result: Partial<Status> = {}): StatusError {
  const { code = 0, reason = '', details } = result
  const why = result.message ? `: ${result.message}` : reason ? `: ${reason}` : ' without explanation'
  return new StatusError(Math.max(code, 400), reason, `admission webhook ${JSON.stringify(name)} denied the request${why}`, details)
}
