// How long a Job that is over is kept. Pure.
import type { Job } from '../../openapi/kinds/batch/job/index.ts'

/** 0: its time is up; undefined: it stays. */
export function remainingMs({ metadata, spec, status }: Job, now: Date): number | undefined {
  const { ttlSecondsAfterFinished: seconds } = spec
  const end = status.conditions?.find(c => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True')?.lastTransitionTime
  if (seconds === undefined || !end || metadata.deletionTimestamp) return undefined
  return Math.max(0, Date.parse(end) + seconds * 1000 - now.getTime())
}
