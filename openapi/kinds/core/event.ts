// Event.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Event as schema } from '../../schemas/core.ts'

export interface Event extends ObjectOf<typeof schema> {}
export type EventInput = InputOf<typeof schema>

export const event = defineKind<Event, EventInput>({
  group: '',
  version: 'v1',
  kind: 'Event',
  scope: 'Namespaced',
  names: { plural: 'events', singular: 'event', shortNames: ['ev'] },
  schema,
  columns: [],
  example: { metadata: { name: 'example' }, involvedObject: { kind: 'Pod', namespace: 'default', name: 'example' } },
})
