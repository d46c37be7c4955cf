// Recorded requests judged by a kind's declaration alone: decode, defaults, strategy, validation, columns; no server, no admission.
import { existsSync, readFileSync } from 'node:fs'
import { type FieldError, invalidObject, type Status } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { decode } from '../../openapi/rules/decode.ts'
import { applyDefaults } from '../../openapi/rules/default.ts'
import { validateMetadata } from '../../openapi/rules/metadata.ts'

const root = process.env.KUBEMOCK_REFERENCE ?? new URL('../../../shared/reference', import.meta.url).pathname
export const hasReference = existsSync(root)

export interface Step {
  name: string
  setup?: boolean
  request: { method: string; path: string; body?: object }
  response: { code: number; warnings?: string[]; body?: unknown }
}
/** The steps of a recording; none when the reference is not here. */
export const steps = (file: string): Step[] => (hasReference ? JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) : [])

export const now = new Date('2030-01-01T00:00:00Z')
const stamped = { uid: '00000000-0000-4000-8000-000000000000', resourceVersion: '1', creationTimestamp: '2030-01-01T00:00:00Z' }

/** An object as a client sends it, as the kind would store it. */
export function prepared(kind: Kind, body: object, namespace = 'default'): KubeObject {
  const { object } = decode(kind.schema, body)
  applyDefaults(kind.schema, object)
  const draft = object as unknown as KubeObject
  draft.metadata = { ...(kind.scope === 'Namespaced' ? { namespace } : {}), ...draft.metadata, ...stamped }
  kind.defaults?.(draft)
  kind.prepareForCreate?.(draft, { now, user: { name: 'admin', groups: [] } })
  return draft
}

export interface Verdict {
  status: Status | undefined
  warnings: string[]
}

export function judgeCreate(kind: Kind, body: object): Verdict {
  const object = prepared(kind, body)
  const errors: FieldError[] = [...validateMetadata(kind, object), ...(kind.validate?.(object) ?? [])]
  if (errors.length > 0)
    return { status: invalidObject(kind.storedAs?.kind ?? kind, object.metadata.name ?? '', errors).status, warnings: [] }
  return { status: undefined, warnings: kind.warnings?.(object) ?? [] }
}

/** A Table row as the server would print it, ages and all. */
export const cells = (kind: Kind, object: KubeObject): unknown[] => kind.columns.map(column => column.value(object, now) ?? null)
