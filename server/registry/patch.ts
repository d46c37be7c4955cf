// JSON patch, JSON merge patch and strategic merge patch: the current object and a patch give the next one. Nothing is mutated.
import { badRequest, StatusError } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import { JsonPatchError, jsonPatch, type Operation } from '../../openapi/rules/jsonpatch.ts'
import { strategicMerge } from './strategic.ts'

export interface Patch {
  kind: Kind
  contentType: string
  current: unknown
  /** Parsed JSON. */
  patch: unknown
}

const maxOperations = 10_000

/** Throws StatusError; the result is not decoded yet. */
export function patchObject({ kind, contentType, current, patch }: Patch): unknown {
  if (contentType === 'application/json-patch+json') return jsonPatched(current, checkedOperations(patch ?? []))
  const changes = checkedMerge(contentType, patch)
  if (contentType === 'application/merge-patch+json') return mergePatch(current, changes)
  return strategicMerge(kind.schema, current as Record<string, unknown>, changes)
}

const typeName = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value)

function checkedOperations(patch: unknown): Operation[] {
  const bad = (why: string) => badRequest(`error decoding patch: json: cannot unmarshal ${why}`)
  if (!Array.isArray(patch)) throw bad(`${typeName(patch)} into Go value of type []handlers.jsonPatchOp`)
  for (const operation of patch) {
    if (typeof operation !== 'object' || operation === null) throw bad(`${typeName(operation)} into Go value of type handlers.jsonPatchOp`)
    for (const field of ['op', 'path', 'from'])
      if (field in operation && typeof operation[field] !== 'string')
        throw bad(`${typeName(operation[field])} into Go struct field jsonPatchOp.${field} of type string`)
  }
  if (patch.length > maxOperations)
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    )
  return patch
}

function jsonPatched(current: unknown, operations: readonly Operation[]): unknown {
  try {
    return jsonPatch(current, operations)
  } catch (error) {
    throw error instanceof JsonPatchError ? unprocessable() : error
  }
}

const operationFields = new Set(['op', 'path', 'from', 'value'])

/** Members that mean nothing, as strict decoding names them. */
export const unknownOperationFields = (patch: unknown): string[] =>
  (Array.isArray(patch) ? patch : []).flatMap((operation: object, index) =>
    Object.keys(operation)
      .filter(name => !operationFields.has(name))
      .map(name => `json patch unknown field ${JSON.stringify(`[${index}].${name}`)}`),
  )

const unprocessable = (): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})

function checkedMerge(contentType: string, patch: unknown): Record<string, unknown> {
  const merge = contentType === 'application/merge-patch+json'
  if (patch === null) {
    if (merge) throw badRequest('Invalid JSON Patch')
    return {}
  }
  if (typeof patch === 'object' && !Array.isArray(patch)) return patch as Record<string, unknown>
  throw badRequest(
    `${merge ? 'error decoding patch: ' : ''}json: cannot unmarshal ${typeName(patch)} into Go value of type map[string]interface {}`,
  )
}

/** RFC 7386. */
export function mergePatch(current: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const base = typeof current === 'object' && current !== null && !Array.isArray(current) ? current : {}
  const result: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}
