// What an autoscaler does unless told otherwise. Windows are left open: the controller has defaults of its own.
import type { HorizontalPodAutoscaler, ScalingRules } from './horizontalpodautoscaler.ts'

const cpuPercent = 80

export function autoscalerDefaults({ spec }: HorizontalPodAutoscaler): void {
  spec.minReplicas ??= 1
  if (!spec.metrics?.length)
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } } }]
  const { behavior } = spec
  if (!behavior) return
  behavior.scaleUp = {
    stabilizationWindowSeconds: 0,
    ...rules(behavior.scaleUp, [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ]),
  }
  behavior.scaleDown = rules(behavior.scaleDown, [{ type: 'Percent', value: 100, periodSeconds: 15 }])
}

const rules = (given: ScalingRules | undefined, policies: NonNullable<ScalingRules['policies']>): ScalingRules => ({
  selectPolicy: 'Max',
  policies,
  ...given,
})
