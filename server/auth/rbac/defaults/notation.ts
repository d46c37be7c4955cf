// A compact notation of rules, and the reader of it: `verbs @groups resources #names` or `verbs !url`. A group is separated from the
// next by a comma, `@` alone is the core group; READ, WRITE, ALL are verbs, EVENTS is the rule by which somebody tells events.
// Read at each start: plain loops, for the machine is cold then.
import type { PolicyRule, Subject } from '../../../../openapi/schemas/rbac.ts'

/** Many rules share these; frozen, they are passed over when objects are. */
const sets: Readonly<Record<string, readonly string[]>> = {
  READ: Object.freeze(['get', 'list', 'watch']),
  WRITE: Object.freeze(['create', 'delete', 'deletecollection', 'patch', 'update']),
  ALL: Object.freeze(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']),
}
const core = Object.freeze([''])
const events: PolicyRule = { verbs: ['create', 'patch', 'update'], apiGroups: ['', 'events.k8s.io'], resources: ['events'] }

export interface Block {
  head: string
  lines: readonly string[]
}

/** A line that is not indented, and the indented ones below it. */
export function blocksOf(text: string): Block[] {
  const blocks: { head: string; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    if (line[0] === ' ') blocks.at(-1)?.lines.push(line.slice(2))
    else blocks.push({ head: line, lines: [] })
  }
  return blocks
}

export function ruleOf(line: string): PolicyRule {
  if (line === 'EVENTS') return { ...events }
  let verbs: string[] = []
  const urls: string[] = []
  const names: string[] = []
  const resources: string[] = []
  let groups: string[] | undefined
  for (const token of line.split(' ')) {
    if (token[0] === '!') urls.push(token.slice(1))
    else if (token[0] === '#') names.push(token.slice(1))
    else if (token === '@') groups = core as string[]
    else if (token[0] === '@') groups = token.slice(1).split(',')
    else if (groups) resources.push(token)
    else if (sets[token]) verbs = sets[token] as string[]
    else verbs.push(token)
  }
  if (!groups) return { verbs, nonResourceURLs: urls }
  return names.length > 0 ? { verbs, apiGroups: groups, resources, resourceNames: names } : { verbs, apiGroups: groups, resources }
}

export function subjectOf(line: string): Subject {
  const [kind = '', name = ''] = line.split(' ')
  return kind === 'ServiceAccount' ? { kind, name, namespace: 'kube-system' } : { kind, apiGroup: 'rbac.authorization.k8s.io', name }
}
