// What extension servers keep, for who works inside this server.
import { StatusError } from '../../openapi/errors.ts'
import { apiVersionOf, type Kind, type KubeObject } from '../../openapi/kind.ts'
import { availability } from '../../openapi/kinds/apiregistration.k8s.io/apiservice.ts'
import type { Client, Elsewhere, ObjectKey } from '../client.ts'
import type { User } from '../registry/request.ts'
import type { Aggregated, Aggregation, Dialled } from './aggregation.ts'
import { ask, type Question, type Told } from './ask.ts'
import { watched } from './watch.ts'

const timeoutMs = 10_000

type Asking = Omit<Question, 'user' | 'timeoutMs'>

/** Throws StatusError when the server itself says no, or is known to be unavailable; else Error. */
const asking = (aggregation: () => Aggregation, user: User) => {
  const dialled = async ({ group, version }: Version): Promise<Dialled> => {
    const found = aggregation().find(group, version)
    if (!found || availability(found.object)?.status !== 'True') throw new StatusError(503, 'ServiceUnavailable', unable)
    return aggregation().dial(found.object)
  }
  const told = async (version: Version, question: Asking): Promise<Record<string, unknown>> => {
    const answer = await ask(await dialled(version), { headers: { accept: 'application/json' }, ...question, user, timeoutMs })
    if (answer.code >= 300) throw refusalOf(answer)
    return JSON.parse(answer.text)
  }
  return { dialled, told }
}

type Version = Pick<Kind, 'group' | 'version'>

export function elsewhereOf(aggregation: Aggregation, user: User): Elsewhere {
  const { told } = asking(() => aggregation, user)
  const isStale = ({ documents }: Aggregated) => documents.discovery.freshness === 'Stale'
  const priority = ({ group, version }: Version) => aggregation.priorities(group, version)[1]
  const all = [...aggregation.all()].sort((a, b) => priority(b) - priority(a))
  const kinds = all.flatMap(({ documents }) => documents.kinds)
  return {
    stale: all.filter(isStale).map(({ group, version }) => `${group}/${version}`),
    kinds: kinds.filter(kind => kinds.find(each => each.group === kind.group && each.names.plural === kind.names.plural) === kind),
    find: (apiVersion, name) => kinds.find(kind => kind.kind === name && apiVersionOf(kind) === apiVersion),
    versions: group => all.filter(each => each.group === group).map(({ version }) => version),
    ask: (method, version, path) => told(version, { method, path: `/apis/${version.group}/${version.version}/${path}` }),
  }
}

export type Remote = Pick<Client, 'get' | 'list' | 'patch' | 'delete' | 'watch'>

const asPartial = (as: string) => ({ accept: `application/json;as=${as};g=meta.k8s.io;v=v1,application/json` })
const one = asPartial('PartialObjectMetadata')
const many = asPartial('PartialObjectMetadataList')

/** The client of kinds that extension servers serve: it is told the metadata of objects only, where they know how. */
export function createRemote(aggregation: () => Aggregation, user: User & { manager: string }): Remote {
  const { dialled, told } = asking(aggregation, user)
  return {
    get: async (kind, at) => typed(kind, await told(kind, { path: pathOf(kind, at), headers: one })),
    async list(kind, { namespace, labels } = {}) {
      const query = labels ? `?${new URLSearchParams({ labelSelector: labels })}` : ''
      const { items, metadata } = await told(kind, { path: `${pathOf(kind, { namespace })}${query}`, headers: many })
      const objects = ((items ?? []) as object[]).map(item => typed(kind, item))
      return { items: objects, revision: revisionOf(metadata) }
    },
    async patch(kind, at, patch, subresource) {
      const path = `${pathOf(kind, at)}${subresource ? `/${subresource}` : ''}?${new URLSearchParams({ fieldManager: user.manager })}`
      const headers = { ...one, 'content-type': 'application/merge-patch+json' }
      return typed(kind, await told(kind, { method: 'PATCH', path, headers, body: JSON.stringify(patch) }))
    },
    async delete(kind, at, options = {}) {
      const body = JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', ...options })
      const headers = { ...one, 'content-type': 'application/json' }
      const { metadata } = await told(kind, { method: 'DELETE', path: pathOf(kind, at), headers, body })
      return { revision: revisionOf(metadata) }
    },
    async *watch(kind, after, signal) {
      const query = new URLSearchParams({ watch: 'true', resourceVersion: String(after) })
      const events = watched(await dialled(kind), { path: `${pathOf(kind, {})}?${query}`, user, headers: one, signal })
      for await (const { type, object } of events) {
        if (type === 'ERROR') throw statusError(object)
        yield [{ type, object: typed(kind, object), revision: revisionOf(object.metadata) }]
      }
    },
  }
}

const revisionOf = (metadata: unknown): number => Number((metadata as { resourceVersion?: string } | undefined)?.resourceVersion) || 0

/** Items of lists do not say what they are, and metadata alone says that it is that. */
const typed = <T extends KubeObject>(kind: Kind<T>, object: object): T =>
  ({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }) as T

/** Without a name: of all of them, in all namespaces or in one. */
function pathOf({ group, version, names }: Pick<Kind, 'group' | 'version' | 'names'>, { namespace, name }: Partial<ObjectKey>): string {
  const within = namespace ? `namespaces/${namespace}/` : ''
  return `/apis/${group}/${version}/${within}${names.plural}${name ? `/${encodeURIComponent(name)}` : ''}`
}

const unable = 'the server is currently unable to handle the request'

interface Status {
  code?: number
  reason?: string
  message?: string
}

const statusError = ({ code = 500, reason = '', message = 'unknown' }: Status): StatusError => new StatusError(code, reason, message)

function refusalOf({ code, text }: Told): StatusError {
  const reason = code === 404 ? 'NotFound' : ''
  try {
    return statusError({ reason, message: `the server responded with the status code ${code}`, ...(JSON.parse(text) as Status), code })
  } catch {
    // No Status.
    return code === 503 ? statusError({ code, message: unable }) : statusError({ code, reason, message: text.trim() })
  }
}
