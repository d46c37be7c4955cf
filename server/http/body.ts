// Request bodies -> decoded, defaulted objects. Errors in the apiserver's words.
import { badRequest, invalid, invalidObject, StatusError, unsupportedMediaType } from '../../openapi/errors.ts'
import { apiVersionOf, groupOf, type Kind, type KubeInput } from '../../openapi/kind.ts'
import { type Decoded, DecodeError, decode } from '../../openapi/rules/decode.ts'
import { draftOf, setDefaults } from '../../openapi/rules/draft.ts'
import { goOrdered } from '../../openapi/rules/goorder.ts'
import { DeleteOptions } from '../../openapi/schemas/meta.ts'
import { JsonError, parseJson } from '../../openapi/values/json.ts'
import { decodeProtobuf, MessageError, ProtobufError } from '../codec/protobuf.ts'
import { parseYaml, YamlError } from '../codec/yaml.ts'
import { goMap } from '../registry/strategic.ts'
import type { Exchange } from './exchange.ts'
import { bodyEncoding } from './negotiate.ts'
import type { FieldValidation } from './query.ts'
import type { GivenDeleteOptions } from './verbs/delete.ts'

const acceptedBodies =
  'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf'

/** What etcd takes in one request. */
const storeLimit = 1.5 * 1024 * 1024

interface Parsed {
  value: unknown
  duplicates: readonly string[]
  /** How a strict error lists what a YAML body said twice. */
  yaml: boolean
  /** protobuf carries no names that could be unknown. */
  typed?: { apiVersion: string; kind: string }
  /** As it came. */
  text?: string
}

/** What a body may be, besides a Kind: subresources take bodies of their own. */
export interface BodyType {
  apiVersion: string
  kind: string
  schema: { readonly [keyword: string]: unknown }
  decode?(value: unknown): Decoded
  /** Its kind is not known to the decoder: what stands there is looked at later. */
  custom?: object
  defaults?(draft: never): void
  olderVersions?: readonly string[]
}

export const bodyTypeOf = (kind: Kind): BodyType => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  schema: kind.schema,
  ...(kind.decode ? { decode: kind.decode } : {}),
  ...(kind.custom ? { custom: kind.custom } : {}),
  defaults: kind.defaults as never,
})

/** A whole object for create and update. Unknown and duplicate fields as fieldValidation says. */
export function decodeBody(kind: Kind, exchange: Exchange, validation: FieldValidation): KubeInput {
  return decodeAs(bodyTypeOf(kind), exchange, validation) as unknown as KubeInput
}

export function decodeAs(type: BodyType, exchange: Exchange, validation: FieldValidation): Record<string, unknown> {
  const encoding = bodyEncoding(exchange.headers['content-type'])
  if (!encoding) throw unsupportedMediaType(acceptedBodies)
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${type.kind}): ${why} (${excerpt(exchange.body)})`)
  const parsed = parse(exchange.body, encoding, { unrecognized, type })
  checkType(type, parsed, unrecognized)
  const object = typed(type, parsed, exchange, validation)
  object.apiVersion = type.apiVersion
  object.kind = type.kind
  exchange.audit?.requested(object)
  // Custom resources have no limits of their own; the store has.
  if (type.custom && exchange.body.length > storeLimit && JSON.stringify(object).length > storeLimit)
    throw new StatusError(500, '', 'etcdserver: request is too large')
  return object
}

interface Parsing {
  unrecognized(why: string): StatusError
  type?: BodyType
}

function parse(body: Buffer, encoding: 'json' | 'yaml' | 'protobuf', { unrecognized, type }: Parsing): Parsed {
  try {
    if (encoding === 'json') return { ...parseJson(body.toString()), yaml: false, text: body.toString() }
    if (encoding === 'yaml') return { ...parseYaml(body.toString()), yaml: true }
    const { apiVersion, kind, value } = decodeProtobuf(body, type)
    return { value, duplicates: [], yaml: false, typed: { apiVersion, kind } }
  } catch (error) {
    if (error instanceof JsonError) throw unrecognized(`couldn't get version/kind; json parse error: ${error.message}`)
    if (error instanceof MessageError && type) throw cannotHandle(type, error.message)
    if (error instanceof YamlError || error instanceof ProtobufError) throw unrecognized(error.message)
    throw error
  }
}

