// Metrics in the form of autoscaling/v1, which is seen in annotations only.
import type { Metric, MetricStatus, MetricTarget } from './horizontalpodautoscaler.ts'

type Fields = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: what stands in an annotation may be anything
type Given = any

const present = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

export function metricToV1({ type, resource, containerResource, pods, object, external }: Metric): Fields {
  return present({
    type,
    object: object && {
      ...present({ target: object.describedObject, metricName: object.metric.name, targetValue: object.target.value ?? '0' }),
      ...present({ selector: object.metric.selector, averageValue: object.target.averageValue }),
    },
    pods:
      pods &&
      present({ metricName: pods.metric.name, targetAverageValue: pods.target.averageValue ?? '0', selector: pods.metric.selector }),
    resource: resource && present({ name: resource.name, ...targets(resource.target) }),
    containerResource:
      containerResource &&
      present({ name: containerResource.name, ...targets(containerResource.target), container: containerResource.container }),
    external:
      external &&
      present({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  })
}

const targets = ({ averageUtilization, averageValue }: MetricTarget): Fields => ({
  targetAverageUtilization: averageUtilization,
  targetAverageValue: averageValue,
})

export function metricFromV1(given: Given): Metric {
  const { type, resource, containerResource, pods, object, external } = given
  const aim = ({ targetAverageUtilization: averageUtilization, targetAverageValue: averageValue }: Given) =>
    present({ type: averageUtilization === undefined ? 'AverageValue' : 'Utilization', averageUtilization, averageValue })
  const whole = (value: unknown, averageValue: unknown) =>
    averageValue === undefined ? { type: 'Value', value } : { type: 'AverageValue', averageValue }
  return present({
    type,
    object: object && {
      describedObject: object.target,
      metric: present({ name: object.metricName, selector: object.selector }),
      target: whole(object.targetValue, object.averageValue),
    },
    pods: pods && {
      metric: present({ name: pods.metricName, selector: pods.selector }),
      target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
    },
    resource: resource && { name: resource.name, target: aim(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      target: aim(containerResource),
    },
    external: external && {
      metric: present({ name: external.metricName, selector: external.metricSelector }),
      target: whole(external.targetValue, external.targetAverageValue),
    },
  }) as unknown as Metric
}

export function statusToV1({ type, resource, containerResource, pods, object, external }: MetricStatus): Fields {
  return present({
    type,
    object:
      object &&
      present({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      present({ metricName: pods.metric.name, currentAverageValue: pods.current.averageValue ?? '0', selector: pods.metric.selector }),
    resource: resource && present({ name: resource.name, ...currents(resource.current) }),
    containerResource:
      containerResource &&
      present({ name: containerResource.name, ...currents(containerResource.current), container: containerResource.container }),
    external:
      external &&
      present({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? '0',
        currentAverageValue: external.current.averageValue,
      }),
  })
}

type Current = NonNullable<MetricStatus['resource']>['current']
const currents = ({ averageUtilization, averageValue }: Current): Fields => ({
  currentAverageUtilization: averageUtilization,
  currentAverageValue: averageValue ?? '0',
})

export function statusFromV1(given: Given): MetricStatus {
  const { type, resource, containerResource, pods, object, external } = given
  const used = ({ currentAverageUtilization: averageUtilization, currentAverageValue: averageValue }: Given) =>
    present({ averageUtilization, averageValue })
  return present({
    type,
    object: object && {
      metric: present({ name: object.metricName, selector: object.selector }),
      current: present({ value: object.currentValue, averageValue: object.averageValue }),
      describedObject: object.target,
    },
    pods: pods && {
      metric: present({ name: pods.metricName, selector: pods.selector }),
      current: { averageValue: pods.currentAverageValue },
    },
    resource: resource && { name: resource.name, current: used(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      current: used(containerResource),
    },
    external: external && {
      metric: present({ name: external.metricName, selector: external.metricSelector }),
      current: present({ value: external.currentValue, averageValue: external.currentAverageValue }),
    },
  }) as unknown as MetricStatus
}
