import type { FromSchema } from 'json-schema-to-ts'
import { boolean, field, int32, int64, list, object, string, time } from '../schema.ts'
import { ObjectMeta, objectHead } from './meta.ts'
import { PodTemplateSpec } from './pod.ts'
import { ObjectReference } from './reference.ts'
import { LabelSelector } from './selector.ts'

export const PodFailurePolicyOnExitCodesRequirement = object(
  'io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement',
  "Looks at the exit codes of a failed pod's containers.",
  {
    containerName: string('Looks at this container or init container only; at all of them if unset.'),
    operator: string(
      'In: some exit code is one of the values. NotIn: some exit code is none of them. Containers that ended well are not looked at.',
      { enum: ['In', 'NotIn'] },
    ),
    values: list(int32(''), 'Exit codes, in ascending order, each once; at most 255. The operator In does not take 0.', {
      'x-kubernetes-list-type': 'set',
    }),
  },
  ['operator', 'values'],
)
export type PodFailurePolicyOnExitCodesRequirement = FromSchema<typeof PodFailurePolicyOnExitCodesRequirement>

export const PodFailurePolicyOnPodConditionsPattern = object(
  'io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern',
  'Looks at one condition of a failed pod.',
  {
    status: string('Status the condition must have. True by default.', { default: 'True' }),
    type: string('Type the condition must have.'),
  },
  ['type'],
)
export type PodFailurePolicyOnPodConditionsPattern = FromSchema<typeof PodFailurePolicyOnPodConditionsPattern>

