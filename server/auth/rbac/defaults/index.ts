// The roles and bindings of a fresh cluster as objects. Built when they are asked for; nothing is kept here.
import type { PolicyRule } from '../../../../openapi/schemas/rbac.ts'
import { clusterBindingText, clusterRoleText } from './clusterroles.ts'
import { bindingText, controllerRoleText, roleText } from './controllerroles.ts'
import { type Block, blocksOf, ruleOf, subjectOf } from './notation.ts'

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`
const controllerPrefix = 'system:controller:'

export interface DefaultObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels: Record<string, string>; annotations: Record<string, string> }
  [field: string]: unknown
}

/** In the order they are made: cluster-wide ones first, roles before bindings. */
export function defaultRbac(): DefaultObject[] {
  const controllers = blocksOf(controllerRoleText)
  return [
    ...blocksOf(clusterRoleText).map(clusterRole),
    ...controllers.map(({ head, lines }) => clusterRole({ head: `${controllerPrefix}${head}`, lines })),
    ...blocksOf(clusterBindingText).map(clusterBinding),
    ...controllers.map(({ head }) => clusterBinding({ head: `${controllerPrefix}${head}`, lines: [`ServiceAccount ${head}`] })),
    ...blocksOf(roleText).map(role),
    ...blocksOf(bindingText).map(binding),
  ]
}

/** What the role system:node allows: the node authorizer goes by it too. */
export const nodeRules = (): PolicyRule[] =>
  blocksOf(clusterRoleText)
    .filter(({ head }) => head === 'system:node')
    .flatMap(({ lines }) => lines.map(ruleOf))

const metadata = (name: string, namespace?: string): DefaultObject['metadata'] => ({
  name,
  ...(namespace ? { namespace } : {}),
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
})

const aggregation = (label: string): string => `${group}/aggregate-to-${label}`

function clusterRole({ head, lines }: Block): DefaultObject {
  const marked = (sign: string) => lines.find(line => line.startsWith(sign))?.slice(1)
  const [carried, gathered] = [marked('+'), marked('=')]
  const meta = metadata(head)
  if (carried) meta.labels[aggregation(carried)] = 'true'
  const rules = lines.filter(line => line[0] !== '+' && line[0] !== '=').map(ruleOf)
  return {
    apiVersion,
    kind: 'ClusterRole',
    metadata: meta,
    rules: rules.length > 0 ? rules : null,
    ...(gathered ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregation(gathered)]: 'true' } }] } } : {}),
  }
}

const clusterBinding = ({ head, lines }: Block): DefaultObject => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: metadata(head),
  ...(lines.length > 0 ? { subjects: lines.map(subjectOf) } : {}),
  roleRef: { apiGroup: group, kind: 'ClusterRole', name: head },
})

function role({ head, lines }: Block): DefaultObject {
  const [namespace, name = ''] = head.split(' ')
  return { apiVersion, kind: 'Role', metadata: metadata(name, namespace), rules: lines.map(ruleOf) }
}

function binding({ head, lines }: Block): DefaultObject {
  const [namespace, name = '', ofRole = name] = head.split(' ')
  return {
    apiVersion,
    kind: 'RoleBinding',
    metadata: metadata(name, namespace),
    subjects: lines.map(subjectOf),
    roleRef: { apiGroup: group, kind: 'Role', name: ofRole },
  }
}
