// Pod templates, and pods when they are created.
import { type FieldError, forbidden, invalid, notSupported } from '../../../../errors.ts'
import { annotationErrors, labelErrors } from '../../../../rules/metadata.ts'
import type { PodSpec, PodTemplateSpec } from '../../../../schemas/pod.ts'
import type { Pod } from '../pod.ts'
import { maxInt32 } from './fields.ts'
import { validatePodSpec } from './spec.ts'

type Annotations = Readonly<Record<string, string>> | undefined

const mirror = 'kubernetes.io/config.mirror'
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'

export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, path: string): FieldError[] {
  // Upstream leaves `metadata` out of these two paths.
  const errors = [...labelErrors(metadata.labels, `${path}.labels`), ...annotationErrors(metadata.annotations, `${path}.annotations`)]
  errors.push(...podAnnotationErrors(metadata.annotations, spec, `${path}.annotations`), ...validatePodSpec(spec, `${path}.spec`))
  if (spec.ephemeralContainers?.length)
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  return errors
}

/** The template of something that keeps its pods running; `owner` is how the message calls it. */
export function validateLastingTemplate(template: PodTemplateSpec, owner: string, path: string): FieldError[] {
  const errors = validatePodTemplate(template, path)
  const { restartPolicy, activeDeadlineSeconds } = template.spec
  if (restartPolicy !== 'Always') errors.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${owner} is not Supported`))
  return errors
}

export function validatePodCreate({ metadata, spec }: Pod): FieldError[] {
  const errors = validatePodContent({ metadata, spec })
  if (spec.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if (spec.nodeName && spec.schedulingGates?.length)
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  return errors
}

/** What holds for a pod at any time; its metadata is checked elsewhere. */
export const validatePodContent = ({ metadata, spec }: Pick<Pod, 'metadata' | 'spec'>): FieldError[] => [
  ...podAnnotationErrors(metadata.annotations, spec, 'metadata.annotations'),
  ...validatePodSpec(spec, 'spec'),
]

function podAnnotationErrors(annotations: Annotations, { nodeName }: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  const mirrored = annotations?.[mirror]
  if (mirrored !== undefined && !nodeName)
    errors.push(invalid(`${path}[${mirror}]`, mirrored, 'must set spec.nodeName if mirror pod annotation is set'))
  const cost = annotations?.[deletionCost]
  const number = Number(cost)
  if (cost !== undefined && (!/^(0|-?[1-9]\d*)$/.test(cost) || number > maxInt32 || number < -maxInt32 - 1))
    errors.push(invalid(`${path}[${deletionCost}]`, cost, 'must be a 32bit integer'))
  return errors
}
