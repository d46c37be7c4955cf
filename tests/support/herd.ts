// What an extension server keeps: cows that are listed, watched, patched and deleted, with finalizers as k8s.io/apiserver has them.
import type { ServerResponse } from 'node:http'
import type { Asked, ExtensionOptions } from './extension.ts'
import { path } from './farm.ts'

export interface Cow {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace: string
    uid: string
    resourceVersion: string
    deletionTimestamp?: string
    finalizers?: string[]
    ownerReferences?: object[]
  }
}

export interface Herd {
  reply: NonNullable<ExtensionOptions['reply']>
  add(name: string, metadata?: object): Cow
  get(name: string): Cow | undefined
  /** How many watches are open. */
  watches(): number
  /** Ends them. */
  endWatches(): void
  /** Without a word to watches. */
  lose(name: string): void
}

const status = (code: number, reason: string) => ({
  code,
  text: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason }),
})

export function aHerd(): Herd {
  const cows = new Map<string, Cow>()
  const watches = new Set<ServerResponse>()
  let revision = 10
  const tell = (type: string, object: Cow) => {
    for (const watch of watches) watch.write(`${JSON.stringify({ type, object })}\n`)
  }
  /** Kept; or gone, when it was only waiting for its last finalizer. */
  const put = (cow: Cow): Cow => {
    const type = cows.has(cow.metadata.name) ? 'MODIFIED' : 'ADDED'
    const now = { ...cow, metadata: { ...cow.metadata, resourceVersion: String(++revision) } }
    const gone = now.metadata.deletionTimestamp !== undefined && (now.metadata.finalizers ?? []).length === 0
    if (gone) cows.delete(cow.metadata.name)
    else cows.set(cow.metadata.name, now)
    tell(gone ? 'DELETED' : type, now)
    return now
  }
  const remove = (cow: Cow, body: string): object => {
    const { propagationPolicy, preconditions } = JSON.parse(body || '{}')
    if (preconditions?.uid && preconditions.uid !== cow.metadata.uid) return status(409, 'Conflict')
    const waits = { Foreground: ['foregroundDeletion'], Orphan: ['orphan'] }[propagationPolicy as string] ?? []
    const finalizers = [...(cow.metadata.finalizers ?? []), ...waits]
    return put({ ...cow, metadata: { ...cow.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers } })
  }
  const patch = (cow: Cow, body: string): object => {
    const { metadata } = JSON.parse(body)
    if (metadata.uid !== cow.metadata.uid) return status(409, 'Conflict')
    if (metadata.resourceVersion && metadata.resourceVersion !== cow.metadata.resourceVersion) return status(409, 'Conflict')
    const merged = Object.entries({ ...cow.metadata, ...metadata }).filter(([, value]) => value !== null)
    return put({ ...cow, metadata: Object.fromEntries(merged) as unknown as Cow['metadata'] })
  }
  const watch = (outgoing: ServerResponse): undefined => {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    watches.add(outgoing)
    outgoing.once('close', () => watches.delete(outgoing))
  }
  return {
    reply({ method, url, body }: Asked, outgoing) {
      const [, namespace, name, query = ''] = /^(?:\/namespaces\/([^/?]+))?\/cows(?:\/([^/?]+))?(\?.*)?$/.exec(url.slice(path.length)) ?? []
      if (query.includes('watch=true')) return watch(outgoing)
      if (!name) {
        const items = [...cows.values()].filter(({ metadata }) => !namespace || metadata.namespace === namespace)
        return { kind: 'CowList', metadata: { resourceVersion: String(revision) }, items }
      }
      const cow = cows.get(name)
      if (!cow) return status(404, 'NotFound')
      return method === 'GET' ? cow : method === 'DELETE' ? remove(cow, body) : patch(cow, body)
    },
    add: (name, metadata = {}) => {
      const own = { name, namespace: 'default', uid: `uid-of-${name}`, resourceVersion: '', ...metadata }
      return put({ apiVersion: 'farm.example.com/v1', kind: 'Cow', metadata: own })
    },
    get: name => cows.get(name),
    watches: () => watches.size,
    endWatches() {
      for (const open of watches) open.end()
    },
    lose: name => void cows.delete(name),
  }
}
