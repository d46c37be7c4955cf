// labelSelector and fieldSelector -> a predicate, with each kind's own fields.
import { badRequest, errorText } from '../../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../../openapi/kind.ts'
import { parseFieldSelector, parseLabelSelector } from '../../../openapi/values/selector.ts'
import type { ListOptions } from '../query.ts'

export interface Chosen {
  name?: string
  matches?(object: KubeObject): boolean
}

export function selectionOf(kind: Kind, options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>): Chosen {
  const labels = options.labelSelector === '' ? undefined : parsed(() => parseLabelSelector(options.labelSelector))
  const fields = options.fieldSelector === '' ? [] : parsed(() => parseFieldSelector(options.fieldSelector))
  const tests = fields.map(({ field, operator, value }) => {
    const read = fieldReader(kind, field)
    return (object: KubeObject) => (read(object) === value) === (operator !== '!=')
  })
  const named = fields.find(({ field, operator }) => field === 'metadata.name' && operator !== '!=')
  if (!labels && tests.length === 0) return {}
  const onlyName = !labels && named && tests.length === 1
  return {
    ...(named ? { name: named.value } : {}),
    ...(onlyName
      ? {}
      : { matches: object => (!labels || labels.matches(object.metadata.labels ?? {})) && tests.every(test => test(object)) }),
  }
}

function fieldReader(kind: Kind, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return object => object.metadata.name
  if (field === 'metadata.namespace') return object => object.metadata.namespace ?? ''
  const known = kind.selectableFields?.find(f => f.label === field)
  if (known) return object => known.value(object)
  if (kind.selectableFields) throw badRequest(kind.unknownField?.(field) ?? `field label not supported: ${field}`)
  throw badRequest(`${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`)
}

function parsed<R>(parse: () => R): R {
  try {
    return parse()
  } catch (error) {
    throw badRequest(errorText(error))
  }
}
