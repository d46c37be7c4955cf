// Event: the same objects as core's, in newer words.

import { type FieldError, invalid } from '../../errors.ts'
import { defineKind, type InputOf, type KubeObject, type ObjectOf } from '../../kind.ts'
import { Event as schema } from '../../schemas/events.ts'
import { deepEqual } from '../../values/equal.ts'
import { eventColumns } from '../core/event/columns.ts'
import { type Event as CoreEvent, event as coreEvent } from '../core/event/index.ts'
import { seriesErrors, validateEvent, validateNewEvent } from '../core/event/validation.ts'

export interface Event extends ObjectOf<typeof schema> {}
export type EventInput = InputOf<typeof schema>

function encode(event: Event): CoreEvent {
  const { regarding, note, reportingController, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, ...same } = event
  const { deprecatedCount, metadata, apiVersion: _version, kind: _kind, ...rest } = same
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject: regarding,
    ...(note === undefined ? {} : { message: note }),
    source: deprecatedSource,
    firstTimestamp: deprecatedFirstTimestamp ?? (null as never),
    lastTimestamp: deprecatedLastTimestamp ?? (null as never),
    ...(deprecatedCount === undefined ? {} : { count: deprecatedCount }),
    ...rest,
    reportingComponent: reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  }
}

function decode(stored: KubeObject): Event {
  const { involvedObject, message, reportingComponent, reportingInstance, source, firstTimestamp, lastTimestamp, ...same } =
    stored as CoreEvent
  const { count, metadata, eventTime, apiVersion: _version, kind: _kind, ...rest } = same
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata,
    eventTime: eventTime ?? (null as never),
    ...(reportingComponent ? { reportingController: reportingComponent } : {}),
    ...(reportingInstance ? { reportingInstance } : {}),
    regarding: involvedObject,
    ...(message === undefined ? {} : { note: message }),
    ...(rest as Pick<Event, 'action' | 'reason' | 'related' | 'type' | 'series'>),
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp ?? (null as never),
    deprecatedLastTimestamp: lastTimestamp ?? (null as never),
    ...(count === undefined ? {} : { deprecatedCount: count }),
  }
}

/** In core's words, as the errors are. */
const fixed = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
] as const

function validateUpdate(next: Event, old: Event): FieldError[] {
  const [now, before] = [encode(next), encode(old)]
  const errors = validateEvent(now, 'reportingController')
  if (!deepEqual(now.series, before.series)) errors.push(...seriesErrors(now))
  const keep = (path: string, value: unknown, was: unknown) => {
    if (!deepEqual(value, was)) errors.push(invalid(path, value ?? '', 'field is immutable'))
  }
  for (const field of fixed) keep(field, now[field], before[field])
  keep('reportingController', now.reportingComponent, before.reportingComponent)
  keep('reportingInstance', now.reportingInstance, before.reportingInstance)
  return errors
}

const regarded = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const

export const event = defineKind<Event, EventInput>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  scope: 'Namespaced',
  names: { plural: 'events', singular: 'event', shortNames: ['ev'] },
  schema,
  storedAs: { kind: coreEvent as never, encode, decode },
  columns: eventColumns.map(column => ({ ...column, value: (e, now) => column.value(encode(e), now) })),
  selectableFields: [
    ...regarded.map(field => ({ label: `regarding.${field}`, value: (e: Event) => e.regarding[field] ?? '' })),
    { label: 'reason', value: e => e.reason ?? '' },
    { label: 'reportingController', value: e => e.reportingController ?? '' },
    { label: 'type', value: e => e.type ?? '' },
  ],
  createOnUpdate: true,
  validate: e => validateNewEvent(encode(e)),
  validateUpdate,
  example: {
    metadata: { name: 'example' },
    eventTime: '2024-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', namespace: 'default', name: 'example' },
    reason: 'Example',
    action: 'Show',
    type: 'Normal',
    reportingController: 'example.com/controller',
    reportingInstance: 'one',
  },
})
