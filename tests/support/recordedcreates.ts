// Recorded creates of a file, judged by the declarations of their kinds alone.

import type { Kind } from '../../openapi/kind.ts'
import { builtinKinds } from '../../openapi/kinds/index.ts'
import { judgeCreate, type Step, steps } from './strategy.ts'

export interface RecordedCreate {
  kind: Kind
  body: object
  step: Step
}

const named = /^\/api(?:s\/([^/]+))?\/v1(?:\/namespaces\/([^/]+))?\/([^/]+)$/

/** Creates of served kinds whose names `wanted` accepts. */
export function recordedCreates(file: string, wanted: (kind: string, name: string) => boolean): [string, RecordedCreate][] {
  return steps(file).flatMap((step): [string, RecordedCreate][] => {
    const { method, path, body } = step.request
    const [, group = '', namespace, plural] = named.exec(path) ?? []
    const kind = builtinKinds.find(k => k.group === group && k.names.plural === plural)
    if (method !== 'POST' || step.setup || !kind || !body || !wanted(kind.kind, step.name)) return []
    const { metadata } = body as { metadata?: object }
    const placed = namespace ? { ...body, metadata: { namespace, ...metadata } } : body
    return [[step.name, { kind, body: placed, step }]]
  })
}

/** Expected and actual answers, in one shape. */
export function compared({ kind, body, step: { response } }: RecordedCreate): { want: object; got: object } {
  const { status, warnings } = judgeCreate(kind, body)
  const texts = (response.warnings ?? []).filter(text => !text.includes('unknown field') && !text.includes('is deprecated in v1'))
  return {
    want: { status: response.code === 422 ? response.body : undefined, warnings: texts },
    got: {
      status: normalised(status),
      warnings: warnings.filter(text => !text.startsWith('kubemock ')).map(text => `299 - ${JSON.stringify(text)}`),
    },
  }
}

/** The recording's stand-in for addresses of the service range. */
const normalised = (status: object | undefined): object | undefined =>
  status && JSON.parse(JSON.stringify(status).replace(/\b10\.0\.(?!77\.)\d+\.\d+\b(?!\/)/g, '<clusterIP>'))
