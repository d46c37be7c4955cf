// What a request costs that does not concern them, with a thousand definitions, roles and policies beside it; what RBAC costs; what
// a definition of two versions costs. Each server is measured in turns with the one it is compared with.
import type { Call, Client } from '../client.ts'
import { type Effort, median, type Row } from '../measure.ts'
import { clusterRole, clusterRoleBinding, definition, policy, widget } from '../objects.ts'
import { costOf, type Running, startBare } from '../server.ts'
import { kinds as requestKinds } from './requests.ts'

const own = 'bench.example.com'
const widgets = `/apis/${own}/v1/namespaces/default/widgets`
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const clusterRoles = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
const clusterRoleBindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'
const rules = [
  { apiGroups: ['', own], resources: ['pods', 'pods/status', 'configmaps', 'widgets'], verbs: ['create', 'get', 'patch', 'delete'] },
  { nonResourceURLs: ['/metrics', '/apis'], verbs: ['get'] },
]
const shared = ['create pod', 'get pod', 'patch pod status', 'create ConfigMap']
const merge = 'application/merge-patch+json'

/** In the order they run: what one creates the next ones use. */
const kinds: readonly { name: string; call(name: string, round: number): Call }[] = [
  ...requestKinds.filter(({ name }) => shared.includes(name)),
  { name: 'create custom resource', call: name => ({ method: 'POST', path: widgets, body: JSON.stringify(widget(`${own}/v1`, name)) }) },
  { name: 'get custom resource', call: name => ({ method: 'GET', path: `${widgets}/${name}` }) },
  {
    name: 'patch custom resource',
    call: (name, round) => ({ method: 'PATCH', path: `${widgets}/${name}`, contentType: merge, body: `{"spec":{"size":${round}}}` }),
  },
]

export async function* scale(effort: Effort): AsyncIterable<Row> {
  const count = effort.quick ? 50 : 1000
  const plain = () => startFor(['v1'])
  yield* beside(`, beside ${count.toLocaleString('en')} of each`, effort, [plain(), startFor(['v1'], count)])
  yield* beside(', of two versions', effort, [plain(), startFor(['v1', 'v2'])], kinds.slice(shared.length))
  yield* beside(', RBAC beside AlwaysAllow', effort, [startFor(['v1'], 0, '--authorization-mode', 'AlwaysAllow'), plain()])
}

const create = (client: Client, path: string, object: object) => client.request('POST', path, { body: JSON.stringify(object) })

/** With one definition beside the others, and an account that roles must allow what it does. */
async function startFor(versions: readonly string[], others = 0, ...flags: readonly string[]): Promise<Running> {
  const server = await startBare(...flags)
  const { client } = server
  await create(client, definitions, definition(own, versions))
  await create(client, clusterRoles, clusterRole('bench', rules))
  await create(client, clusterRoleBindings, clusterRoleBinding('bench', 'default'))
  await fill(client, others)
  const { body } = await create(client, '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: {} })
  client.token = JSON.parse(body).status.token
  while ((await client.request('GET', '/apis')).body.includes(own) === false) await new Promise(resolve => setTimeout(resolve, 20))
  return server
}

/** Definitions, roles and policies that concern other resources and other accounts. */
async function fill(client: Client, count: number): Promise<void> {
  const admission = '/apis/admissionregistration.k8s.io/v1'
  const calls: Call[] = []
  const add = (path: string, object: object) => calls.push({ method: 'POST', path, body: JSON.stringify(object) })
  for (let i = 0; i < count; i++) {
    add(definitions, definition(`g${i}.example.com`))
    add(clusterRoles, clusterRole(`other-${i}`, rules))
    add(clusterRoleBindings, clusterRoleBinding(`other-${i}`, `other-${i}`))
    for (const kind of ['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy'] as const) {
      const [policyOf, binding] = policy(kind, `other-${i}`)
      add(`${admission}/${kind.toLowerCase().slice(0, -1)}ies`, policyOf)
      add(`${admission}/${kind.toLowerCase()}bindings`, binding)
    }
  }
  await client.all(calls)
}

/** What each call costs on the second server, and how many times what it costs on the first. Both are fresh, and are stopped. */
async function* beside(
  what: string,
  { rounds, requests }: Effort,
  starting: readonly [Promise<Running>, Promise<Running>],
  calls = kinds,
): AsyncIterable<Row> {
  const [base, server] = await Promise.all(starting)
  const costs = new Map<string, number[]>()
  const ratios = new Map<string, number[]>()
  const note = (into: Map<string, number[]>, name: string, value: number) => into.set(name, [...(into.get(name) ?? []), value])
  // The first round warms up.
  for (let round = 0; round <= rounds; round++)
    for (const { name, call } of calls) {
      const all = Array.from({ length: requests }, (_, i) => call(`bench-${round}-${i}`, round))
      const unit = await costOf(base, all)
      const cost = await costOf(server, all)
      if (round === 0) continue
      note(costs, name, cost)
      note(ratios, name, cost / unit)
    }
  await Promise.all([base.stop(), server.stop()])
  for (const [name, values] of costs)
    yield { name: `${name}${what}`, value: median(values), unit: 'µs', ratio: median(ratios.get(name) ?? []) }
}
