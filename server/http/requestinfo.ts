// URL and method -> what is asked. Never fails: whether it exists is decided later, after authorization.

export interface RequestInfo {
  /** A path of the resource API; otherwise only `path` counts. */
  resourceRequest: boolean
  path: string
  group: string
  version: string
  namespace: string
  /** Plural; '' for discovery paths. */
  resource: string
  name: string
  subresource: string
  /** What follows the subresource (proxy paths), joined by slashes. */
  tail: string
  /** The path was written below /namespaces/NS/. */
  namespaced: boolean
  /** The old /watch/ form. */
  watchPath: boolean
}

const namespaceSubresources = new Set(['status', 'finalize'])

/** Path and query as they were written. A proxy is asked with the whole address. */
export const targetOf = ({ url = '/' }: { url?: string }): string => url.replace(/^https?:\/\/[^/?]*/i, '')

export function requestInfo(path: string): RequestInfo {
  const info: RequestInfo = {
    resourceRequest: false,
    path,
    group: '',
    version: '',
    namespace: '',
    resource: '',
    name: '',
    subresource: '',
    tail: '',
    namespaced: false,
    watchPath: false,
  }
  const parts = path.slice(1).split('/')
  if (parts.at(-1) === '') parts.pop()
  let rest: string[]
  if (parts[0] === 'api') {
    info.version = parts[1] ?? ''
    rest = parts.slice(2)
  } else if (parts[0] === 'apis') {
    info.group = parts[1] ?? ''
    info.version = parts[2] ?? ''
    rest = parts.slice(3)
  } else return info
  info.resourceRequest = rest.length > 0
  if (rest[0] === 'watch') {
    info.watchPath = true
    rest = rest.slice(1)
  }
  assign(info, rest.map(decode))
  return info
}

function assign(info: RequestInfo, rest: string[]): void {
  if (rest[0] === 'namespaces' && rest.length > 2 && !(rest.length === 3 && namespaceSubresources.has(rest[2] ?? ''))) {
    info.namespace = rest[1] ?? ''
    info.namespaced = true
    rest = rest.slice(2)
  }
  info.resource = rest[0] ?? ''
  info.name = rest[1] ?? ''
  info.subresource = rest[2] ?? ''
  info.tail = rest.slice(3).join('/')
  // The namespace of a Namespace is itself, for authorization and for its subresources.
  if (info.resource === 'namespaces' && info.group === '' && info.name !== '') info.namespace = info.name
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
