// /metrics: what the apiserver's own metrics say of requests, under their names. prom-client keeps the books.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { verbOf } from './attributes.ts'
import type { Exchange } from './exchange.ts'

export interface Metrics {
  /** Returns the start, to be handed to end(). */
  begin(exchange: Exchange): number
  end(exchange: Exchange, started: number, code: number): void
  text(): Promise<string>
}

export function createMetrics(storedObjects: () => Map<string, number>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const total = new Counter({
    name: 'apiserver_request_total',
    help: 'Requests answered, by verb, resource and code.',
    labelNames: ['code', 'component', 'dry_run', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'],
    registers,
  })
  const seconds = new Histogram({
    name: 'apiserver_request_duration_seconds',
    help: 'How long requests took, in seconds.',
    labelNames: ['component', 'dry_run', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'],
    buckets: [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60],
    registers,
  })
  const inflight = new Gauge({
    name: 'apiserver_current_inflight_requests',
    help: 'Requests being answered now.',
    labelNames: ['request_kind'],
    registers,
  })
  new Gauge({
    name: 'apiserver_storage_objects',
    help: 'Objects stored, by resource.',
    labelNames: ['resource'],
    registers,
    collect() {
      for (const [resource, count] of storedObjects()) this.set({ resource }, count)
    },
  })
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of all threads, in seconds.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory, in bytes.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  const longRunning = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Watches that are open now.',
    labelNames: ['component', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'],
    registers,
  })
  const kindOf = (exchange: Exchange) => (['GET', 'HEAD'].includes(exchange.method) ? 'readOnly' : 'mutating')
  return {
    begin(exchange) {
      if (isWatch(exchange)) longRunning.inc(placeOf(exchange))
      else inflight.inc({ request_kind: kindOf(exchange) })
      return performance.now()
    },
    end(exchange, started, code) {
      const place = placeOf(exchange)
      const labels = { ...place, dry_run: exchange.query.get('dryRun') ?? '' }
      total.inc({ ...labels, code: String(code) })
      if (isWatch(exchange)) longRunning.dec(place)
      else {
        inflight.dec({ request_kind: kindOf(exchange) })
        seconds.observe(labels, (performance.now() - started) / 1000)
      }
    },
    text: () => registry.metrics(),
  }
}

const isWatch = (exchange: Exchange): boolean => verbOf(exchange) === 'watch'

function placeOf(exchange: Exchange) {
  const { info } = exchange
  const scope = !info.resourceRequest ? '' : info.name !== '' ? 'resource' : info.namespace !== '' ? 'namespace' : 'cluster'
  return {
    component: 'apiserver',
    group: info.group,
    resource: info.resource,
    scope,
    subresource: info.subresource,
    verb: verbOf(exchange).toUpperCase(),
    version: info.version,
  }
}