function checkType(type: BodyType, parsed: Parsed, unrecognized: (why: string) => StatusError): void {
  const { value } = parsed
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
    const what = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
    throw unrecognized(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    )
  }
  const given = (parsed.typed ?? value ?? {}) as { apiVersion?: unknown; kind?: unknown }
  for (const field of ['apiVersion', 'kind'] as const)
    if (given[field] !== undefined && given[field] !== null && typeof given[field] !== 'string')
      throw unrecognized(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof given[field]} into Go struct field .${field} of type string`,
      )
  if (type.custom && !given.kind) throw unrecognized(`Object 'Kind' is missing in '${parsed.text ?? '{}'}'`)
  const apiVersion = (given.apiVersion as string | undefined) || type.apiVersion
  const kind = (given.kind as string | undefined) || type.kind
  if (apiVersion.split('/').length > 2) throw unrecognized(`unexpected GroupVersion string: ${apiVersion}`)
  if ((apiVersion === type.apiVersion || type.olderVersions?.includes(apiVersion)) && kind === type.kind) return
  if (type.custom && apiVersion === type.apiVersion) throw wrongKind(type, kind, value as { metadata?: { name?: unknown } })
  throw mismatch(type, apiVersion, kind)
}

/** A custom resource of another kind is decoded all the same, and refused as an object. */
function wrongKind({ apiVersion, kind }: BodyType, given: string, { metadata }: { metadata?: { name?: unknown } }): StatusError {
  const name = typeof metadata?.name === 'string' ? metadata.name : ''
  return invalidObject({ group: apiVersion.split('/')[0] ?? '', kind: given }, name, [invalid('kind', given, `must be ${kind}`)])
}

function mismatch(type: BodyType, apiVersion: string, kind: string): StatusError {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const wantedGroup = groupOf(type.apiVersion)
  if (group === wantedGroup && kind === type.kind)
    return badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${type.apiVersion})`)
  const head = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${type.kind}`
  const internal = `${wantedGroup === '' ? 'core' : wantedGroup.split('.')[0]}.${type.kind}`
  if (kind === type.kind || !/^[A-Z][A-Za-z]+$/.test(kind) || kind === 'Foo')
    return badRequest(
      `${head}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    )
  return badRequest(`${head}: converting (${version}.${kind}) to (${internal}): unknown conversion`)
}

const cannotHandle = ({ apiVersion, kind }: BodyType, why: string): StatusError =>
  badRequest(`${kind} in version ${JSON.stringify(apiVersion.split('/').at(-1))} cannot be handled as a ${kind}: ${why}`)

function typed(type: BodyType, parsed: Parsed, exchange: Exchange, validation: FieldValidation): Record<string, unknown> {
  const cannot = (why: string) => cannotHandle(type, why)
  try {
    const { object, strictErrors } = draftOf(type, parsed.value)
    const strict = [...parsed.duplicates, ...strictErrors]
    if (strict.length > 0 && validation === 'Strict') throw cannot(`strict decoding error: ${strictText(parsed, strictErrors)}`)
    if (validation === 'Warn') exchange.warnings.push(...strict)
    object.metadata ??= {}
    return object
  } catch (error) {
    if (error instanceof DecodeError) throw cannot(error.message)
    throw error
  }
}

const strictText = ({ duplicates, yaml }: Parsed, unknown: readonly string[]): string =>
  yaml && duplicates.length > 0
    ? [`yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`, ...unknown].join(', ')
    : [...duplicates, ...unknown].join(', ')

/** What Go shows of a body it cannot read: text as it is, else hex, cut. */
function excerpt(body: Buffer): string {
  if (body.length === 0) return '<empty>'
  const limit = 30
  const cut = body.length > limit ? ' ...' : ''
  const head = body.subarray(0, limit)
  const isJson = body[0] === 0x7b
  return (isJson ? head.toString() : head.toString('hex')) + cut
}

/** A patch document, parsed but not looked at, and the fields it names twice. */
export function parsePatch(body: Buffer, contentType: string): { value: unknown; duplicates: readonly string[] } {
  try {
    return parseJson(body.toString())
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw badRequest(contentType === 'application/strategic-merge-patch+json' ? error.message : `error decoding patch: ${error.message}`)
  }
}

export interface PatchDecoding {
  exchange: Exchange
  validation: FieldValidation
  /** A strategic patch itself: its errors show it instead of the result. */
  strategic?: unknown
  /** Found in the patch before it was applied. */
  unknownFields?: readonly string[]
}

