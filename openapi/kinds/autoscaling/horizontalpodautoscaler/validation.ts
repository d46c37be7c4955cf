// What an autoscaler may ask for.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../errors.ts'
import { compareQuantities } from '../../../values/quantity.ts'
import type { HorizontalPodAutoscaler, Metric, MetricTarget, ScalingRules } from './horizontalpodautoscaler.ts'

const maxWindowSeconds = 3600
const maxPeriodSeconds = 1800
const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']
/** In the order upstream looks for them: only the first is checked. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const

export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  const { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior } = spec
  const errors: FieldError[] = []
  if (minReplicas !== undefined && minReplicas < 1)
    errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  if (maxReplicas < 1) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'))
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'))
  errors.push(...referenceErrors(scaleTargetRef, 'spec.scaleTargetRef'), ...apiVersionErrors(scaleTargetRef))
  for (const [index, metric] of metrics.entries()) errors.push(...metricErrors(metric, `spec.metrics[${index}]`))
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.push(forbidden('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'))
  for (const field of ['scaleUp', 'scaleDown'] as const)
    if (behavior?.[field]) errors.push(...ruleErrors(behavior[field], `spec.behavior.${field}`))
  return errors
}

type Reference = HorizontalPodAutoscaler['spec']['scaleTargetRef']

const segmentProblems = (text: string): string[] => {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return ['/', '%'].filter(letter => text.includes(letter)).map(letter => `may not contain '${letter}'`)
}

const referenceErrors = (reference: Reference, path: string): FieldError[] =>
  (['kind', 'name'] as const).flatMap(field => {
    const value = reference[field]
    if (!value) return [required(`${path}.${field}`)]
    return segmentProblems(value).map(why => invalid(`${path}.${field}`, value, why))
  })

function apiVersionErrors({ apiVersion = '', kind }: Reference): FieldError[] {
  const path = 'spec.scaleTargetRef.apiVersion'
  const parts = apiVersion.split('/')
  if (parts.length > 2) return [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
  const isCore = apiVersion === 'v1' && kind === 'ReplicationController'
  return (parts.length === 2 && parts[0]) || isCore ? [] : [invalid(path, apiVersion, 'apiVersion must specify API group')]
}

function metricErrors(metric: Metric, path: string): FieldError[] {
  const { type } = metric
  const errors: FieldError[] = []
  const known = metricTypes.includes(type)
  if (!type) errors.push(required(`${path}.type`, 'must specify a metric source type'))
  if (!known) errors.push(notSupported(`${path}.type`, type, metricTypes))
  const present = sources.filter(source => metric[source] !== undefined)
  if (present[0]) errors.push(...sourceErrors(metric, present[0], `${path}.${present[0]}`))
  const wanted = sources.find(source => source.toLowerCase() === type?.toLowerCase())
  if (!known || !wanted) errors.push(notSupported(`${path}.type`, type, metricTypes))
  else if (!present.includes(wanted)) errors.push(required(`${path}.${wanted}`, 'must populate information for the given metric source'))
  if (present.length > 1)
    for (const source of present.filter(s => s !== wanted).sort())
      errors.push(forbidden(`${path}.${source}`, 'must populate the given metric source only'))
  return errors
}

function sourceErrors(metric: Metric, source: (typeof sources)[number], path: string): FieldError[] {
  const { object, external, pods, resource, containerResource } = metric
  if (source === 'object' && object)
    return [
      ...referenceErrors(object.describedObject, `${path}.describedObject`),
      ...namedErrors(object, path),
      ...valueErrors(object, path),
    ]
  if (source === 'external' && external) {
    const { value, averageValue } = external.target
    const both = 'may not set both a target value for metric and a per-pod target'
    const errors = [...namedErrors(external, path), ...valueErrors(external, path)]
    return value !== undefined && averageValue !== undefined ? [...errors, forbidden(`${path}.target.value`, both)] : errors
  }
  if (source === 'pods' && pods) {
    const { averageValue } = pods.target
    const missing = averageValue === undefined || !isPositive(averageValue)
    const errors = namedErrors(pods, path)
    return missing ? [...errors, required(`${path}.target.averageValue`, 'must specify a positive target averageValue')] : errors
  }
  if (source === 'containerResource' && containerResource) {
    const missing = containerResource.container ? [] : [required(`${path}.container`, 'must specify a container')]
    return resourceErrors(containerResource, path, missing)
  }
  return resource ? resourceErrors(resource, path, []) : []
}

/** The metric's name and what is aimed at. */
function namedErrors({ metric: { name }, target }: { metric: { name: string }; target: MetricTarget }, path: string): FieldError[] {
  const problems = name
    ? segmentProblems(name).map(why => invalid(`${path}.metric.name`, name, why))
    : [required(`${path}.metric.name`, 'must specify a metric name')]
  return [...problems, ...targetErrors(target, `${path}.target`)]
}

const valueErrors = ({ target }: { target: MetricTarget }, path: string): FieldError[] =>
  target.value === undefined && target.averageValue === undefined
    ? [required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target')]
    : []

function resourceErrors({ name, target }: { name: string; target: MetricTarget }, path: string, more: FieldError[]): FieldError[] {
  const { averageUtilization, averageValue } = target
  const errors = name ? [] : [required(`${path}.name`, 'must specify a resource name')]
  errors.push(...more, ...targetErrors(target, `${path}.target`))
  if (averageUtilization === undefined && averageValue === undefined)
    errors.push(required(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization'))
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.push(forbidden(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization'))
  return errors
}

function targetErrors({ type, value, averageValue, averageUtilization }: MetricTarget, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!type) errors.push(required(`${path}.type`, 'must specify a metric target type'))
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    errors.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  if (value !== undefined && !isPositive(value)) errors.push(invalid(`${path}.value`, value, 'must be positive'))
  if (averageValue !== undefined && !isPositive(averageValue))
    errors.push(invalid(`${path}.averageValue`, averageValue, 'must be positive'))
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  return errors
}

const isPositive = (quantity: string): boolean => compareQuantities(quantity, '0') > 0

function ruleErrors({ stabilizationWindowSeconds: window, selectPolicy, policies, tolerance }: ScalingRules, path: string): FieldError[] {
  const errors: FieldError[] = []
  const at = `${path}.stabilizationWindowSeconds`
  if (window !== undefined && window < 0) errors.push(invalid(at, window, 'must be greater than or equal to zero'))
  if (window !== undefined && window > maxWindowSeconds)
    errors.push(invalid(at, window, `must be less than or equal to ${maxWindowSeconds}`))
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(selectPolicy))
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']))
  if (!policies?.length) errors.push(required(`${path}.policies`, 'must specify at least one Policy'))
  for (const [index, policy] of (policies ?? []).entries()) errors.push(...policyErrors(policy, `${path}.policies[${index}]`))
  if (tolerance !== undefined && compareQuantities(tolerance, '0') < 0)
    errors.push(invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0'))
  return errors
}

function policyErrors({ type, value, periodSeconds }: NonNullable<ScalingRules['policies']>[number], path: string): FieldError[] {
  const errors: FieldError[] = []
  if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(`${path}.type`, type, ['Percent', 'Pods']))
  if (value <= 0) errors.push(invalid(`${path}.value`, value, 'must be greater than zero'))
  if (periodSeconds <= 0) errors.push(invalid(`${path}.periodSeconds`, periodSeconds, 'must be greater than zero'))
  if (periodSeconds > maxPeriodSeconds)
    errors.push(invalid(`${path}.periodSeconds`, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`))
  return errors
}
