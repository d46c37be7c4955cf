import type { FromSchema } from 'json-schema-to-ts'
import { field, int32, microTime, object, string, time } from '../schema.ts'
import { EventSource } from './core.ts'
import { objectHead } from './meta.ts'
import { ObjectReference } from './reference.ts'

export const EventSeries = object(
  'io.k8s.api.events.v1.EventSeries',
  'Repetitions of an event.',
  {
    count: int32('How often it has happened so far, at least 2.'),
    lastObservedTime: microTime('When it happened last.'),
  },
  ['count', 'lastObservedTime'],
)
export type EventSeries = FromSchema<typeof EventSeries>

export const Event = object(
  'io.k8s.api.events.v1.Event',
  'Something that happened to an object. Events go after an hour and may be lost, so nothing should depend on them.',
  {
    action: string('What was done or failed, as one CamelCase word of at most 128 characters.'),
    apiVersion: objectHead.apiVersion,
    deprecatedCount: int32('The count of the older form of events.'),
    deprecatedFirstTimestamp: time('The firstTimestamp of the older form of events.'),
    deprecatedLastTimestamp: time('The lastTimestamp of the older form of events.'),
    deprecatedSource: field(EventSource, 'The source of the older form of events.', { default: {} }),
    eventTime: microTime('When it happened first, to the microsecond.'),
    kind: objectHead.kind,
    metadata: objectHead.metadata,
    note: string('What happened, in words for people, at most 1 kB.'),
    reason: string('Why, as one CamelCase word of at most 128 characters.'),
    regarding: field(ObjectReference, 'The object it happened to, mostly the one the reporting controller looks after.', { default: {} }),
    related: field(ObjectReference, 'A second object that has part in it.'),
    reportingController: string('Name of the controller that reports, such as kubernetes.io/kubelet. It cannot be changed.'),
    reportingInstance: string('Which instance of the controller reports, at most 128 characters.'),
    series: field(EventSeries, 'Repetitions. Unset for an event that happened once.'),
    type: string('Normal or Warning.'),
  },
  ['eventTime'],
)
export type Event = FromSchema<typeof Event>
