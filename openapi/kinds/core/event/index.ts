// Event.

import { defineKind, type InputOf, type ObjectOf } from '../../../kind.ts'
import { Event as schema } from '../../../schemas/core.ts'
import { isPathSegmentName } from '../../../values/names.ts'
import { eventColumns } from './columns.ts'
import { validateEvent } from './validation.ts'

export interface Event extends ObjectOf<typeof schema> {}
export type EventInput = InputOf<typeof schema>

export const event = defineKind<Event, EventInput>({
  group: '',
  version: 'v1',
  kind: 'Event',
  scope: 'Namespaced',
  names: { plural: 'events', singular: 'event', shortNames: ['ev'] },
  schema,
  columns: [...eventColumns],
  selectableFields: [
    ...(['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const).map(field => ({
      label: `involvedObject.${field}`,
      value: (e: Event) => e.involvedObject[field] ?? '',
    })),
    { label: 'reason', value: e => e.reason ?? '' },
    { label: 'reportingComponent', value: e => e.reportingComponent ?? '' },
    { label: 'source', value: e => e.source.component || e.reportingComponent || '' },
    { label: 'type', value: e => e.type ?? '' },
  ],
  createOnUpdate: true,
  validateName: isPathSegmentName,
  validate: event => validateEvent(event),
  validateUpdate: event => validateEvent(event),
  example: { metadata: { name: 'example' }, involvedObject: { kind: 'Pod', namespace: 'default', name: 'example' } },
})
