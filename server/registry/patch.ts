// JSON patch, JSON merge patch and strategic merge patch: the current object and a patch give the next one. Nothing is mutated.
import { applyPatch, type Operation } from 'rfc6902'
import { badRequest, StatusError } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
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
  if (contentType === 'application/json-patch+json') return jsonPatch(current, checkedOperations(patch))
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

function jsonPatch(current: unknown, operations: readonly Operation[]): unknown {
  let target = structuredClone(current)
  for (const operation of operations) {
    if (operation.path === '' && (operation.op === 'replace' || operation.op === 'add')) {
      target = structuredClone(operation.value)
      continue
    }
    const { op, path } = operation
    // Guarded here: the library would write through to the prototype.
    if (typeof op !== 'string' || typeof path !== 'string' || !path.startsWith('/') || path.includes('__proto__')) throw unprocessable()
    const [error] = applyPatch(target, [{ ...operation, path: fromEnd(target, path) } as Operation])
    if (error) throw unprocessable()
  }
  return target
}

/** A last element of -1 counts from the end, as the apiserver's library allows. */
function fromEnd(target: unknown, path: string): string {
  const match = /^(.*)\/-(\d+)$/.exec(path)
  if (!match) return path
  let list = target
  for (const part of (match[1] ?? '').split('/').slice(1))
    list = (list as Record<string, unknown> | undefined)?.[part.replace(/~1/g, '/').replace(/~0/g, '~')]
  return Array.isArray(list) ? `${match[1]}/${list.length - Number(match[2])}` : path
}

const unprocessable = (): StatusError => {
  const error = new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
  return error
}

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
