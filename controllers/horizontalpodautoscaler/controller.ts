// horizontal-pod-autoscaler: looks at each autoscaler every 15 seconds, first 15 seconds after it was made. Without a metrics API it keeps
// sizes within their bounds, and tells what is missing.

import { errorText } from '../../openapi/errors.ts'
import { apiVersionOf, groupOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { pathNames, readPath, selectorText } from '../../openapi/rules/scale.ts'
import { parseLabelSelector, type Selector } from '../../openapi/values/selector.ts'
import type { Context, Controller, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf, self } from '../runtime/owners.ts'
import { keyText } from '../runtime/workqueue.ts'
import { readMetric } from './metrics.ts'
import { type Evidence, needsEvidence, plan, type Refusal, rescaled, type Size } from './plan.ts'
import type { History } from './rate.ts'

const everyMs = 15_000

/** What is kept of one autoscaler from look to look. */
interface Memory {
  uid: string
  /** The next look, in milliseconds since the epoch. */
  at: number
  history?: History | undefined
  /** Of the pods, as it was last read. */
  selects?: Selects
}

interface Selects extends ObjectKey, Pick<Selector, 'matches'> {
  text: string
}

export function horizontalPodAutoscalerController(): Controller {
  const memories = new Map<string, Memory>()
  return {
    name: 'horizontal-pod-autoscaler',
    watches: [
      { kind: horizontalPodAutoscaler as unknown as Kind, keys: self },
      { kind: podKind as unknown as Kind, keys: () => [] },
    ],
    async reconcile(key, context) {
      const found = context.informer(horizontalPodAutoscaler).get(key)
      const text = keyText(key)
      if (!found) {
        memories.delete(text)
        return undefined
      }
      const { uid } = found.metadata
      const now = context.clock.now().getTime()
      const known = memories.get(text)
      const memory = known?.uid === uid ? known : { uid, at: now + everyMs }
      memories.set(text, memory)
      if (now < memory.at) return { requeueAfterMs: memory.at - now }
      memory.at = now + everyMs
      const others = [...memories.values()].flatMap(each => (each !== memory && each.selects ? [each.selects] : []))
      await look(found, { memory, others }, context)
      return { requeueAfterMs: everyMs }
    },
  }
}

interface Known {
  memory: Memory
  others: readonly Selects[]
}

async function look(found: HorizontalPodAutoscaler, { memory, others }: Known, context: Context): Promise<void> {
  const now = context.clock.now()
  const scaled = await scaledObject(found, context)
  const target = 'problem' in scaled ? scaled : scaled.seen
  const selects = needsEvidence(found, target) ? selectedBy(found, target) : undefined
  if (selects && !('problem' in selects)) memory.selects = selects
  const evidence = selects && ('problem' in selects ? selects : await evidenceOf(found, { selects, others }, context))
  let decision = plan(found, { target, history: memory.history, now }, evidence)
  if (decision.rescale && !('problem' in scaled)) {
    const problem = await resize(scaled, decision.rescale.replicas, context)
    decision = rescaled(found, decision, problem, now)
  }
  memory.history = decision.history
  for (const event of decision.events) context.event(found, event)
  await execute(horizontalPodAutoscaler, found, { actions: [], status: decision.status }, context)
}

function selectedBy(found: HorizontalPodAutoscaler, { selector: text }: Size): Selects | Refusal {
  try {
    return { ...keyOf(found), text, matches: parseLabelSelector(text).matches }
  } catch (error) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${errorText(error)}`
    return { problem: { reason: 'InvalidSelector', message } }
  }
}

async function evidenceOf(
  { metadata, spec }: HorizontalPodAutoscaler,
  { selects, others }: { selects: Selects; others: readonly Selects[] },
  context: Context,
): Promise<Evidence> {
  const { namespace = '' } = metadata
  const selected = ({ matches }: Selects, { metadata }: Pod) => matches(metadata.labels ?? {})
  const pods = context
    .informer(podKind)
    .list(namespace)
    .filter(pod => selected(selects, pod))
  const rival = others.find(other => other.namespace === namespace && pods.some(pod => selected(other, pod)))
  if (rival) {
    const both = [selects, rival].map(each => `{${each.name} ${each.namespace}}`).join(' ')
    const message = `pods by selector ${selects.text} are controlled by more than one HPA (e.g. [${both}])`
    return { problem: { reason: 'AmbiguousSelector', message } }
  }
  const scope = { namespace, selector: selects.text }
  return { pods, readings: await Promise.all((spec.metrics ?? []).map(metric => readMetric(metric, scope, context.client))) }
}

interface Scaled {
  kind: Kind
  object: KubeObject
  path: string
  seen: Size
}

async function scaledObject({ metadata, spec }: HorizontalPodAutoscaler, { client }: Context): Promise<Scaled | { problem: string }> {
  const { kind: kindName, name, apiVersion = '' } = spec.scaleTargetRef
  const group = groupOf(apiVersion)
  const kinds = client.kinds().filter(k => k.kind === kindName && k.group === group)
  const kind = kinds.find(k => apiVersionOf(k) === apiVersion) ?? kinds[0]
  if (!kind) return { problem: `no matches for kind ${JSON.stringify(kindName)} in group ${JSON.stringify(group)}` }
  const { scale } = kind.subresources ?? {}
  if (!scale) return { problem: 'the server could not find the requested resource' }
  try {
    const object = await client.get(kind, { namespace: metadata.namespace, name })
    const selector = scale.selector ? readPath(object, scale.selector) : undefined
    return {
      kind,
      object,
      path: scale.spec,
      seen: {
        replicas: Number(readPath(object, scale.spec) ?? 0),
        statusReplicas: Number(readPath(object, scale.status) ?? 0),
        selector: selectorText(selector),
      },
    }
  } catch (error) {
    return { problem: errorText(error) }
  }
}

/** What went wrong, if anything. */
async function resize({ kind, object, path }: Scaled, replicas: number, { client }: Context): Promise<string | undefined> {
  const { namespace, name } = object.metadata
  const patch = pathNames(path).reduceRight<unknown>((value, part) => ({ [part]: value }), replicas)
  try {
    await client.patch(kind, { namespace, name }, patch as object, 'scale')
    return undefined
  } catch (error) {
    return errorText(error)
  }
}