export const PodFailurePolicyRule = object(
  'io.k8s.api.batch.v1.PodFailurePolicyRule',
  'What to do about a failed pod that looks like this. Exactly one of onExitCodes and onPodConditions must be given.',
  {
    action: string(
      "FailJob ends the whole Job, FailIndex gives up the pod's index, Ignore replaces the pod without counting the failure, Count counts it as usual.",
      { enum: ['Count', 'FailIndex', 'FailJob', 'Ignore'] },
    ),
    onExitCodes: field(PodFailurePolicyOnExitCodesRequirement, 'Fits by the exit codes of the containers.'),
    onPodConditions: list(PodFailurePolicyOnPodConditionsPattern, 'Fits when the pod has one of these conditions; at most 20.', {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  ['action'],
)
export type PodFailurePolicyRule = FromSchema<typeof PodFailurePolicyRule>

export const PodFailurePolicy = object(
  'io.k8s.api.batch.v1.PodFailurePolicy',
  'How failed pods are judged.',
  {
    rules: list(
      PodFailurePolicyRule,
      'Tried in order; the first that fits decides. A failure that none fits counts towards backoffLimit. At most 20.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
  },
  ['rules'],
)
export type PodFailurePolicy = FromSchema<typeof PodFailurePolicy>

export const SuccessPolicyRule = object(
  'io.k8s.api.batch.v1.SuccessPolicyRule',
  'When an Indexed Job has done enough. At least one of the two fields must be given.',
  {
    succeededCount: int32('How many indexes must have succeeded, of succeededIndexes if that is given.'),
    succeededIndexes: string('Which indexes must have succeeded, as numbers and ranges parted by commas: 1,3-5,7.'),
  },
)
export type SuccessPolicyRule = FromSchema<typeof SuccessPolicyRule>

export const SuccessPolicy = object(
  'io.k8s.api.batch.v1.SuccessPolicy',
  'When a Job is taken for done although not all of its indexes have succeeded.',
  {
    rules: list(
      SuccessPolicyRule,
      'Tried in order; the first that is met ends the Job with success and its other pods are removed. At most 20.',
      { 'x-kubernetes-list-type': 'atomic' },
    ),
  },
  ['rules'],
)
export type SuccessPolicy = FromSchema<typeof SuccessPolicy>

export const JobSpec = object(
  'io.k8s.api.batch.v1.JobSpec',
  'What a Job should run, how often and how long.',
  {
    activeDeadlineSeconds: int64(
      "Seconds, counted from status.startTime, after which the Job is stopped and fails. A suspended Job's time does not run.",
    ),
    backoffLimit: int32(
      'How many failures are made up for before the Job fails. 6 by default, without limit when backoffLimitPerIndex is given.',
    ),
    backoffLimitPerIndex: int32(
      'How many failures of one index are made up for before that index fails. For Indexed Jobs whose pods never restart.',
    ),
    completionMode: string(
      'NonIndexed, the default, is done after that many successes. Indexed gives each pod an index from 0 to completions-1 and wants one success of each.',
      { enum: ['Indexed', 'NonIndexed'] },
    ),
    completions: int32('How many successes are wanted. If unset, any success ends the Job, and parallelism says how many pods work at it.'),
    managedBy: string(
      'Name of the controller that runs the Job, such as acme.io/foo. Unset or kubernetes.io/job-controller: the built-in one. It cannot be changed.',
    ),
    manualSelector: boolean('True leaves selector and pod labels to the author of the Job. Normally the server makes unique ones.'),
    maxFailedIndexes: int32('More failed indexes than this and the whole Job fails. Needs backoffLimitPerIndex.'),
    parallelism: int32('How many pods may run at one time. 1 by default.'),
    podFailurePolicy: field(PodFailurePolicy, 'Tells failures apart by exit code or condition. Needs pods that never restart.'),
    podReplacementPolicy: string(
      'TerminatingOrFailed replaces a pod as soon as it is being deleted, Failed only after it has ended. Failed is the only choice, and the default, with a podFailurePolicy.',
      { enum: ['Failed', 'TerminatingOrFailed'] },
    ),
    selector: field(LabelSelector, 'Which pods belong to the Job. Made by the server unless manualSelector is true.'),
    successPolicy: field(SuccessPolicy, 'Lets an Indexed Job end early. It cannot be changed.'),
    suspend: boolean('True keeps the Job from running pods and removes those that run. False by default.'),
    template: field(PodTemplateSpec, 'The pod to run. Its restartPolicy must be Never or OnFailure.', { default: {} }),
    ttlSecondsAfterFinished: int32('Seconds after its end when the Job is deleted with its pods. Never if unset.'),
  },
  ['template'],
)
export type JobSpec = FromSchema<typeof JobSpec>

export const JobCondition = object(
  'io.k8s.api.batch.v1.JobCondition',
  'One aspect of the state of a Job.',
  {
    lastProbeTime: time('When the condition was last checked.'),
    lastTransitionTime: time('When status took its present value.'),
    message: string('Explanation for people.'),
    reason: string('Why the status is as it is, as one CamelCase word.'),
    status: string('True, False or Unknown.'),
    type: string('Complete, Failed, Suspended, SuccessCriteriaMet or FailureTarget.'),
  },
  ['type', 'status'],
)
export type JobCondition = FromSchema<typeof JobCondition>

export const UncountedTerminatedPods = object(
  'io.k8s.api.batch.v1.UncountedTerminatedPods',
  'Pods that have ended and are not yet in the counters.',
  {
    failed: list(string(''), 'UIDs of pods that failed.', { 'x-kubernetes-list-type': 'set' }),
    succeeded: list(string(''), 'UIDs of pods that succeeded.', { 'x-kubernetes-list-type': 'set' }),
  },
)
export type UncountedTerminatedPods = FromSchema<typeof UncountedTerminatedPods>

export const JobStatus = object('io.k8s.api.batch.v1.JobStatus', 'How far a Job has come.', {
  active: int32('Pods that are pending or running and not being deleted.'),
  completedIndexes: string('Indexes that succeeded, as numbers and ranges parted by commas: 1,3-5,7.'),
  completionTime: time('When the Job was done. Unset if it failed.'),
  conditions: list(JobCondition, 'Aspects of the state, one per type. A finished Job has Complete or Failed.', {
    'x-kubernetes-list-type': 'atomic',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  }),
  failed: int32('Pods that failed. It only grows.'),
  failedIndexes: string('Indexes that failed for good, written like completedIndexes. Kept with backoffLimitPerIndex only.'),
  ready: int32('Active pods that are ready and not being deleted.'),
  startTime: time('When the controller began with the Job, or last resumed it.'),
  succeeded: int32('Pods that succeeded. It only grows, but for an Indexed Job that is made smaller.'),
  terminating: int32('Pods that are being deleted and have not ended yet.'),
  uncountedTerminatedPods: field(UncountedTerminatedPods, 'Pods between their end and their place in the counters.'),
})
export type JobStatus = FromSchema<typeof JobStatus>

export const Job = object('io.k8s.api.batch.v1.Job', 'Runs pods until enough of them have succeeded.', {
  ...objectHead,
  spec: field(JobSpec, 'The wanted state.', { default: {} }),
  status: field(JobStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
})
export type Job = FromSchema<typeof Job>

export const JobTemplateSpec = object('io.k8s.api.batch.v1.JobTemplateSpec', 'The Jobs a CronJob makes.', {
  metadata: field(ObjectMeta, 'Labels and annotations that each Job gets.', { default: {} }),
  spec: field(JobSpec, 'The wanted state of each Job.', { default: {} }),
})
export type JobTemplateSpec = FromSchema<typeof JobTemplateSpec>

export const CronJobSpec = object(
  'io.k8s.api.batch.v1.CronJobSpec',
  'When to start which Job.',
  {
    concurrencyPolicy: string(
      'What happens when the last Job still runs at the next time. Allow, the default, starts another; Forbid leaves that time out; Replace ends the old Job first.',
      { enum: ['Allow', 'Forbid', 'Replace'], default: 'Allow' },
    ),
    failedJobsHistoryLimit: int32('How many failed Jobs are kept. 1 by default.', { default: 1 }),
    jobTemplate: field(JobTemplateSpec, 'The Job to start.', { default: {} }),
    schedule: string('The times, as five fields of cron (minute, hour, day of month, month, day of week) or a word such as @hourly.'),
    startingDeadlineSeconds: int64(
      'A start that was missed is made up for within this many seconds; after that it counts as missed for good. No limit if unset.',
    ),
    successfulJobsHistoryLimit: int32('How many successful Jobs are kept. 3 by default.', { default: 3 }),
    suspend: boolean('True starts no further Jobs; those that run go on. False by default.', { default: false }),
    timeZone: string('Name of the time zone in which the schedule is read, such as Europe/Rome. That of the controller if unset.'),
  },
  ['schedule', 'jobTemplate'],
)
export type CronJobSpec = FromSchema<typeof CronJobSpec>

export const CronJobStatus = object('io.k8s.api.batch.v1.CronJobStatus', 'What a CronJob did last.', {
  active: list(ObjectReference, 'Its Jobs that run.', { 'x-kubernetes-list-type': 'atomic' }),
  lastScheduleTime: time('The time of the schedule at which it last started a Job.'),
  lastSuccessfulTime: time('When one of its Jobs last ended with success.'),
})
export type CronJobStatus = FromSchema<typeof CronJobStatus>

export const CronJob = object(
  'io.k8s.api.batch.v1.CronJob',
  'Starts a Job again and again, at the times of a schedule.',
  {
    ...objectHead,
    spec: field(CronJobSpec, 'The wanted state.', { default: {} }),
    status: field(CronJobStatus, 'The state the controller saw last; written by the controller only.', { default: {} }),
  },
  ['spec'],
)
export type CronJob = FromSchema<typeof CronJob>
