// What /metrics tells of APIServices and of the discovery that is put together.
import type { Aggregation } from '../aggregation/aggregation.ts'
import { type Family, family } from './exposition.ts'

export function aggregationFamilies({ services, losses }: ReturnType<Aggregation['availability']>, discoveryBuilt: number): Family[] {
  return [
    family('aggregator_discovery_aggregation_count_total', 'counter', 'ALPHA', 'How often aggregated discovery was put together.', [
      [{}, discoveryBuilt],
    ]),
    family(
      'aggregator_unavailable_apiservice',
      'gauge',
      'ALPHA',
      'APIServices: 1 for those that are unavailable.',
      services.map(({ name, available }) => [{ name }, available ? 0 : 1]),
    ),
    family(
      'aggregator_unavailable_apiservice_total',
      'counter',
      'ALPHA',
      'How often APIServices became unavailable, by reason.',
      losses.map(({ name, reason, count }) => [{ name, reason }, count]),
    ),
  ]
}
