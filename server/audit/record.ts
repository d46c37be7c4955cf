// What becomes known of one request, and the events that tell it, stage by stage.
import type { Status } from '../../openapi/errors.ts'
import type { User } from '../registry/request.ts'
import { type Asked, isAtLeast, type Level, type Stage, type Telling } from './policy.ts'

export interface AuditEvent {
  kind: 'Event'
  apiVersion: 'audit.k8s.io/v1'
  level: Level
  auditID: string
  stage: Stage
  requestURI: string
  verb: string
  user: UserInfo
  impersonatedUser?: UserInfo
  authenticationMetadata?: { impersonationConstraint: string }
  sourceIPs?: readonly string[]
  userAgent?: string
  objectRef?: Record<string, string>
  responseStatus?: ResponseStatus
  requestObject?: unknown
  responseObject?: unknown
  requestReceivedTimestamp: string
  stageTimestamp: string
  annotations?: Record<string, string>
}

interface UserInfo {
  username?: string
  uid?: string
  groups?: readonly string[]
  extra?: Readonly<Record<string, readonly string[]>>
}

type ResponseStatus = Omit<Status, 'kind' | 'apiVersion' | 'status'> & { status?: Status['status'] }

/** A request as it came. */
export interface Arrival {
  asked: Asked
  /** Of the API. */
  version: string
  auditId: string
  uri: string
  userAgent: string
  sourceIps: readonly string[]
  received: Date
  /** Its answer may take long: that it began is told too. */
  long: boolean
}

/** What a response is made of. */
export interface Answered {
  code: number
  object?: object
}

export interface AuditRecord {
  /** Level of Metadata and above unless told otherwise. What is there already stays. */
  annotate(key: string, value: string, from?: Level): void
  /** What the request asks for, as it is now. */
  requested(object: object): void
  /** The same of a patch, which does not change any more. */
  patched(patch: unknown): void
  impersonates(user: User, constraint: string): void
  /** The answer begins, and goes on for long. */
  started(code: number): Promise<boolean>
  /** The answer is known, and with it the end of the story. */
  ended(answer: Answered): Promise<boolean>
  unauthenticated(answer: Answered): Promise<boolean>
  panicked(why: string): Promise<boolean>
}

export interface RecordParts {
  telling: Telling
  now(): Date
  /** false: it could not be kept. */
  emit(event: AuditEvent): Promise<boolean>
}

interface Known {
  annotations: Map<string, string>
  reference?: Record<string, string>
  impersonated?: { user: User; constraint: string }
  status?: ResponseStatus
  requestObject?: unknown
  responseObject?: unknown
  began: boolean
}

export async function openRecord(arrival: Arrival, parts: RecordParts): Promise<{ record: AuditRecord; kept: boolean }> {
  const { level, omitStages, omitManagedFields } = parts.telling
  const known: Known = { annotations: new Map(), reference: referenceOf(arrival), began: false }
  const tell = async (stage: Stage): Promise<boolean> => {
    if (omitStages.has(stage)) return true
    return parts.emit(eventOf(arrival, known, { level, stage, at: stage === 'RequestReceived' ? arrival.received : parts.now() }))
  }
  const answered = ({ code, object }: Answered): void => {
    known.status = { ...(object && isStatus(object) ? statusOf(object) : known.status), metadata: {}, code }
    if (object && isAtLeast(level, 'RequestResponse')) known.responseObject = frozen(object, omitManagedFields)
  }
  const record: AuditRecord = {
    annotate(key, value, from = 'Metadata') {
      if (isAtLeast(level, from) && !known.annotations.has(key)) known.annotations.set(key, value)
    },
    requested(object) {
      known.reference = completed(known.reference, object)
      if (isAtLeast(level, 'Request')) known.requestObject = frozen(object, omitManagedFields)
    },
    patched(patch) {
      if (isAtLeast(level, 'Request')) known.requestObject = patch
    },
    impersonates(user, constraint) {
      known.impersonated = { user, constraint }
    },
    async started(code) {
      known.began = true
      known.status = { metadata: {}, code }
      return tell('ResponseStarted')
    },
    async ended(answer) {
      if (!known.began || answer.object) answered(answer)
      const began = !arrival.long || known.began || (await tell('ResponseStarted'))
      return (await tell('ResponseComplete')) && began
    },
    async unauthenticated(answer) {
      answered(answer)
      return tell('ResponseStarted')
    },
    async panicked(why) {
      const message = `APIServer panic'd: ${why}`
      known.status = { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 }
      return tell('Panic')
    },
  }
  return { record, kept: arrival.asked.user ? await tell('RequestReceived') : true }
}

