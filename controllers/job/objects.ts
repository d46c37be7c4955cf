// The pods of a Job. Pure.
import type { Kind, KubeInput } from '../../openapi/kind.ts'
import { type Job, job as jobKind } from '../../openapi/kinds/batch/job/index.ts'
import { completionIndexKey, trackingFinalizer } from '../../openapi/kinds/batch/job/labels.ts'
import type { Pod } from '../../openapi/kinds/core/pod/index.ts'
import { controllerReference } from '../runtime/owners.ts'
import { earlierFailures, failureCountKey, ignoredCountKey, judge } from './pods.ts'

export interface Place {
  /** Random end of the name. */
  suffix: string
  index?: number
  /** The failed pod it follows, where failures are counted per index. */
  last?: Pod | undefined
}

/** What is left of a name of 63 when the suffix is put to it. */
const maxPrefix = 58

export function newPod(job: Job, { suffix, index, last }: Place): KubeInput & Pick<Pod, 'spec'> {
  const { metadata, spec } = job.spec.template
  const { name, namespace } = job.metadata
  const end = index === undefined ? '-' : `-${index}-`
  const prefix = `${name.slice(0, maxPrefix - end.length)}${end}`
  const indexed: Record<string, string> = index === undefined ? {} : { [completionIndexKey]: String(index) }
  return {
    metadata: {
      ...metadata,
      namespace,
      generateName: prefix,
      name: `${prefix}${suffix}`,
      labels: { ...metadata.labels, ...indexed },
      ...(index === undefined ? {} : { annotations: { ...metadata.annotations, ...indexed, ...failures(job, last) } }),
      finalizers: [...new Set([...(metadata.finalizers ?? []), trackingFinalizer])],
      ownerReferences: [controllerReference(jobKind as unknown as Kind, job)],
    },
    spec: (index === undefined ? spec : withIndex(spec, `${name}-${index}`)) as Pod['spec'],
  }
}

function failures(job: Job, last: Pod | undefined): Record<string, string> {
  if (job.spec.backoffLimitPerIndex === undefined) return {}
  if (!last) return { [failureCountKey]: '0' }
  const { counted, ignored } = earlierFailures(last)
  const { counts } = judge(last, job)
  const more = counts ? ignored : ignored + 1
  return { [failureCountKey]: String(counted + (counts ? 1 : 0)), ...(more > 0 ? { [ignoredCountKey]: String(more) } : {}) }
}

type Spec = Job['spec']['template']['spec']

/** The index is the end of the host's name, and a variable. */
function withIndex(spec: Spec, hostname: string): Spec {
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${completionIndexKey}']` } },
  }
  const told = <C extends { env?: Spec['containers'][number]['env'] }>(container: C): C =>
    container.env?.some(e => e.name === variable.name) ? container : { ...container, env: [...(container.env ?? []), variable] }
  return {
    ...spec,
    hostname,
    containers: spec.containers.map(told),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(told) } : {}),
  }
}
