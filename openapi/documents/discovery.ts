// Discovery: which groups, versions, resources and verbs there are, in the old form (one document a version) and the aggregated one.
import type { Kind } from '../kind.ts'

interface SubresourceFacts {
  kind?: string
  group?: string
  version?: string
  verbs: readonly string[]
}

const view = ['get', 'patch', 'update']
const connect = ['create', 'get']
const proxy = ['create', 'delete', 'get', 'patch', 'update']

/** What discovery says of a subresource besides its name; `kind` absent means the object's own. */
const subresourceFacts: Readonly<Record<string, SubresourceFacts>> = {
  status: { verbs: view },
  scale: { verbs: view, kind: 'Scale', group: 'autoscaling', version: 'v1' },
  finalize: { verbs: ['update'] },
  approval: { verbs: view },
  log: { verbs: ['get'] },
  ephemeralcontainers: { verbs: view },
  resize: { verbs: view },
  binding: { verbs: ['create'], kind: 'Binding' },
  eviction: { verbs: ['create'], kind: 'Eviction', group: 'policy', version: 'v1' },
  token: { verbs: ['create'], kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1' },
  exec: { verbs: connect, kind: 'PodExecOptions' },
  attach: { verbs: connect, kind: 'PodAttachOptions' },
  portforward: { verbs: connect, kind: 'PodPortForwardOptions' },
}

export const allVerbs: readonly string[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** Custom resources list them in another order. */
const customVerbs: readonly string[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
export const verbsOf = (kind: Kind): readonly string[] => kind.verbs ?? (kind.custom ? customVerbs : allVerbs)

export interface Subresource extends SubresourceFacts {
  name: string
  kind: string
}

/** In discovery order: alphabetical. */
export function subresourcesOf(kind: Kind): Subresource[] {
  const { status, scale, connect: others = [] } = kind.subresources ?? {}
  const names = [...(status ? ['status'] : []), ...(scale ? ['scale'] : []), ...others]
  // Those of custom resources stand as they are.
  if (!kind.custom) names.sort()
  return names.map(name => {
    const facts = name === 'proxy' ? { verbs: proxy, kind: `${kind.kind}ProxyOptions` } : (subresourceFacts[name] ?? { verbs: [] })
    return { ...facts, name, kind: facts.kind ?? kind.kind }
  })
}

export const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`)

/** APIResourceList of one version. */
export function apiResourceList(
  kinds: readonly Kind[],
  { group, version }: { group: string; version: string },
  storageHash: (kind: Kind) => string,
): object {
  const resources = kinds
    .filter(kind => kind.group === group && kind.version === version)
    .flatMap(kind => {
      const { plural, singular, shortNames, categories } = kind.names
      const namespaced = kind.scope === 'Namespaced'
      const own = {
        name: plural,
        singularName: singular,
        namespaced,
        kind: kind.kind,
        verbs: verbsOf(kind),
        ...(shortNames ? { shortNames } : {}),
        ...(categories ? { categories } : {}),
        ...(stored(kind) ? { storageVersionHash: storageHash(kind.storedAs?.kind ?? kind) } : {}),
      }
      const below = subresourcesOf(kind).map(({ name, verbs, ...gvk }) => ({
        name: `${plural}/${name}`,
        singularName: '',
        namespaced,
        ...gvk,
        verbs,
      }))
      return [own, ...below]
    })
  return { kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }), groupVersion: groupVersion(group, version), resources }
}

const stored = (kind: Kind): boolean => !kind.verbs || kind.verbs.includes('watch')

export interface Group {
  name: string
  versions: string[]
}

/** Named groups in the order of their first kind. */
export function groupsOf(kinds: readonly Kind[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { group, version } of kinds) {
    const known = groups.get(group) ?? { name: group, versions: [] }
    if (!known.versions.includes(version)) known.versions.push(version)
    groups.set(group, known)
  }
  return [...groups.values()]
}

const groupBody = ({ name, versions }: Group) => {
  const list = versions.map(version => ({ groupVersion: groupVersion(name, version), version }))
  return { name, versions: list, preferredVersion: list[0] }
}

export const apiVersions = (serverAddress: string): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
})
export const apiGroupList = (groups: readonly Group[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.filter(({ name }) => name !== '').map(groupBody),
})
export function apiGroup(groups: readonly Group[], name: string): object | undefined {
  const group = groups.find(g => g.name === name)
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) }
}

/** apidiscovery.k8s.io/v2: everything at once. `legacy`: the core group (/api) or the others (/apis). */
export function aggregatedDiscovery(
  groups: readonly Group[],
  legacy: boolean,
  versionOf: (group: string, version: string) => object,
): object {
  const items = groups
    .filter(({ name }) => (name === '') === legacy)
    .map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map(version => versionOf(name, version)),
    }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}

/** One version that is served here. */
export const aggregatedVersion = (kinds: readonly Kind[], group: string, version: string): object => ({
  version,
  resources: kinds.filter(kind => kind.group === group && kind.version === version).map(aggregatedResource),
  freshness: 'Current',
})

function aggregatedResource(kind: Kind): object {
  const { plural, singular, shortNames, categories } = kind.names
  const below = subresourcesOf(kind).map(({ name, verbs, group = '', version = '', kind: responseKind }) => ({
    subresource: name,
    responseKind: { group, version, kind: responseKind },
    verbs,
  }))
  return {
    resource: plural,
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: kind.scope,
    singularResource: singular,
    verbs: verbsOf(kind),
    ...(shortNames ? { shortNames } : {}),
    ...(categories ? { categories } : {}),
    ...(below.length > 0 ? { subresources: below } : {}),
  }
}
