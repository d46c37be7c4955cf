// The work of a Job's pod, of which nothing is known but that it comes to an end: it takes as long as annotations say, and ends well unless
// they say otherwise. Pure.
import { completionIndexKey } from '../../openapi/kinds/batch/job/labels.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { parseDuration } from '../../openapi/values/time.ts'
import { controllerOf } from '../runtime/owners.ts'
import { annotation, modeOf } from './podstatus.ts'
import { type Program, programOf } from './programs.ts'

type Work = Extract<Program, { does: 'sleep' }>

const isOfJob = (pod: Pod): boolean => {
  const owner = controllerOf(pod)
  return owner?.kind === 'Job' && owner.apiVersion === 'batch/v1'
}

/** undefined: it is no Job's, or told to behave in a way of its own. `usualMs`: how long work takes. */
export function workOf(pod: Pod, usualMs: number): Work | undefined {
  if (!isOfJob(pod) || modeOf(pod)) return undefined
  const ms = parseDuration(annotation(pod, 'complete-after') ?? '') ?? usualMs
  return fails(pod) ? { does: 'sleep', ms, exitCode: Number(annotation(pod, 'exit-code') ?? 1) } : { does: 'sleep', ms }
}

/** Its index is the one that is to fail. */
function fails(pod: Pod): boolean {
  const index = pod.metadata.annotations?.[completionIndexKey]
  return index !== undefined && annotation(pod, 'fail-index') === index
}

/** What a container does: in a Job's pod, a program that is not known here is its work, and one that is to fail never mind its command. */
export function programIn(pod: Pod, container: Pod['spec']['containers'][number], usualMs: number): Program {
  const program = programOf(container)
  const work = pod.spec.containers.includes(container) ? workOf(pod, usualMs) : undefined
  if (!work) return program
  return program.does === 'serve' || work.exitCode !== undefined ? work : program
}
