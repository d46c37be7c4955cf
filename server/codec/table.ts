// Objects as a Table: what kubectl get prints.
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface Table {
  kind: 'Table'
  apiVersion: `meta.k8s.io/${'v1' | 'v1beta1'}`
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  columnDefinitions: readonly object[]
  rows: readonly object[]
}

const formats: Readonly<Record<string, string>> = { Name: 'name' }

export const columnDefinitions = (kind: Kind): object[] =>
  kind.columns.map(({ name, type, format, priority, description }) => ({
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

export function tableRow(kind: Kind, object: KubeObject, include: IncludeObject, now: Date): object {
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

const withType = (kind: Kind, object: KubeObject): KubeObject => ({ ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) })
