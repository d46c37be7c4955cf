// What the verbs need of the cluster.
import type { Kind } from '../../openapi/kind.ts'
import type { Admission } from '../admission/chain.ts'
import type { Aggregation } from '../aggregation/aggregation.ts'
import type { Authorizer } from '../auth/attributes.ts'
import type { Clock } from '../clock.ts'
import type { Encodings } from '../codec/encode.ts'
import type { StoredSizes } from '../flowcontrol/stored.ts'
import type { NodeProxy } from '../nodeproxy.ts'
import type { Registry } from '../registry/registry.ts'
import type { Subresources } from '../registry/subresources/index.ts'
import type { Storage } from '../storage/storage.ts'
import type { Metrics } from './metrics.ts'

export interface Api {
  registry: Registry
  storage: Storage
  clock: Clock
  authorizer: Authorizer
  /** Now, as metav1.Time. */
  time(): string
  encodings: Encodings
  subresources: Subresources
  admission: Admission
  nodes: NodeProxy
  metrics: Metrics
  /** How much there is of each resource. */
  stored: StoredSizes
  /** A kind that a CustomResourceDefinition brought: lists repeat the type of each item. */
  isCustom(kind: Kind): boolean
  /** Versions that extension servers answer for. */
  aggregation: Aggregation
  /** Runs when the server closes; returns its removal. */
  onClose(run: () => void): () => void
}
