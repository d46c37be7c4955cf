// Where an object lies in storage: /GROUP/PLURAL[/NAMESPACE]/NAME, so that a kind and a namespace are prefixes.
import type { Kind } from '../../openapi/kind.ts'

export const prefixOf = (kind: Kind, namespace: string): string => {
  const { group, names } = kind.storedAs?.kind ?? kind
  const base = `/${group || 'core'}/${names.plural}/`
  return kind.scope === 'Cluster' || namespace === '' ? base : `${base}${namespace}/`
}
export const keyOf = (kind: Kind, namespace: string, name: string): string => `${prefixOf(kind, namespace)}${name}`
