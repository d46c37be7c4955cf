// The requests of a client, recorded and ours, in a form that can be compared.
import { printed } from './printed.ts'

export type Request = readonly [method: string, path: string, status: number | string]

export const isDiscovery = ([, path]: Request): boolean => /^\/(apis?|openapi\/v3\S*)(\?|$)/.test(path)

/** Concurrent discovery may come in any order, and what an ETag decides either way. */
export function comparableRequests(requests: readonly Request[]): string[] {
  const lines = requests.map(request => {
    const [method, path, status] = request
    const shown = printed(path)
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<UID>')
      .replace(/hash=[0-9A-F]+/, 'hash=<HASH>')
      .replace(/(timeoutSeconds=|timeout=)(\d+s?\b|<AGE>)/, '$1<N>')
      .replace(/(fieldSelector=)([^&]+)/, (_all, name: string, terms: string) => name + terms.split('%2C').sort().join('%2C'))
      .replace(/(resourceVersion(?:=|%3D))\d+/g, '$1<RV>')
      .replace(/continue=[^&]+/, 'continue=<TOKEN>')
      .replace(/-[0-9a-f]{8,10}(?=[%/? ]|$)/g, '-<HASH>')
      .replace(/(pod-template-hash%3D)\w+/, '$1<HASH>')
      .replace(/-[a-z0-9]{5}(?=%2C)/g, '-<RAND>')
    return { discovery: isDiscovery(request), text: `${method} ${shown} ${isDiscovery(request) ? '' : status}`.trim() }
  })
  const of = (discovery: boolean) => lines.filter(line => line.discovery === discovery).map(line => line.text)
  return [...of(true).sort(), ...of(false)]
}

/**
 * What a command asks for, whoever is faster: without discovery, which a cache may spare it, without looking whether what it deleted is gone, and
 * however often it asks the same.
 */
export function essentialRequests(requests: readonly Request[]): string[] {
  const deleted = new Set(
    requests
      .filter(([method, path]) => method === 'DELETE' || path.endsWith('/eviction'))
      .map(([, path]) => path.replace(/\?.*|\/eviction$/, '')),
  )
  const isWaiting = ([method, path]: Request) => method === 'GET' && (path.includes('allowWatchBookmarks=true') || deleted.has(path))
  // What has no status yet was asked by the command before.
  const asked = requests.filter(
    request => request[2] !== 0 && !isDiscovery(request) && !request[1].startsWith('/openapi/') && !isWaiting(request),
  )
  return comparableRequests(asked).filter((line, at, lines) => lines.indexOf(line) === at)
}