function eventOf(arrival: Arrival, known: Known, { level, stage, at }: { level: Level; stage: Stage; at: Date }): AuditEvent {
  const { asked, auditId, uri, sourceIps, userAgent, received } = arrival
  const { impersonated, reference, status, requestObject, responseObject, annotations } = known
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: auditId,
    stage,
    requestURI: uri,
    verb: asked.verb,
    user: asked.user ? userInfo(asked.user) : {},
    ...(impersonated ? { impersonatedUser: userInfo(impersonated.user) } : {}),
    ...(impersonated?.constraint ? { authenticationMetadata: { impersonationConstraint: impersonated.constraint } } : {}),
    ...(sourceIps.length > 0 ? { sourceIPs: sourceIps } : {}),
    ...(userAgent ? { userAgent } : {}),
    ...(reference ? { objectRef: reference } : {}),
    ...(status ? { responseStatus: inOrder(status) } : {}),
    ...(requestObject === undefined ? {} : { requestObject }),
    ...(responseObject === undefined ? {} : { responseObject }),
    requestReceivedTimestamp: microTime(received),
    stageTimestamp: microTime(at),
    ...(annotations.size > 0 ? { annotations: Object.fromEntries([...annotations].sort(([a], [b]) => (a < b ? -1 : 1))) } : {}),
  }
}

/** The cluster's clock knows milliseconds. */
const microTime = (date: Date): string => `${date.toISOString().slice(0, -1)}000Z`

const userInfo = ({ name, uid, groups, extra }: User): UserInfo => ({
  username: name,
  ...(uid ? { uid } : {}),
  ...(groups.length > 0 ? { groups } : {}),
  ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
})

const withoutEmpty = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])))

function referenceOf({ asked, version }: Arrival): Record<string, string> | undefined {
  if (!asked.resourceRequest) return undefined
  const { resource, namespace, name, group, subresource } = asked
  return withoutEmpty({ resource, namespace, name, apiGroup: group, apiVersion: version, subresource })
}

/** With what only the body tells. */
function completed(reference: Record<string, string> | undefined, object: object): Record<string, string> | undefined {
  const { resource, namespace, name, apiGroup, apiVersion, subresource } = reference ?? {}
  const meta = (object as { metadata?: Record<string, string | undefined> }).metadata ?? {}
  if (!reference) return undefined
  return withoutEmpty({
    resource,
    namespace: namespace || meta.namespace,
    name: name || meta.name,
    uid: meta.uid,
    apiGroup,
    apiVersion,
    resourceVersion: meta.resourceVersion,
    subresource,
  })
}

const isStatus = (object: object): object is Status => (object as { kind?: string }).kind === 'Status'

const statusOf = ({ status, message, reason, details }: Status): Partial<ResponseStatus> => ({ status, message, reason, details })

const inOrder = ({ metadata, status, message, reason, details, code }: ResponseStatus): ResponseStatus => ({
  metadata,
  ...(status ? { status } : {}),
  ...(message ? { message } : {}),
  ...(reason ? { reason } : {}),
  ...(details && Object.keys(details).length > 0 ? { details } : {}),
  code,
})

/** As it is now: the object goes on to change. */
const frozen = (object: object, omitManagedFields: boolean): unknown =>
  JSON.parse(JSON.stringify(omitManagedFields ? withoutManagedFields(object as Shown) : object))

interface Shown {
  metadata?: { managedFields?: unknown }
  items?: readonly Shown[]
  rows?: readonly { object?: Shown }[]
}

/** Of an object, a list or a Table. */
function withoutManagedFields(shown: Shown): Shown {
  const { metadata, items, rows } = shown
  const { managedFields: _managers, ...rest } = metadata ?? {}
  return {
    ...shown,
    ...(metadata ? { metadata: rest } : {}),
    ...(items ? { items: items.map(withoutManagedFields) } : {}),
    ...(rows ? { rows: rows.map(row => ({ ...row, ...(row.object ? { object: withoutManagedFields(row.object) } : {}) })) } : {}),
  }
}
