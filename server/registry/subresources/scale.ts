// The scale view of a workload: autoscaling/v1 Scale, read from and written to the paths the kind names.
import type { Kind, KubeObject, Scale as ScalePaths } from '../../../openapi/kind.ts'
import { pathNames, readPath, selectorText } from '../../../openapi/rules/scale.ts'
import { Scale as schema } from '../../../openapi/schemas/autoscaling.ts'

export interface Scale {
  kind: 'Scale'
  apiVersion: 'autoscaling/v1'
  metadata: Partial<KubeObject['metadata']>
  spec: { replicas?: number }
  status: { replicas: number; selector?: string }
}

/** What is sent, as admission knows it. */
export const scaleBody = { group: 'autoscaling', version: 'v1', kind: 'Scale', schema }

export const scalePaths = (kind: Kind): ScalePaths => kind.subresources?.scale as ScalePaths

export function scaleOf(kind: Kind, object: KubeObject): Scale {
  const paths = scalePaths(kind)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = readPath(object, paths.spec) as number | undefined
  const selector = paths.selector ? readPath(object, paths.selector) : undefined
  const text = selectorText(selector)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: (readPath(object, paths.status) as number | undefined) ?? 0, ...(text ? { selector: text } : {}) },
  }
}

/** Only custom resources may have none. */
export const hasReplicas = (kind: Kind, object: KubeObject): boolean => readPath(object, scalePaths(kind).spec) !== undefined

/** The object with the scale's replicas. */
export function withReplicas<T extends KubeObject>(kind: Kind, object: T, replicas: number): T {
  return write(object, pathNames(scalePaths(kind).spec), replicas) as T
}

function write(value: unknown, path: readonly string[], leaf: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return leaf
  const fields = (value ?? {}) as Record<string, unknown>
  return { ...fields, [first]: write(fields[first], rest, leaf) }
}
