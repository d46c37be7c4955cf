// An object with its fields in the order Go prints them: the top sorted (it went through a map), structs as declared, maps sorted.
import { messageFields, messageOf } from '../protobuf.ts'

type Schema = { readonly [keyword: string]: unknown }

/** For messages that show an object as text; answers need no order. */
export function goOrdered(schema: Schema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, ordered(properties[key], (value as Record<string, unknown>)[key])]),
  )
}

function ordered(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(item => ordered(schema?.items as Schema | undefined, item))
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  const properties = schema?.properties as Readonly<Record<string, Schema>> | undefined
  const names = properties ? declared(schema?.title as string, Object.keys(fields)) : Object.keys(fields).sort()
  const child = (name: string) => properties?.[name] ?? (schema?.additionalProperties as Schema | undefined)
  return Object.fromEntries(names.map(name => [name, ordered(child(name), fields[name])]))
}

function declared(title: string, names: readonly string[]): string[] {
  const order = new Map((messageFields(messageOf(title)) ?? []).map(({ name, id }) => [name, id]))
  const rank = (name: string) => order.get(name) ?? Number.POSITIVE_INFINITY
  return [...names].sort((a, b) => rank(a) - rank(b))
}
