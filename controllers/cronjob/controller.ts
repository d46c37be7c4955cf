// cronjob-controller: what wakes it, and how its plan is carried out: it deletes Jobs in the background and remembers those it made.

import { errorText } from '../../openapi/errors.ts'
import type { Kind } from '../../openapi/kind.ts'
import { type CronJob, cronJob } from '../../openapi/kinds/batch/cronjob.ts'
import { type Job, job } from '../../openapi/kinds/batch/job/index.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { isReason } from '../runtime/errors.ts'
import { execute } from '../runtime/execute.ts'
import { keyOf, owner, self } from '../runtime/owners.ts'
import { Told } from '../runtime/told.ts'
import { newJob } from './objects.ts'
import { type CronPlan, plan } from './plan.ts'

const cronJobKind = cronJob as unknown as Kind

export const cronJobController: Controller = {
  name: 'cronjob-controller',
  watches: [
    { kind: cronJobKind, keys: self },
    { kind: job as unknown as Kind, keys: owner(cronJobKind) },
  ],
  async reconcile(key, context) {
    const found = context.informer(cronJob).get(key)
    if (!found) return undefined
    const jobs = context.informer(job).controlledBy(found)
    const decided = plan(found, jobs, context.clock.now())
    for (const event of decided.events) context.event(found, event)
    for (const old of decided.remove) await remove(found, old, context)
    const status = await start(found, decided, context)
    const { requeueAfterMs } = decided
    return execute(cronJob, found, { actions: [], status, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) }, context)
  },
}

async function remove(about: CronJob, old: Job, context: Context): Promise<void> {
  const { name, uid } = old.metadata
  try {
    await context.client.delete(job, keyOf(old), { propagationPolicy: 'Background', preconditions: { uid } })
  } catch (error) {
    if (isReason(error, 'NotFound')) return
    context.event(about, { type: 'Warning', reason: 'FailedDelete', message: `Deleted job: ${errorText(error)}` })
    throw new Told(errorText(error), { cause: error })
  }
  context.event(about, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted job ${name}` })
}

/** The status after it. */
async function start(about: CronJob, { start: time, status }: CronPlan, context: Context): Promise<CronJob['status']> {
  if (time === undefined) return status
  try {
    const made = await context.client.create(job, newJob(about, time))
    const { name, namespace, uid, resourceVersion } = made.metadata
    context.event(about, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created job ${name}` })
    const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion }
    return { ...status, active: [...(status.active ?? []), reference], lastScheduleTime: printTime(new Date(time)) }
  } catch (error) {
    // Made before, by this controller: only the status did not get that far.
    if (isReason(error, 'AlreadyExists')) return { ...status, lastScheduleTime: printTime(new Date(time)) }
    context.event(about, { type: 'Warning', reason: 'FailedCreate', message: `Error creating job: ${errorText(error)}` })
    throw new Told(errorText(error), { cause: error })
  }
}
