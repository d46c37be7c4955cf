// Writes the priority levels and flow schemas of a fresh cluster, past the stores, as its roles are written.
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { bootstrapLevels, bootstrapSchemas } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/bootstrap.ts'
import { danglingCondition, flowSchema } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/flowschema.ts'
import { priorityLevelConfiguration } from '../../openapi/kinds/flowcontrol.apiserver.k8s.io/prioritylevelconfiguration.ts'
import type { DefaultRolesOptions } from './defaultroles.ts'
import { keyOf } from './keys.ts'

export const flowManagers = {
  /** Writes the objects. */
  producer: 'api-priority-and-fairness-config-producer-v1',
  /** Writes what it found out about schemas. */
  consumer: 'api-priority-and-fairness-config-consumer-v1',
} as const

interface Content {
  spec: object
  status: { conditions?: object[] }
}

/** What is there already stays as it is. */
export async function writeDefaultFlows({ storage, ids, time }: DefaultRolesOptions): Promise<void> {
  const write = async (kind: Kind, name: string, content: Content): Promise<void> => {
    const metadata = {
      name,
      uid: ids.uid(),
      generation: 1,
      creationTimestamp: time(),
      annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' },
      managedFields: managersOf(kind, content, time()),
    }
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata, ...content }
    await storage.write(keyOf(kind, '', name), object as unknown as KubeObject, 0)
  }
  for (const [name, spec] of Object.entries(bootstrapLevels))
    await write(priorityLevelConfiguration as unknown as Kind, name, { spec, status: {} })
  for (const [name, spec] of Object.entries(bootstrapSchemas)) {
    const level = spec.priorityLevelConfiguration.name
    const conditions = [danglingCondition(level, level in bootstrapLevels, time())]
    await write(flowSchema as unknown as Kind, name, { spec, status: { conditions } })
  }
}

const conditionFields = ['lastTransitionTime', 'message', 'reason', 'status', 'type'] as const

function managersOf(kind: Kind, { spec, status }: Content, time: string): object[] {
  const common = { apiVersion: apiVersionOf(kind), time, fieldsType: 'FieldsV1' }
  const annotations = { 'f:annotations': { '.': {}, 'f:apf.kubernetes.io/autoupdate-spec': {} } }
  const made = {
    manager: flowManagers.producer,
    operation: 'Update',
    ...common,
    fieldsV1: { 'f:metadata': annotations, 'f:spec': fieldsOf(spec) },
  }
  if (!status.conditions) return [made]
  const condition = { '.': {}, ...Object.fromEntries(conditionFields.map(name => [`f:${name}`, {}])) }
  const fieldsV1 = { 'f:status': { 'f:conditions': { 'k:{"type":"Dangling"}': condition } } }
  return [{ manager: flowManagers.consumer, operation: 'Apply', ...common, fieldsV1, subresource: 'status' }, made]
}

/** Structs that are always there are not owned themselves. */
const alwaysThere = ['priorityLevelConfiguration']

/** Lists are owned as a whole. */
function fieldsOf(value: object): object {
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    fields.map(([name, part]) => {
      if (typeof part !== 'object' || Array.isArray(part)) return [`f:${name}`, {}]
      return [`f:${name}`, alwaysThere.includes(name) ? fieldsOf(part) : { '.': {}, ...fieldsOf(part) }]
    }),
  )
}
