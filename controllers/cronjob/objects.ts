// The Jobs of a CronJob. Pure.
import type { Kind } from '../../openapi/kind.ts'
import { type CronJob, cronJob as cronJobKind } from '../../openapi/kinds/batch/cronjob.ts'
import type { JobInput } from '../../openapi/kinds/batch/job/index.ts'
import { zonedTime } from '../../openapi/values/cron.ts'
import { controllerReference } from '../runtime/owners.ts'

const scheduledKey = 'batch.kubernetes.io/cronjob-scheduled-timestamp'
const minuteMs = 60_000

/** One name for each time: a Job is made once. */
export const jobName = ({ metadata }: CronJob, scheduled: number): string => `${metadata.name}-${Math.floor(scheduled / minuteMs)}`

export function newJob(cronJob: CronJob, scheduled: number): JobInput {
  const { metadata, spec } = cronJob.spec.jobTemplate
  return {
    metadata: {
      name: jobName(cronJob, scheduled),
      namespace: cronJob.metadata.namespace,
      ...(metadata.labels ? { labels: metadata.labels } : {}),
      annotations: { ...metadata.annotations, [scheduledKey]: zonedTime(scheduled, cronJob.spec.timeZone) },
      ownerReferences: [controllerReference(cronJobKind as unknown as Kind, cronJob)],
    },
    spec: spec as JobInput['spec'],
  }
}
