// Every Status a client can get, one constructor per reason, and field errors in upstream's wording. Pure values.

export type CauseType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueDuplicate'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueNotFound'
  | 'FieldValueTypeInvalid'
  | 'InternalError'

/** One problem with one field. `message` is without the path, as in `details.causes`. */
export interface FieldError {
  reason: CauseType
  field: string
  message: string
}

/** Go's %q of a string: JSON's escapes, but for control characters. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/\\(u00([01][0-9a-f])|.)/g, (whole, _escape, hex: string | undefined) =>
    hex === undefined ? whole : hex === '07' ? '\\a' : hex === '0b' ? '\\v' : `\\x${hex}`,
  )

/** How upstream prints a bad value: strings quoted, scalars bare, structures as JSON. */
export const printValue = (value: unknown): string => {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return quoted(value)
  return typeof value === 'object' ? JSON.stringify(value, inGoOrder) : String(value)
}

/** Go prints the keys of maps in order; those of structures stand as they are declared. */
const inGoOrder = (field: string, value: unknown): unknown =>
  (field === 'matchLabels' || field === 'labels' || field === 'annotations') && typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const fieldError = (reason: CauseType, field: string, head: string, detail: string): FieldError => ({
  reason,
  field,
  message: detail === '' ? head : `${head}: ${detail}`,
})

export const required = (field: string, detail = ''): FieldError => fieldError('FieldValueRequired', field, 'Required value', detail)
export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  fieldError('FieldValueInvalid', field, `Invalid value: ${printValue(value)}`, detail)
/** Without the value, where it would not help. */
export const invalidAsWhole = (field: string, detail: string): FieldError => fieldError('FieldValueInvalid', field, 'Invalid value', detail)
export const duplicate = (field: string, value: unknown): FieldError =>
  fieldError('FieldValueDuplicate', field, `Duplicate value: ${printValue(value)}`, '')
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  fieldError(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${printValue(value)}`,
    supported.length ? `supported values: ${supported.map(quoted).join(', ')}` : '',
  )
export const forbidden = (field: string, detail: string): FieldError => fieldError('FieldValueForbidden', field, 'Forbidden', detail)
export const tooLong = (field: string, maxBytes: number): FieldError =>
  fieldError('FieldValueTooLong', field, 'Too long', `may not be more than ${maxBytes} bytes`)
export const tooMany = (field: string, actual: number, max: number): FieldError =>
  fieldError('FieldValueTooMany', field, `Too many: ${actual}`, `must have at most ${max} items`)
export const fieldNotFound = (field: string, value: unknown): FieldError =>
  fieldError('FieldValueNotFound', field, `Not found: ${printValue(value)}`, '')

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}
export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { resourceVersion?: string; continue?: string }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

/** An answer that is not the object: carries the whole Status. The HTTP layer prints `status` as it is. */
export class StatusError extends Error {
  readonly status: Status
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details ? { details } : {}),
      code,
    }
  }
  get code(): number {
    return this.status.code ?? 500
  }
  get reason(): string {
    return this.status.reason ?? ''
  }
}

/** Several messages as one, as Go joins them. */
export const aggregate = (messages: readonly string[]): string => (messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`)

/** What went wrong, in words. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const isReason = (error: unknown, reason: string): error is StatusError => error instanceof StatusError && error.reason === reason

interface ResourceName {
  group: string
  names: { plural: string; inErrors?: string }
}
const nameOf = ({ names }: ResourceName): string => names.inErrors ?? names.plural
const resourceText = (kind: ResourceName): string => (kind.group === '' ? nameOf(kind) : `${nameOf(kind)}.${kind.group}`)
const detailsOf = (kind: ResourceName, name: string): StatusDetails => ({
  ...(name === '' ? {} : { name }),
  ...(kind.group === '' ? {} : { group: kind.group }),
  kind: nameOf(kind),
})

export const notFound = (kind: ResourceName, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${resourceText(kind)} ${quoted(name)} not found`, detailsOf(kind, name))
export const alreadyExists = (kind: ResourceName, name: string): StatusError =>
  new StatusError(409, 'AlreadyExists', `${resourceText(kind)} ${quoted(name)} already exists`, detailsOf(kind, name))
export const conflict = (kind: ResourceName, name: string, detail: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceText(kind)} ${quoted(name)}: ${detail}`,
    detailsOf(kind, name),
  )
export const forbiddenRequest = (kind: ResourceName, name: string, detail: string): StatusError =>
  new StatusError(403, 'Forbidden', `${resourceText(kind)} ${quoted(name)} is forbidden: ${detail}`, detailsOf(kind, name))
export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message)
export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized')
export const methodNotAllowed = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
export const notAcceptable = (message: string): StatusError => new StatusError(406, 'NotAcceptable', message)
export const unsupportedMediaType = (message: string): StatusError => new StatusError(415, 'UnsupportedMediaType', message)
export const expired = (message: string): StatusError => new StatusError(410, 'Expired', message)
export const internalError = (message: string): StatusError =>
  new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
export const watchNotSupported = ({ names }: { names: { plural: string } }): StatusError =>
  new StatusError(405, 'MethodNotAllowed', `watch is not supported on resources of kind ${quoted(names.plural)}`, { kind: names.plural })
/** What a custom resource answers to a verb it does not have. */
export const verbNotSupported = (kind: ResourceName, verb: string): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind ${quoted(resourceText(kind))}`,
    detailsOf(kind, ''),
  )
/** What upstream fails with without having a reason for it. */
export const unknownError = (message: string): StatusError => new StatusError(500, '', message)
/** A Warning: the kind is kept, but nothing acts on it. */
export const notEnforced = (what: string): string => `kubemock keeps ${what} but does not enforce them`
export const notSupportedHere = (what: string): StatusError => new StatusError(501, 'NotImplemented', `kubemock does not support ${what}`)
/** The path is not served at all. */
export const unknownPath = (): StatusError => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})

/** 422 with all field errors at once. `kind` is the Kind's name with its group, the form details use; '' for a patch's result. */
export const invalidObject = (kind: { group: string; kind: string }, name: string, errors: readonly FieldError[]): StatusError => {
  const texts = [...new Set(errors.map(e => `${e.field}: ${e.message}`))]
  const head = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return new StatusError(422, 'Invalid', `${head} ${quoted(name)} is invalid: ${aggregate(texts)}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes: errors.map(e => ({ reason: e.reason, message: e.message, field: e.field })),
  })
}
