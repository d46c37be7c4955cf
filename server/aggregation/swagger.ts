// OpenAPI v2 documents put together: of each extension server what concerns its version, with other names where names collide. Pure.
import { deepEqual } from '../../openapi/values/equal.ts'
import type { SwaggerPart } from './aggregation.ts'

interface Swagger {
  paths?: Readonly<Record<string, object>>
  definitions?: Readonly<Record<string, object>>
  parameters?: Readonly<Record<string, object>>
}

const prefix = '#/definitions/'

/** The paths that begin so, and the definitions that they come to. Parameters that paths share stand in each of them. */
export function partOf({ paths = {}, definitions = {}, parameters = {} }: Swagger, beginning: string): SwaggerPart {
  const own = Object.entries(paths).filter(([path]) => path.startsWith(beginning))
  const kept = Object.fromEntries(own.map(([path, item]) => [path, withParameters(item, parameters)]))
  const found: Record<string, object> = {}
  const visit = (value: unknown): void =>
    eachReference(value, name => {
      const definition = definitions[name]
      if (!definition || name in found) return
      found[name] = definition
      visit(definition)
    })
  visit(kept)
  return { paths: kept, definitions: found }
}

/** The whole document, with shared parameters where they are named. */
export const inlined = (document: Swagger): object => ({
  ...document,
  paths: withParameters(document.paths ?? {}, document.parameters ?? {}),
})

const shared = '#/parameters/'

function withParameters<T>(value: T, parameters: Readonly<Record<string, object>>): T {
  if (Array.isArray(value)) return value.map(child => withParameters(child, parameters)) as T
  if (typeof value !== 'object' || value === null) return value
  const { $ref } = value as { $ref?: unknown }
  if (typeof $ref === 'string' && $ref.startsWith(shared)) return (parameters[$ref.slice(shared.length)] ?? value) as T
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withParameters(child, parameters)])) as T
}

/** Earlier ones keep their paths and names; a definition that is the same is there once. */
export function mergeSwagger(own: object, parts: readonly SwaggerPart[]): object {
  const { paths = {}, definitions = {} } = own as Swagger
  const merged = { ...own, paths: { ...paths }, definitions: { ...definitions } }
  for (const part of parts) {
    const added = Object.entries(part.paths).filter(([path]) => !(path in merged.paths))
    const names = namesFor(part.definitions, merged.definitions)
    const renamed = <T>(value: T): T => mapReferences(value, name => names.get(name) ?? name)
    for (const [path, item] of added) merged.paths[path] = renamed(item)
    for (const [name, definition] of Object.entries(part.definitions)) {
      const final = names.get(name) ?? name
      merged.definitions[final] = together(merged.definitions[final], renamed(definition))
    }
  }
  return merged
}

/** Those that are taken by something else become NAME_v2, NAME_v3... */
function namesFor(definitions: SwaggerPart['definitions'], taken: Readonly<Record<string, object>>): Map<string, string> {
  const names = new Map<string, string>()
  for (const [name, definition] of Object.entries(definitions)) {
    const free = (candidate: string) => !(candidate in taken) || isSame(taken[candidate], definition)
    let candidate = name
    for (let number = 2; !free(candidate); number++) candidate = `${name}_v${number}`
    if (candidate !== name) names.set(name, candidate)
  }
  return names
}

const versions = 'x-kubernetes-group-version-kind'
type Definition = object & { [versions]?: readonly object[] }

/** The same type, of the versions of both. */
function together(own: Definition | undefined, other: Definition): Definition {
  if (!own) return other
  const added = (other[versions] ?? []).filter(version => !own[versions]?.some(each => deepEqual(each, version)))
  return added.length === 0 ? own : { ...own, [versions]: [...(own[versions] ?? []), ...added] }
}

/** Which versions a type belongs to differs from server to server. */
const isSame = (a: object | undefined, b: object): boolean => deepEqual({ ...a, [versions]: null }, { ...b, [versions]: null })

function eachReference(value: unknown, run: (name: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    if (key === '$ref' && typeof child === 'string' && child.startsWith(prefix)) run(child.slice(prefix.length))
    else eachReference(child, run)
  }
}

function mapReferences<T>(value: T, name: (name: string) => string): T {
  if (Array.isArray(value)) return value.map(child => mapReferences(child, name)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === '$ref' && typeof child === 'string' && child.startsWith(prefix)
        ? [key, prefix + name(child.slice(prefix.length))]
        : [key, mapReferences(child, name)],
    ),
  ) as T
}
