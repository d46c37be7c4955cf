// Carries a plan out: writes in order, tells Events, then the status. A failed action ends the actions, but the status is still written.
import { errorText } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { deepEqual } from '../../openapi/values/equal.ts'
import type { Action, Context, Plan } from './controller.ts'
import { isReason } from './errors.ts'
import { keyOf } from './owners.ts'
import { Told } from './told.ts'

/** `about`: the object the plan is for. Throws the first failure, after the status was written. */
export async function execute<T extends KubeObject>(
  kind: Kind<T>,
  about: T,
  plan: Plan<T>,
  context: Context,
): Promise<{ requeueAfterMs?: number }> {
  let failure: unknown
  for (const action of plan.actions) {
    try {
      await run(action, about, context)
    } catch (error) {
      failure = error
      break
    }
  }
  const status = failure !== undefined && plan.failedStatus ? plan.failedStatus(errorText(failure)) : plan.status
  await writeStatus(kind, about, status, context)
  if (failure !== undefined) throw failure
  return plan.requeueAfterMs === undefined ? {} : { requeueAfterMs: plan.requeueAfterMs }
}

async function run(action: Action, about: KubeObject, context: Context): Promise<void> {
  if (action.do === 'event') return context.event(action.about ?? about, action.event)
  try {
    await write(action, context)
  } catch (error) {
    // Somebody else was faster with the same wish.
    if (action.do === 'delete' && isReason(error, 'NotFound')) return
    if (!action.failed || isReason(error, 'Conflict', 'AlreadyExists')) throw error
    const why = errorText(error)
    context.event(about, action.failed(why))
    throw new Told(why, { cause: error })
  }
  if (action.done) context.event(about, action.done)
}

async function write(action: Exclude<Action, { do: 'event' }>, { client }: Context): Promise<void> {
  switch (action.do) {
    case 'create':
      await client.create(action.kind, action.object)
      return
    case 'update':
      await client.update(action.kind, action.object)
      return
    case 'updateStatus':
      await client.updateStatus(action.kind, action.object)
      return
    case 'delete': {
      const { uid } = action.object.metadata
      const grace = action.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: action.gracePeriodSeconds }
      await client.delete(action.kind, keyOf(action.object), { ...grace, preconditions: { uid } })
    }
  }
}

async function writeStatus<T extends KubeObject>(kind: Kind<T>, about: T, status: Plan<T>['status'], { client }: Context): Promise<void> {
  const current = (about as { status?: unknown }).status
  if (status === undefined || deepEqual(status, current)) return
  try {
    await client.updateStatus(kind, { ...about, status })
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error
  }
}
