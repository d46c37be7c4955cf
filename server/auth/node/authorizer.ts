// What a kubelet may do: its own Node, Lease and CSINode, its pods and what they name. Anything else as the role system:node has it.
import type { PolicyRule } from '../../../openapi/schemas/rbac.ts'
import type { User } from '../../registry/request.ts'
import { type Attributes, type Decision, type Mode, noOpinion, type RulesOf } from '../attributes.ts'
import { ruleAllows } from '../rbac/rules.ts'
import type { NodeIndex, Sort } from './index.ts'

const userPrefix = 'system:node:'
const allow: Decision = { decision: 'allow', reason: '' }
const no = (reason: string): Decision => ({ decision: 'no opinion', reason })

const leaseNamespace = 'kube-node-lease'
const reads = ['get', 'list', 'watch']
const lives = ['get', 'create', 'update', 'patch', 'delete']

export class NodeAuthorizer implements Mode {
  readonly #index: NodeIndex
  readonly #rules: readonly PolicyRule[]

  /** `rules`: what every node may. */
  constructor(index: NodeIndex, rules: readonly PolicyRule[]) {
    this.#index = index
    this.#rules = rules
  }

  authorize(asked: Attributes): Decision {
    const node = nodeOf(asked.user)
    if (node === undefined) return noOpinion
    if (node === '') return no(`unknown node for user ${JSON.stringify(asked.user.name)}`)
    return (asked.resourceRequest ? this.#special(node, asked) : undefined) ?? this.#byRules(asked)
  }

  /** What depends on other objects cannot be told as rules. */
  rulesFor(user: User): RulesOf {
    const incomplete = nodeOf(user) !== undefined
    return {
      resourceRules: [],
      nonResourceRules: [],
      errors: incomplete ? ['node authorizer does not support user rule resolution'] : [],
      incomplete,
    }
  }

  #byRules(asked: Attributes): Decision {
    return this.#rules.some(rule => ruleAllows(rule, asked)) ? allow : noOpinion
  }

  /** undefined: the general rules decide. */
  #special(node: string, asked: Attributes): Decision | undefined {
    switch (`${asked.resource}.${asked.group}`) {
      case 'secrets.':
      case 'configmaps.':
        return this.#read(node, asked)
      case 'persistentvolumeclaims.':
        return asked.subresource === 'status' ? this.#claimStatus(node, asked) : this.#get(node, asked)
      case 'persistentvolumes.':
      case 'volumeattachments.storage.k8s.io':
      case 'resourceclaims.resource.k8s.io':
        return this.#get(node, asked)
      case 'serviceaccounts.':
        return this.#account(node, asked)
      case 'leases.coordination.k8s.io':
        return lease(node, asked)
      case 'csinodes.storage.k8s.io':
        return ownCsiNode(node, asked)
      case 'nodes.':
        return ownNode(node, asked)
      case 'pods.':
        return this.#pod(node, asked)
      default:
        return undefined
    }
  }

  #related(node: string, { resource, namespace, name }: Attributes): Decision {
    if (name === '') return no('No Object name found')
    const related =
      resource === 'persistentvolumes'
        ? this.#index.mounts(node, name)
        : resource === 'volumeattachments'
          ? this.#index.attaches(node, name)
          : this.#index.names(node, resource as Sort, namespace, name)
    return related ? allow : no(`no relationship found between node '${node}' and this object`)
  }

  #get(node: string, asked: Attributes): Decision {
    if (asked.verb !== 'get') return no('can only get individual resources of this type')
    return asked.subresource ? no('cannot get subresource') : this.#related(node, asked)
  }

  #read(node: string, asked: Attributes): Decision {
    if (!reads.includes(asked.verb)) return no('can only read resources of this type')
    if (asked.subresource) return no('cannot read subresource')
    return asked.namespace ? this.#related(node, asked) : no('can only read namespaced object of this type')
  }

  #claimStatus(node: string, asked: Attributes): Decision {
    if (!['get', 'update', 'patch'].includes(asked.verb)) return no('can only get, update, or patch status of this type')
    return this.#related(node, asked)
  }

  #account(node: string, asked: Attributes): Decision {
    if (asked.subresource === '' && asked.verb === 'get') return this.#related(node, asked)
    if (asked.verb !== 'create' || asked.subresource !== 'token') return no('can only create tokens for individual service accounts')
    return this.#related(node, asked)
  }

  #pod(node: string, asked: Attributes): Decision {
    const { verb, subresource } = asked
    if (subresource === 'status') return ['update', 'patch'].includes(verb) ? allow : noOpinion
    if (subresource === 'eviction') return verb === 'create' ? allow : noOpinion
    if (subresource !== '') return noOpinion
    if (verb === 'create' || verb === 'delete') return allow
    if (!reads.includes(verb)) return noOpinion
    if (verb !== 'get' && asked.fields?.['spec.nodeName'] === node) return allow
    return asked.name ? this.#related(node, asked) : no('can only list/watch pods with spec.nodeName field selector')
  }
}

/** undefined: no node. */
export function nodeOf({ name, groups }: User): string | undefined {
  return name.startsWith(userPrefix) && groups.includes('system:nodes') ? name.slice(userPrefix.length) : undefined
}

function ownNode(node: string, { verb, subresource, name }: Attributes): Decision {
  if (subresource === 'status') return ['update', 'patch'].includes(verb) ? allow : noOpinion
  if (subresource !== '') return noOpinion
  if (['create', 'update', 'patch'].includes(verb)) return allow
  if (!reads.includes(verb)) return noOpinion
  if (name === node) return allow
  return no(`node '${node}' cannot read ${name ? `'${name}'` : 'all nodes'}, only its own Node object`)
}

function lease(node: string, { verb, subresource, namespace, name }: Attributes): Decision {
  if (!lives.includes(verb)) return no('can only get, create, update, patch, or delete a node lease')
  if (namespace !== leaseNamespace) return no(`can only access leases in the ${JSON.stringify(leaseNamespace)} system namespace`)
  if (subresource) return no('cannot authorize lease subresources')
  if (verb !== 'create' && name !== node) return no('can only access node lease with the same name as the requesting node')
  return allow
}

function ownCsiNode(node: string, { verb, subresource, name }: Attributes): Decision {
  if (subresource) return no('cannot authorize CSINode subresources')
  if (!lives.includes(verb)) return no('can only get, create, update, patch, or delete a CSINode')
  if (verb !== 'create' && name !== node) return no('can only access CSINode with the same name as the requesting node')
  return allow
}
