// Objects as a Table: what kubectl get prints.
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import type { Encodings } from './encode.ts'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface Table {
  kind: 'Table'
  apiVersion: `meta.k8s.io/${'v1' | 'v1beta1'}`
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  columnDefinitions: readonly object[]
  rows: readonly object[]
}

export interface Row {
  cells: readonly unknown[]
  conditions?: readonly object[]
  object: object | null
}

const formats: Readonly<Record<string, string>> = { Name: 'name' }

export const columnDefinitions = (kind: Kind): object[] =>
  kind.columns
    .filter(column => !column.undeclared)
    .map(({ name, type, format, priority, description }) => ({
      name,
      type,
      format: format ?? formats[name] ?? '',
      description,
      priority: priority ?? 0,
    }))

export const partialMetadata = ({ metadata }: KubeObject): KubeObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
})

export function tableRow(kind: Kind, object: KubeObject, include: IncludeObject, now: Date): Row {
  const cells = kind.columns.map(column => column.value(object, now) ?? null)
  const shown = include === 'None' ? null : include === 'Metadata' ? partialMetadata(object) : withType(kind, object)
  const conditions = kind.rowConditions?.(object) ?? []
  return conditions.length > 0 ? { cells, conditions, object: shown } : { cells, object: shown }
}

export const table = (
  kind: Kind,
  objects: readonly KubeObject[],
  metadata: Table['metadata'],
  view: { include: IncludeObject; now: Date; version: 'v1' | 'v1beta1' },
): Table => ({
  kind: 'Table',
  apiVersion: `meta.k8s.io/${view.version}`,
  metadata,
  columnDefinitions: columnDefinitions(kind),
  rows: objects.map(object => tableRow(kind, object, view.include, view.now)),
})

/** The JSON of the same table, in parts: the metadata of its objects is taken from their kept encodings. */
export function tableJson(empty: Table, kind: Kind, objects: readonly KubeObject[], view: { now: Date; encodings: Encodings }): Buffer[] {
  const parts: Buffer[] = [Buffer.from(JSON.stringify(empty).slice(0, -2))]
  for (const object of objects) {
    const { object: _none, ...row } = tableRow(kind, object, 'None', view.now)
    const comma = parts.length === 1 ? '' : ','
    parts.push(
      Buffer.from(`${comma}${JSON.stringify(row).slice(0, -1)},"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",`),
      view.encodings.metadataField(object),
      rowEnd,
    )
  }
  return [...parts, tableEnd]
}
const rowEnd = Buffer.from('}}')
const tableEnd = Buffer.from(']}\n')

const withType = (kind: Kind, object: KubeObject): KubeObject => ({ ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) })
