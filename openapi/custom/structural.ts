// How the schema of a custom resource is walked: its parts by name, and whether fields that it does not list are kept.
import type { JSONSchemaProps } from '../schemas/apiextensions.ts'

export type Structural = JSONSchemaProps

export const preserves = (schema: Structural): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true
export const isEmbedded = (schema: Structural): boolean => schema['x-kubernetes-embedded-resource'] === true
export const isIntOrString = (schema: Structural): boolean => schema['x-kubernetes-int-or-string'] === true

/** Of lists; a list of schemas is refused before. */
export const itemsOf = ({ items }: Structural): Structural | undefined =>
  items === undefined || Array.isArray(items) ? undefined : (items as Structural)

/** Of maps; `true` says nothing of the values. */
export const valuesOf = ({ additionalProperties }: Structural): Structural | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined

/** Names that belong to every object. */
export const typeFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

export type Fields = Readonly<Record<string, unknown>>
export const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The path of a field below another; '' is the object itself. */
export const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** A name may be __proto__. */
export const own = <T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined
