// What `kubectl wait` and `kubectl rollout status` wait for, asked of the cluster directly: no process per wait.
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import type { Client } from '../../../server/client.ts'
import type { Json } from './trace.ts'

type Condition = (object: Json | undefined) => boolean

/** Whether what the command waits for is there now. */
export function until(command: string, namespace: string, client: Client): () => Promise<boolean> {
  const condition = conditionOf(command)
  const targets = [...command.matchAll(/(?<=\s)([a-z]+)\/([\w.-]+)/g)].map(([, resource = '', name = '']) => ({
    kind: kindOf(resource, client),
    name,
  }))
  if (targets.length === 0) throw new Error(`nothing to wait for in: ${command}`)
  return async () => {
    const found = await Promise.all(targets.map(({ kind, name }) => read(client, kind, { namespace, name })))
    return found.every(condition)
  }
}

function kindOf(resource: string, client: Client): Kind {
  const kind = client
    .kinds()
    .find(({ names, group }) => group !== 'events.k8s.io' && [names.plural, names.singular, ...(names.shortNames ?? [])].includes(resource))
  if (!kind) throw new Error(`no resource ${resource}`)
  return kind
}

async function read(client: Client, kind: Kind, { namespace, name }: { namespace: string; name: string }): Promise<KubeObject | undefined> {
  try {
    return await client.get(kind, kind.scope === 'Namespaced' ? { namespace, name } : { name })
  } catch (error) {
    if ((error as { reason?: string }).reason === 'NotFound') return undefined
    throw error
  }
}

function conditionOf(command: string): Condition {
  if (command.includes('rollout status')) return rolledOut
  if (command.includes('--for=delete')) return object => object === undefined
  const [, path, value] = /--for=jsonpath='\{\.([\w.]+)\}'=(\S+)/.exec(command) ?? []
  if (path) return object => String(path.split('.').reduce<Json>((part, key) => part?.[key], object)) === value
  const [, type, status = 'True'] = /--for=condition=(\w+)(?:=(\w+))?/.exec(command) ?? []
  if (!type) throw new Error(`cannot wait as told: ${command}`)
  return object =>
    object?.status?.conditions?.some(
      (c: Json) => c.type.toLowerCase() === type.toLowerCase() && c.status.toLowerCase() === status.toLowerCase(),
    ) === true
}

/** kubectl's own arithmetic (polymorphichelpers/rollout_status.go). */
function rolledOut(object: Json | undefined): boolean {
  if (!object) return false
  const { kind, spec, status, metadata } = object
  if ((status.observedGeneration ?? 0) < metadata.generation) return false
  if (kind === 'Deployment') {
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status
    return updatedReplicas >= spec.replicas && replicas <= updatedReplicas && availableReplicas >= updatedReplicas
  }
  if (kind === 'DaemonSet') {
    const { updatedNumberScheduled = 0, numberAvailable = 0, desiredNumberScheduled } = status
    return updatedNumberScheduled >= desiredNumberScheduled && numberAvailable >= desiredNumberScheduled
  }
  const { readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status
  if (readyReplicas < spec.replicas) return false
  const partition = spec.updateStrategy.rollingUpdate?.partition ?? 0
  if (partition > 0) return updatedReplicas >= spec.replicas - partition
  return currentRevision === updateRevision
}
