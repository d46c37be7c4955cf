// What metrics say, as the APIs of extension servers serve them: metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io.
import { StatusError } from '../../openapi/errors.ts'
import { groupOf } from '../../openapi/kind.ts'
import type { Metric } from '../../openapi/kinds/autoscaling/horizontalpodautoscaler/horizontalpodautoscaler.ts'
import { selectorText } from '../../openapi/rules/scale.ts'
import { quantityToMilli } from '../../openapi/values/quantity.ts'
import { parseDuration } from '../../openapi/values/time.ts'
import type { Context } from '../runtime/controller.ts'

/** In thousandths of its unit. */
export interface PodMetric {
  milli: number
  /** Milliseconds since the epoch. */
  at: number
  windowMs: number
}

/** Of each pod; or one for all, in thousandths. */
export type Reading = { problem: string } | { pods: ReadonlyMap<string, PodMetric> } | { milli: number }

export interface Scope {
  namespace: string
  /** Of the pods. */
  selector: string
}

type Client = Pick<Context['client'], 'kinds' | 'elsewhere'>

export async function readMetric(metric: Metric, scope: Scope, client: Client): Promise<Reading> {
  const { resource, containerResource, pods, object, external } = metric
  const of = resource ?? containerResource
  try {
    if (of) return { pods: await usage(of.name, containerResource?.container, scope, client) }
    if (pods) return { pods: await ofPods(pods.metric, scope, client) }
    if (object) return { milli: await ofObject(object, scope, client) }
    if (external) return { milli: await ofExternal(external.metric, scope, client) }
    return { problem: `unknown metric source type ${JSON.stringify(metric.type)}` }
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message }
    throw error
  }
}

class Problem extends Error {}

interface Api {
  /** As failures call it. */
  name: string
  group: string
  /** The best first. */
  versions: readonly string[]
}

const resourceApi: Api = { name: 'resource', group: 'metrics.k8s.io', versions: ['v1beta1'] }
const customApi: Api = { name: 'custom', group: 'custom.metrics.k8s.io', versions: ['v1beta2', 'v1beta1'] }
const externalApi: Api = { name: 'external', group: 'external.metrics.k8s.io', versions: ['v1beta1'] }

interface Question {
  /** Below that of the version. */
  path: string
  query: Readonly<Record<string, string>>
  /** As failures call it. */
  asked: string
}

interface Answer {
  items?: unknown
}

interface Item {
  metadata?: { name?: string }
  timestamp?: string
  /** PodMetrics. */
  window?: string
  containers?: readonly { name: string; usage?: Readonly<Record<string, string>> }[]
  /** MetricValue. */
  describedObject?: { name?: string }
  windowSeconds?: number
  value?: string
}

/** Throws Problem. */
async function ask(api: Api, { path, query, asked }: Question, client: Client): Promise<readonly Item[]> {
  const { versions, ask: askServer } = client.elsewhere()
  const served = versions(api.group)
  const version = served.find(each => api.versions.includes(each))
  const unable = (why: string) => new Problem(`unable to fetch metrics from ${api.name} metrics API: ${why}`)
  if (!version)
    throw unable(
      api === customApi ? 'no known available metric versions found' : `the server could not find the requested resource (get ${asked})`,
    )
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  try {
    const { items } = (await askServer('GET', { group: api.group, version }, `${path}${given.size > 0 ? `?${given}` : ''}`)) as Answer
    return Array.isArray(items) ? items.filter((item: unknown) => typeof item === 'object' && item !== null) : []
  } catch (error) {
    if (error instanceof StatusError && error.code !== 503) throw unable(error.message)
    throw unable(`the server is currently unable to handle the request (get ${asked})`)
  }
}

const some = (items: readonly Item[], { name }: Api): readonly Item[] => {
  if (items.length === 0) throw new Problem(`no metrics returned from ${name} metrics API`)
  return items
}

const timed = ({ timestamp = '' }: Item, milli: number, windowMs: number): PodMetric => ({ milli, at: Date.parse(timestamp), windowMs })

async function usage(resource: string, container: string | undefined, { namespace, selector }: Scope, client: Client) {
  const question = { path: `namespaces/${namespace}/pods`, query: { labelSelector: selector }, asked: 'pods.metrics.k8s.io' }
  const found = new Map<string, PodMetric>()
  for (const item of some(await ask(resourceApi, question, client), resourceApi)) {
    const containers = (item.containers ?? []).filter(({ name }) => container === undefined || name === container)
    const used = containers.map(each => each.usage?.[resource])
    if (used.length === 0 || used.some(amount => amount === undefined)) continue
    const milli = used.reduce((sum, amount = '0') => sum + quantityToMilli(amount), 0)
    found.set(item.metadata?.name ?? '', timed(item, milli, parseDuration(item.window ?? '') ?? 0))
  }
  return found
}

type Named = NonNullable<Metric['pods']>['metric']
const selected = ({ selector }: Named): string => selectorText(selector)

const usualWindowMs = 60_000

async function ofPods(metric: Named, { namespace, selector }: Scope, client: Client) {
  const question = {
    path: `namespaces/${namespace}/pods/*/${metric.name}`,
    query: { labelSelector: selector, metricLabelSelector: selected(metric) },
    asked: 'pods.custom.metrics.k8s.io *',
  }
  const found = new Map<string, PodMetric>()
  for (const item of some(await ask(customApi, question, client), customApi)) {
    const windowMs = item.windowSeconds === undefined ? usualWindowMs : item.windowSeconds * 1000
    found.set(item.describedObject?.name ?? '', timed(item, quantityToMilli(item.value ?? '0'), windowMs))
  }
  return found
}

async function ofObject({ metric, describedObject }: NonNullable<Metric['object']>, { namespace }: Scope, client: Client): Promise<number> {
  const { kind, name, apiVersion = '' } = describedObject
  const resource = resourceOf(kind, groupOf(apiVersion), client)
  const within = kind === 'Namespace' && groupOf(apiVersion) === ''
  const question = {
    path: `namespaces/${namespace}/${within ? 'metrics' : `${resource}/${name}`}/${metric.name}`,
    query: { metricLabelSelector: selected(metric) },
    asked: within ? `metrics.custom.metrics.k8s.io ${metric.name}` : `${resource}.custom.metrics.k8s.io ${name}`,
  }
  const items = await ask(customApi, question, client)
  if (items.length !== 1)
    throw new Problem(
      `unable to fetch metrics from custom metrics API: the custom metrics API server returned ${items.length} results when we asked for exactly one`,
    )
  return quantityToMilli(items[0]?.value ?? '0')
}

function resourceOf(kind: string, group: string, client: Client): string {
  const found = [...client.kinds(), ...client.elsewhere().kinds].find(each => each.kind === kind && each.group === group)
  if (found) return group === '' ? found.names.plural : `${found.names.plural}.${group}`
  const full = group === '' ? kind : `${kind}.${group}`
  const why = `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`
  throw new Problem(`unable to fetch metrics from custom metrics API: unable to map kind ${full} to resource: ${why}`)
}

async function ofExternal(metric: Named, { namespace }: Scope, client: Client): Promise<number> {
  const question = {
    path: `namespaces/${namespace}/${metric.name}`,
    query: { labelSelector: selected(metric) },
    asked: `${metric.name}.external.metrics.k8s.io`,
  }
  const items = some(await ask(externalApi, question, client), externalApi)
  return items.reduce((sum, { value = '0' }) => sum + quantityToMilli(value), 0)
}
