// What extension servers keep, for who works inside this server.
import { StatusError } from '../../openapi/errors.ts'
import { availability } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import type { Elsewhere } from '../client.ts'
import type { User } from '../registry/request.ts'
import type { Aggregated, Aggregation } from './aggregation.ts'
import { ask } from './ask.ts'

const timeoutMs = 10_000

interface Resource {
  resource: string
  scope: string
  verbs?: readonly string[]
}

export function elsewhereOf(aggregation: Aggregation, user: User): Elsewhere {
  const all = aggregation.all()
  const isStale = ({ documents }: Aggregated) => documents.discovery.freshness === 'Stale'
  return {
    stale: all.filter(isStale).map(({ group, version }) => `${group}/${version}`),
    resources: all.filter(each => !isStale(each)).flatMap(resourcesOf),
    async ask(method, { group, version }, path) {
      const found = aggregation.find(group, version)
      if (!found || availability(found.object)?.status !== 'True') throw new StatusError(503, 'ServiceUnavailable', unable)
      const dialled = await aggregation.dial(found.object)
      const question = { path: `/apis/${group}/${version}/${path}`, user, headers: { accept: 'application/json' }, timeoutMs }
      const { code, text } = await ask(dialled, method === 'DELETE' ? { ...question, method } : question)
      if (code >= 300) throw new StatusError(code, '', messageOf(code, text))
      return JSON.parse(text)
    },
  }
}

const unable = 'the server is currently unable to handle the request'

const resourcesOf = ({ group, version, documents }: Aggregated) =>
  ((documents.discovery.resources ?? []) as readonly Resource[])
    .filter(({ scope }) => scope === 'Namespaced')
    .map(({ resource, verbs = [] }) => ({ group, version, plural: resource, verbs }))

function messageOf(code: number, text: string): string {
  if (code === 503) return unable
  try {
    const { message } = JSON.parse(text) as { message?: string }
    return message ?? `the server responded with the status code ${code}`
  } catch {
    // No Status.
    return text.trim()
  }
}
