// ConfigMaps and Secrets a pod names that are not there: volumes cannot be mounted, containers not be made. Pure look-ups over the caches.
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { configMap } from '../../openapi/kinds/core/configmap.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { secret } from '../../openapi/kinds/core/secret/index.ts'
import type { Caches } from '../runtime/controller.ts'

export interface Missing {
  /** In the kubelet's words. */
  message: string
  /** The volume that waits, or the container. */
  volume?: string
  container?: string
  /** kind/name, to be woken by. */
  object: string
}

/** What a reference may lead to. */
export const referredKinds = [configMap, secret] as unknown as readonly Kind[]

interface Reference {
  kind: 'configmap' | 'secret'
  name: string
  /** Keys that must be there. */
  keys: readonly string[]
  optional: boolean | undefined
}

type Data = KubeObject & { data?: object; binaryData?: object }

const objectOf = ({ kind, name }: Reference): string => `${kind}/${name}`

function find({ kind, name }: Reference, namespace: string, caches: Caches): Data | undefined {
  const key = { namespace, name }
  return kind === 'configmap' ? caches.informer(configMap).get(key) : (caches.informer(secret).get(key) as Data | undefined)
}

/** A reference that leads nowhere: why, in the words for an object and for a key. */
function problem(reference: Reference, namespace: string, caches: Caches, keyWords: (key: string) => string): string | undefined {
  if (reference.optional) return undefined
  const found = find(reference, namespace, caches)
  if (!found) return `${reference.kind} ${JSON.stringify(reference.name)} not found`
  const missing = reference.keys.find(key => !Object.hasOwn({ ...found.data, ...found.binaryData }, key))
  return missing === undefined ? undefined : keyWords(missing)
}

type Items = readonly { key: string }[] | undefined
const keysOf = (items: Items): string[] => (items ?? []).map(({ key }) => key)

function volumeReferences(volume: NonNullable<Pod['spec']['volumes']>[number]): Reference[] {
  const { configMap: map, secret: hidden, projected } = volume
  const sources = [
    ...(map ? [{ configMap: map }] : []),
    ...(hidden ? [{ secret: { ...hidden, name: hidden.secretName } }] : []),
    ...(projected?.sources ?? []),
  ]
  return sources.flatMap((source): Reference[] => {
    const [kind, of] = source.configMap ? (['configmap', source.configMap] as const) : (['secret', source.secret] as const)
    return of ? [{ kind, name: of.name ?? '', keys: keysOf(of.items), optional: of.optional }] : []
  })
}

type Env = Pick<Pod['spec']['containers'][number], 'env' | 'envFrom'>

function environmentReferences({ env = [], envFrom = [] }: Env): Reference[] {
  const whole = envFrom.flatMap(({ configMapRef, secretRef }): Reference[] => {
    const [kind, of] = configMapRef ? (['configmap', configMapRef] as const) : (['secret', secretRef] as const)
    return of ? [{ kind, name: of.name ?? '', keys: [], optional: of.optional }] : []
  })
  const single = env.flatMap(({ valueFrom }): Reference[] => {
    const [kind, of] = valueFrom?.configMapKeyRef
      ? (['configmap', valueFrom.configMapKeyRef] as const)
      : (['secret', valueFrom?.secretKeyRef] as const)
    return of ? [{ kind, name: of.name ?? '', keys: [of.key], optional: of.optional }] : []
  })
  return [...whole, ...single]
}

export function missingVolume({ metadata, spec }: Pod, caches: Caches): Missing | undefined {
  for (const volume of spec.volumes ?? [])
    for (const reference of volumeReferences(volume)) {
      const why = problem(reference, metadata.namespace ?? '', caches, key => `references non-existent config key: ${key}`)
      if (why)
        return {
          volume: volume.name,
          object: objectOf(reference),
          message: `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${why}`,
        }
    }
  return undefined
}

/** Of the containers that are to start next. */
export function missingConfig({ metadata }: Pod, containers: readonly (Env & { name: string })[], caches: Caches): Missing | undefined {
  const namespace = metadata.namespace ?? ''
  for (const container of containers)
    for (const reference of environmentReferences(container)) {
      const kind = reference.kind === 'configmap' ? 'ConfigMap' : 'Secret'
      const why = problem(reference, namespace, caches, key => `couldn't find key ${key} in ${kind} ${namespace}/${reference.name}`)
      if (why) return { container: container.name, object: objectOf(reference), message: why }
    }
  return undefined
}