/** The result of a patch, decoded and defaulted as a body is. */
export function decodePatched(
  kind: Kind,
  patched: unknown,
  { exchange, validation, strategic, unknownFields = [] }: PatchDecoding,
): KubeInput {
  const refused = (why: string) => {
    const shown = strategic === undefined ? JSON.stringify(goOrdered(kind.custom ? {} : kind.schema, patched)) : goMap(strategic)
    return invalidObject({ group: '', kind: '' }, '', [invalid('patch', shown, why)])
  }
  try {
    // A strategic patch is merged into the typed object: what it says of the type is nothing.
    if (strategic === undefined) checkPatchedType(kind, patched)
    const { object, strictErrors } = draftOf(kind, patched)
    const strict = [...unknownFields, ...strictErrors]
    if (strict.length > 0 && validation === 'Strict') throw refused(`strict decoding error: ${strict.join(', ')}`)
    if (validation === 'Warn') exchange.warnings.push(...strict)
    object.apiVersion = apiVersionOf(kind)
    object.kind = kind.kind
    return object as unknown as KubeInput
  } catch (error) {
    if (error instanceof DecodeError) throw refused(strategic === undefined ? error.message : error.converting)
    throw error
  }
}

/** The result of an apply, which was decoded to be compared. */
export function defaultApplied(kind: Kind, object: KubeInput): KubeInput {
  setDefaults(kind, object as unknown as Record<string, unknown>)
  return Object.assign(object, { apiVersion: apiVersionOf(kind), kind: kind.kind })
}

/** A custom resource is refused as what it would have become. */
function customTypeChanged(kind: Kind, version: string, type: string, { metadata }: { metadata?: { name?: string } }): StatusError {
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : ''
  return invalidObject({ group, kind: type }, metadata?.name ?? '', [
    ...(type === kind.kind ? [] : [invalid('kind', type, `must be ${kind.kind}`)]),
    ...(version === apiVersionOf(kind) ? [] : [invalid('apiVersion', version, `must be ${apiVersionOf(kind)}`)]),
  ])
}

function checkPatchedType(kind: Kind, patched: unknown): void {
  const { apiVersion, kind: name } = (patched ?? {}) as { apiVersion?: unknown; kind?: unknown }
  const [version, type] = [apiVersion || apiVersionOf(kind), name || kind.kind]
  if (version === apiVersionOf(kind) && type === kind.kind) return
  if (kind.custom) throw customTypeChanged(kind, String(version), String(type), patched as { metadata?: { name?: string } })
  throw new DecodeError(
    `no kind ${JSON.stringify(type)} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:111"`,
  )
}

/** The configuration a server-side apply sends. It is not defaulted: only what was written is applied. */
export function decodeApplied(kind: Kind, exchange: Exchange, validation: FieldValidation): Record<string, unknown> {
  const { value, duplicates } = parseApplied(exchange.body)
  if (duplicates.length > 0) {
    const text = `error converting YAML to JSON: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`
    if (validation === 'Strict') throw badRequest(`error strict decoding YAML: ${text}`)
    if (validation === 'Warn') exchange.warnings.push(...duplicates)
  }
  if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`,
    )
  const given = (value ?? {}) as Record<string, unknown>
  const [apiVersion, givenKind] = [given.apiVersion, given.kind].map(text => (typeof text === 'string' ? text : '')) as [string, string]
  if (apiVersion !== apiVersionOf(kind) || givenKind !== kind.kind)
    throw badRequest(`invalid object type: ${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${givenKind}`)
  const metadata = (given.metadata ?? {}) as { managedFields?: unknown }
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) throw badRequest('metadata.managedFields must be nil')
  return { ...given, metadata: { ...metadata } }
}

function parseApplied(body: Buffer): { value: unknown; duplicates: readonly string[] } {
  try {
    return parseYaml(body.toString())
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`)
    throw error
  }
}

/** Any DeleteOptions the apiserver would take, whatever group they name. */
export function decodeDeleteOptions(exchange: Exchange): GivenDeleteOptions {
  const encoding = bodyEncoding(exchange.headers['content-type'])
  if (!encoding) throw unsupportedMediaType(acceptedBodies)
  const parsed = parse(exchange.body, encoding, { unrecognized: why => badRequest(why) })
  const value = parsed.value
  if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    )
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = (parsed.typed ?? value ?? {}) as { kind?: string; apiVersion?: string }
  if (kind !== 'DeleteOptions' && kind !== '')
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    )
  try {
    const options = decode(DeleteOptions, value).object
    exchange.audit?.requested({ kind: 'DeleteOptions', apiVersion, ...options })
    return options as GivenDeleteOptions
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message)
    throw error
  }
}
