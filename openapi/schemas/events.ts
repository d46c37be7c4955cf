import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, microTime, object, string, time } from '../schema.ts'
import { EventSource } from './core.ts'
import { ObjectMeta } from './meta.ts'
import { ObjectReference } from './reference.ts'

export const EventSeries = object(
  'io.k8s.api.events.v1.EventSeries',
  '',
  {
    count: int32(''),
    lastObservedTime: microTime(''),
  },
  ['count', 'lastObservedTime'],
)
export type EventSeries = FromSchema<typeof EventSeries>

export const Event = object(
  'io.k8s.api.events.v1.Event',
  '',
  {
    action: string(''),
    apiVersion: string(''),
    deprecatedCount: int32(''),
    deprecatedFirstTimestamp: time(''),
    deprecatedLastTimestamp: time(''),
    deprecatedSource: field(EventSource, '', { default: {} }),
    eventTime: microTime(''),
    kind: string(''),
    metadata: field(ObjectMeta, '', { default: {} }),
    note: string(''),
    reason: string(''),
    regarding: field(ObjectReference, '', { default: {} }),
    related: field(ObjectReference, ''),
    reportingController: string(''),
    reportingInstance: string(''),
    series: field(EventSeries, ''),
    type: string(''),
  },
  ['eventTime'],
)
export type Event = FromSchema<typeof Event>
