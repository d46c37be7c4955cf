// How events are listed: by when they were last seen.
import { text } from '../../../columns.ts'
import type { Column } from '../../../kind.ts'
import { ageOf } from '../../../values/time.ts'
import type { Event } from './index.ts'

const first = (e: Event): string | null | undefined => e.firstTimestamp ?? e.eventTime
function last(e: Event): string | null | undefined {
  return e.series?.lastObservedTime ?? e.lastTimestamp ?? first(e)
}
const source = ({ source, reportingComponent, reportingInstance }: Event): string =>
  [source.component || reportingComponent, source.component ? source.host : reportingInstance].filter(Boolean).join(', ')
const about = ({ involvedObject: { kind = '', name } }: Event): string => (name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase())

export const eventColumns: readonly Column<Event>[] = [
  text('Last Seen', 'Time since it last happened.', (e, now) => ageOf(last(e), now)),
  text('Type', 'Normal or Warning.', e => e.type),
  text('Reason', 'Why, in one word.', e => e.reason),
  text('Object', 'What it is about.', about),
  text('Subobject', 'The part of the object.', e => e.involvedObject.fieldPath ?? '', 1),
  text('Source', 'Who reports it.', source, 1),
  text('Message', 'What happened.', e => (e.message ?? '').trim()),
  text('First Seen', 'Time since it first happened.', (e, now) => ageOf(first(e), now), 1),
  text('Count', 'How often it happened.', e => e.series?.count ?? (e.count || 1), 1),
  { ...text<Event>('Name', 'Name of the object.', e => e.metadata.name, 1), format: 'name' },
]
