// healthz, livez and readyz: the checks a v1.36 API server names, all of them as good as the server itself.
import { type Answer, type Exchange, pageNotFound, textAnswer } from './exchange.ts'
import type { Family, Labels } from './exposition.ts'

/** The start-up hooks in the order they are printed. */
const hooks = (
  'start-apiserver-admission-initializer generic-apiserver-start-informers priority-and-fairness-config-consumer priority-and-fairness-filter ' +
  'storage-object-count-tracker-hook start-apiextensions-informers start-apiextensions-controllers crd-informer-synced ' +
  'start-system-namespaces-controller peer-endpoint-reconciler-controller start-cluster-authentication-info-controller ' +
  'start-kube-apiserver-identity-lease-controller start-kube-apiserver-identity-lease-garbage-collector storage-readiness ' +
  'start-legacy-token-tracking-controller start-service-ip-repair-controllers rbac/bootstrap-roles ' +
  'scheduling/bootstrap-system-priority-classes priority-and-fairness-config-producer bootstrap-controller ' +
  'start-kubernetes-service-cidr-controller aggregator-reload-proxy-client-cert start-kube-aggregator-informers ' +
  'apiservice-status-local-available-controller apiservice-status-remote-available-controller apiservice-registration-controller ' +
  'apiservice-discovery-controller kube-apiserver-autoregistration'
)
  .split(' ')
  .map(name => `poststarthook/${name}`)
const last = ['autoregister-completion', 'poststarthook/apiservice-openapi-controller', 'poststarthook/apiservice-openapiv3-controller']
const alive = ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...hooks, ...last]

export const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: alive,
  livez: alive,
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...hooks, ...last, 'shutdown'],
}

/** `page` is a key of `checks`; `rest` what follows it in the path. */
export function health(page: string, rest: readonly string[], ready: boolean, { query }: Exchange): Answer {
  const names = checks[page] ?? []
  const ok = page !== 'readyz' || ready
  if (rest.length > 0) return names.includes(rest.join('/')) ? plain(200, 'ok') : pageNotFound()
  const excluded = query.getAll('exclude')
  const unknown = excluded.filter(name => !names.includes(name))
  const warning =
    unknown.length > 0
      ? `warn: some health checks cannot be excluded: no matches for ${unknown.map(n => JSON.stringify(n)).join(',')}\n`
      : ''
  if (ok && !query.has('verbose')) return textAnswer(200, 'ok')
  const lines = names.map(name =>
    excluded.includes(name) ? `[+]${name} excluded: ok` : `[${ok ? '+' : '-'}]${name} ${ok ? 'ok' : 'failed: reason withheld'}`,
  )
  return textAnswer(ok ? 200 : 500, `${lines.join('\n')}\n${warning}${page} check ${ok ? 'passed' : 'failed'}\n`)
}

/** The same as numbers. */
export const healthFamily = (ready: boolean): Family => ({
  name: 'kubernetes_healthcheck',
  type: 'gauge',
  stability: 'STABLE',
  help: 'What each check says: 1 is good.',
  samples: Object.entries(checks).flatMap(([type, names]) =>
    names.map((name): [Labels, number] => [{ name, type }, type === 'readyz' && !ready ? 0 : 1]),
  ),
})

const plain = (code: number, text: string): Answer => ({ code, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text })
