// Event.
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { Event as schema } from '../../schemas/events.ts'

export interface Event extends ObjectOf<typeof schema> {}
export type EventInput = InputOf<typeof schema>

export const event = defineKind<Event, EventInput>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  scope: 'Namespaced',
  names: { plural: 'events', singular: 'event', shortNames: ['ev'] },
  schema,
  columns: [],
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
