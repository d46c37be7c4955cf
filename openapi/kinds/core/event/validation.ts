// Events: what both versions ask of them, and what only the newer one does. Paths are those of the core version.
import { type FieldError, invalid, required } from '../../../errors.ts'
import { isQualifiedName } from '../../../values/names.ts'
import type { Event } from './index.ts'

/** `controller` is the field's name in the request's version. */
export function validateEvent(event: Event, controller: 'reportingComponent' | 'reportingController' = 'reportingComponent'): FieldError[] {
  const errors = namespaceErrors(event)
  if (!event.eventTime) return errors
  const name = event.reportingComponent
  if (!name) errors.push(required(controller))
  errors.push(...isQualifiedName(name ?? '').map(why => invalid(controller, name ?? '', why)))
  errors.push(...textErrors('reportingInstance', event.reportingInstance, 128))
  errors.push(...textErrors('action', event.action, 128), ...textErrors('reason', event.reason, 128))
  if ((event.message ?? '').length > 1024) errors.push(invalid('message', '', 'can have at most 1024 characters'))
  return errors
}

/** About something without a namespace, it lies in the default one. */
function namespaceErrors({ involvedObject: { namespace = '' }, metadata }: Event): FieldError[] {
  const fits = namespace === '' ? metadata.namespace === 'default' : namespace === metadata.namespace
  return fits ? [] : [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')]
}

function textErrors(field: string, text: string | undefined, max: number): FieldError[] {
  if (!text) return [required(field)]
  return text.length > max ? [invalid(field, '', `can have at most ${max} characters`)] : []
}

/** What events.k8s.io asks besides. */
export function validateNewEvent(event: Event): FieldError[] {
  const errors = [...validateEvent(event, 'reportingController'), ...seriesErrors(event)]
  if (!event.eventTime) errors.push(required('eventTime'))
  if (event.type !== 'Normal' && event.type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${event.type ?? ''}`))
  for (const field of ['firstTimestamp', 'lastTimestamp', 'count'] as const)
    if (event[field]) errors.push(invalid(field, '', 'needs to be unset'))
  if (event.source.component || event.source.host) errors.push(invalid('source', '', 'needs to be unset'))
  return errors
}

export function seriesErrors({ series }: Event): FieldError[] {
  if (!series) return []
  const errors: FieldError[] = []
  if ((series.count ?? 0) < 2) errors.push(invalid('series.count', '', 'should be at least 2'))
  return series.lastObservedTime ? errors : [...errors, required('series.lastObservedTime')]
}
