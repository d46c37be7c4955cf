// The priority levels and flow schemas of a fresh cluster. Two of each are mandatory: the server does not let them be changed.
import type { FlowSchemaSpec, PriorityLevelConfigurationSpec } from '../../schemas/flowcontrol.ts'

type Subject = NonNullable<FlowSchemaSpec['rules']>[number]['subjects'][number]
type Rule = NonNullable<FlowSchemaSpec['rules']>[number]

const limited = (
  [nominalConcurrencyShares, lendablePercent]: readonly [number, number],
  [queues, handSize]: readonly [number, number],
): PriorityLevelConfigurationSpec => ({
  type: 'Limited',
  limited: {
    nominalConcurrencyShares,
    lendablePercent,
    limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } },
  },
})

export const mandatoryLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'catch-all': {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
  },
}

/** By name, the mandatory ones among them. */
export const bootstrapLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  ...mandatoryLevels,
  system: limited([30, 33], [64, 6]),
  'node-high': limited([40, 25], [64, 6]),
  'leader-election': limited([10, 0], [16, 4]),
  'workload-high': limited([40, 50], [128, 6]),
  'workload-low': limited([100, 90], [128, 6]),
  'global-default': limited([20, 50], [128, 6]),
}

const groups = (...names: string[]): Subject[] => names.map(name => ({ kind: 'Group', group: { name } }))
const users = (...names: string[]): Subject[] => names.map(name => ({ kind: 'User', user: { name } }))
const systemAccounts: Subject = { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } }
const everyone = groups('system:unauthenticated', 'system:authenticated')

const allResources = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }]
const allPaths = [{ verbs: ['*'], nonResourceURLs: ['*'] }]
const everything = (subjects: Subject[]): Rule => ({ subjects, resourceRules: allResources, nonResourceRules: allPaths })

type Distinguisher = 'ByUser' | 'ByNamespace'

const schema = (
  [level, matchingPrecedence]: readonly [level: string, precedence: number],
  distinguisher: Distinguisher | undefined,
  rule: Rule,
): FlowSchemaSpec => ({
  priorityLevelConfiguration: { name: level },
  matchingPrecedence,
  ...(distinguisher ? { distinguisherMethod: { type: distinguisher } } : {}),
  rules: [rule],
})

export const mandatorySchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  exempt: schema(['exempt', 1], undefined, everything(groups('system:masters'))),
  'catch-all': schema(['catch-all', 10_000], 'ByUser', everything(everyone)),
}

const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['*'] }

/** By name, the mandatory ones among them. */
export const bootstrapSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  ...mandatorySchemas,
  'system-nodes': schema(['system', 500], 'ByUser', everything(groups('system:nodes'))),
  'system-node-high': schema(['node-high', 400], 'ByUser', {
    subjects: groups('system:nodes'),
    resourceRules: [
      { verbs: ['*'], apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true, namespaces: ['*'] },
      { verbs: ['*'], ...leases },
    ],
  }),
  probes: schema(['exempt', 2], undefined, {
    subjects: everyone,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  }),
  'system-leader-election': schema(['leader-election', 100], 'ByUser', {
    subjects: [...users('system:kube-controller-manager', 'system:kube-scheduler'), systemAccounts],
    resourceRules: [{ verbs: ['get', 'create', 'update'], ...leases }],
  }),
  'kube-controller-manager': schema(['workload-high', 800], 'ByNamespace', everything(users('system:kube-controller-manager'))),
  'kube-scheduler': schema(['workload-high', 800], 'ByNamespace', everything(users('system:kube-scheduler'))),
  'kube-system-service-accounts': schema(['workload-high', 900], 'ByNamespace', everything([systemAccounts])),
  'service-accounts': schema(['workload-low', 9000], 'ByUser', everything(groups('system:serviceaccounts'))),
  'global-default': schema(['global-default', 9900], 'ByUser', everything(everyone)),
}
