// Query parameters -> options, with upstream's checks and texts.
import { badRequest, type FieldError, forbidden, invalid, invalidObject, notSupported, type StatusError } from '../../openapi/errors.ts'

export type OptionsKind = 'ListOptions' | 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions'

export const invalidOptions = (kind: OptionsKind, errors: readonly FieldError[]): StatusError =>
  invalidObject({ group: 'meta.k8s.io', kind }, '', errors)

export function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  const value = BigInt(text)
  if (value > 9223372036854775807n || value < -9223372036854775808n)
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`)
  return Number(value)
}

/** Go's conversion of query booleans: absent, 'false' and '0' are false, everything else is true. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  return text !== null && text.toLowerCase() !== 'false' && text !== '0'
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

export interface WriteOptions {
  dryRun: boolean
  fieldManager: string
  fieldValidation: FieldValidation
  force: boolean | undefined
}

/** `userAgent` names the manager when the request does not. */
export function writeOptions(query: URLSearchParams, kind: OptionsKind, userAgent: string): WriteOptions {
  const errors: FieldError[] = []
  const dryRun = query.getAll('dryRun')
  if (dryRun.some(v => v !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']))
  const given = query.get('fieldManager') ?? ''
  errors.push(...managerErrors(given))
  const validation = query.get('fieldValidation') ?? ''
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation))
    errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']))
  if (errors.length > 0) throw invalidOptions(kind, errors)
  return {
    dryRun: dryRun.length > 0,
    fieldManager: given || managerOf(userAgent),
    fieldValidation: validation === '' ? 'Warn' : (validation as FieldValidation),
    force: query.has('force') ? flag(query, 'force') : undefined,
  }
}

function managerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = []
  if ([...manager].length > 128)
    errors.push({ reason: 'FieldValueTooLong', field: 'fieldManager', message: 'Too long: may not be more than 128 bytes' })
  for (const [index, letter] of [...manager].entries())
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(letter)) {
      const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      errors.push(invalid('fieldManager', manager, `invalid character U+${code} (at position ${index})`))
    }
  return errors
}

/** The part of the user agent before the first slash, as upstream does. */
const managerOf = (userAgent: string): string => (userAgent.split('/')[0] || 'unknown').slice(0, 128)

export interface ListOptions {
  labelSelector: string
  fieldSelector: string
  limit: number | undefined
  continue: string
  resourceVersion: string
  resourceVersionMatch: string
  timeoutSeconds: number | undefined
  allowWatchBookmarks: boolean
  sendInitialEvents: boolean | undefined
}

export function listOptions(query: URLSearchParams, watch: boolean): ListOptions {
  const limit = integer(query, 'limit')
  const options: ListOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: limit === undefined || limit <= 0 ? undefined : limit,
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    timeoutSeconds: integer(query, 'timeoutSeconds'),
    allowWatchBookmarks: flag(query, 'allowWatchBookmarks'),
    sendInitialEvents: query.has('sendInitialEvents') ? flag(query, 'sendInitialEvents') : undefined,
  }
  const errors = watch ? watchErrors(options) : listErrors(options)
  if (errors.length > 0) throw invalidOptions('ListOptions', errors)
  return options
}

// meta/internalversion/validation: which combinations of version, match and initial events make sense.
function listErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  if (options.resourceVersionMatch !== '') errors.push(...matchErrors(options))
  if (options.sendInitialEvents !== undefined) errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return errors
}

function matchErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  const match = options.resourceVersionMatch
  const path = 'resourceVersionMatch'
  if (options.resourceVersion === '') errors.push(forbidden(path, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
  if (options.continue !== '') errors.push(forbidden(path, 'resourceVersionMatch is forbidden when continue is provided'))
  if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(path, match, ['Exact', 'NotOlderThan', '']))
  if (match === 'Exact' && options.resourceVersion === '0')
    errors.push(forbidden(path, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  return errors
}

function watchErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  const match = options.resourceVersionMatch
  const path = 'resourceVersionMatch'
  if (options.sendInitialEvents !== undefined && match !== 'NotOlderThan')
    errors.push(forbidden(path, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  if (match !== '') {
    if (options.sendInitialEvents === undefined)
      errors.push(forbidden(path, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    if (match !== 'NotOlderThan') errors.push(notSupported(path, match, ['NotOlderThan']))
  }
  if (options.continue !== '') errors.push(forbidden(path, 'resourceVersionMatch is forbidden when continue is provided'))
  return errors
}

/** A resourceVersion as a number; undefined for unset. `prefix` is what the verb's error begins with. */
export function parseVersion(text: string, fail: (message: string) => StatusError): number | undefined {
  if (text === '') return undefined
  const bad = (why: string) =>
    fail(`resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`)
  if (!/^\d+$/.test(text)) throw bad('invalid syntax')
  if (BigInt(text) > 18446744073709551615n) throw bad('value out of range')
  return Number(text)
}

/** Checks the request's own time-out, which only bounds how long a call may take. */
export function checkTimeout(query: URLSearchParams): void {
  const text = query.get('timeout')
  if (!text) return
  const bad = (why: string) => badRequest(`invalid timeout specified in the request URL - time: ${why} ${JSON.stringify(text)}`)
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) !== 0) throw bad('missing unit in duration')
  if (!/^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(text)) throw bad('invalid duration')
}
