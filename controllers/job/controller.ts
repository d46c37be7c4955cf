// job-controller: what wakes it. Pods whose Job is gone, or that no Job owns any more, are let go here too.

import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { hasCondition, isFinished, type Job, job } from '../../openapi/kinds/batch/job/index.ts'
import { type Pod, pod } from '../../openapi/kinds/core/pod/index.ts'
import { claimChildren, possibleOwners } from '../runtime/adopt.ts'
import type { Context, Controller, Index, ObjectKey } from '../runtime/controller.ts'
import { execute } from '../runtime/execute.ts'
import { controllerOf, owner, self } from '../runtime/owners.ts'
import { keyText } from '../runtime/workqueue.ts'
import { Endings } from './endings.ts'
import { plan } from './plan.ts'
import { isTracked, untracked } from './pods.ts'

const jobKind = job as unknown as Kind
const ownerOf = owner(jobKind)
const orphanOf = possibleOwners(job)
const builtIn = 'kubernetes.io/job-controller'

/** No object has such a name: the key stands for a pod without a Job. */
const orphanPrefix = 'pod/'

function keysOf(object: KubeObject, caches: Parameters<typeof orphanOf>[1]): readonly ObjectKey[] {
  const keys = [...ownerOf(object), ...orphanOf(object, caches)]
  if (controllerOf(object) || !isTracked(object as Pod)) return keys
  return [...keys, { namespace: object.metadata.namespace, name: `${orphanPrefix}${object.metadata.name}` }]
}

const ofJob: Index<Pod> = object => ownerOf(object).map(keyText)[0]

export function jobController(): Controller {
  const endings = new Endings()
  return {
    name: 'job-controller',
    watches: [
      { kind: jobKind, keys: self },
      { kind: pod as unknown as Kind, keys: keysOf },
    ],
    async reconcile(key, context) {
      const found = context.informer(job).get(key)
      if (!found) endings.forget(key)
      await releaseStrangers(key, found, context)
      if (!found || (found.spec.managedBy ?? builtIn) !== builtIn) return undefined
      const { selector } = found.spec
      const pods = await claimChildren({ kind: jobKind, owner: found, childKind: pod, selector }, context)
      const { clock, random } = context
      const around = { now: clock.now(), endings: endings.see(found, pods), suffix: () => random.suffix(5) }
      const next = plan({ job: found, pods, ...around })
      const result = await execute(job, found, next, context)
      tellEnd(found, next.status, context)
      return result
    },
  }
}

/** Pods of a Job that is no more, and of none. */
async function releaseStrangers({ namespace = '', name }: ObjectKey, found: Job | undefined, { informer, client }: Context): Promise<void> {
  const strangers = name.startsWith(orphanPrefix)
    ? [informer(pod).get({ namespace, name: name.slice(orphanPrefix.length) })].filter(p => p !== undefined && !controllerOf(p))
    : informer(pod)
        .by(ofJob, keyText({ namespace, name }))
        .filter(p => controllerOf(p)?.uid !== found?.metadata.uid)
  for (const stranger of strangers) if (stranger && isTracked(stranger)) await client.update(pod, untracked(stranger))
}

/** Told when the status is written. */
function tellEnd(before: Job, status: Job['status'] | undefined, context: Context): void {
  if (!status || !isFinished({ status }) || isFinished(before)) return
  const { completions } = before.spec
  if (hasCondition({ status }, 'Complete')) {
    if (completions !== undefined && completions < (status.succeeded ?? 0))
      context.event(before, {
        type: 'Warning',
        reason: 'TooManySucceededPods',
        message: 'Too many succeeded pods running after completion count reached',
      })
    context.event(before, { type: 'Normal', reason: 'Completed', message: 'Job completed' })
    return
  }
  const failed = status.conditions?.find(c => c.type === 'Failed')
  context.event(before, { type: 'Warning', reason: failed?.reason ?? '', message: failed?.message ?? '' })
}
