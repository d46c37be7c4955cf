// horizontal-pod-autoscaler: looks at each autoscaler every 15 seconds, first 15 seconds after it was made. Without a metrics API it keeps
// sizes within their bounds, and tells what is missing.

import { errorText } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { groupOf } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/horizontalpodautoscaler.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/index.ts'
import { pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { pathNames, readPath, selectorText } from '../../openapi/rules/scale.ts'
import { parseLabelSelector } from '../../openapi/values/selector.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { self } from '../runtime/owners.ts'
import { keyText } from '../runtime/workqueue.ts'
import { readMetric } from './metrics.ts'
import { type Evidence, needsEvidence, plan, rescaled, type Size } from './plan.ts'
import type { History } from './rate.ts'

const everyMs = 15_000

export function horizontalPodAutoscalerController(): Controller {
  /** When each is looked at next, by key. */
  const due = new Map<string, { uid: string; at: number }>()
  const histories = new Map<string, { uid: string; history: History | undefined }>()
  return {
    name: 'horizontal-pod-autoscaler',
    watches: [
      { kind: horizontalPodAutoscaler as unknown as Kind, keys: self },
      { kind: podKind as unknown as Kind, keys: () => [] },
    ],
    async reconcile(key, context) {
      const found = context.informer(horizontalPodAutoscaler).get(key)
      const text = keyText(key)
      const known = due.get(text)
      if (!found) {
        due.delete(text)
        histories.delete(text)
        return undefined
      }
      const { uid } = found.metadata
      const now = context.clock.now().getTime()
      const at = known?.uid === uid ? known.at : now + everyMs
      if (now < at) {
        due.set(text, { uid, at })
        return { requeueAfterMs: at - now }
      }
      due.set(text, { uid, at: now + everyMs })
      const before = histories.get(text)
      const history = await look(found, before?.uid === uid ? before.history : undefined, context)
      histories.set(text, { uid, history })
      return { requeueAfterMs: everyMs }
    },
  }
}

/** What is to be remembered. */
async function look(found: HorizontalPodAutoscaler, history: History | undefined, context: Context): Promise<History | undefined> {
  const now = context.clock.now()
  const scaled = await scaledObject(found, context)
  const target = 'problem' in scaled ? scaled : scaled.seen
  const evidence = needsEvidence(found, target) ? await evidenceOf(found, target, context) : undefined
  let decision = plan(found, { target, history, now }, evidence)
  if (decision.rescale && !('problem' in scaled)) {
    const problem = await resize(scaled, decision.rescale.replicas, context)
    decision = rescaled(found, decision, problem, now)
  }
  for (const event of decision.events) context.event(found, event)
  await execute(horizontalPodAutoscaler, found, { actions: [], status: decision.status }, context)
  return decision.history
}

async function evidenceOf({ metadata, spec }: HorizontalPodAutoscaler, { selector }: Size, context: Context): Promise<Evidence> {
  const scope = { namespace: metadata.namespace ?? '', selector }
  const { matches } = parseLabelSelector(selector)
  return {
    readings: await Promise.all((spec.metrics ?? []).map(metric => readMetric(metric, scope, context.client))),
    pods: context
      .informer(podKind)
      .list(scope.namespace)
      .filter(pod => matches(pod.metadata.labels ?? {})),
  }
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
