// GET pods/NAME/log: options checked as upstream, then whatever the node says, streamed.
import { badRequest, type FieldError, forbidden, invalid, invalidObject, StatusError } from '../../../openapi/errors.ts'
import { type Pod, pod as podKind } from '../../../openapi/kinds/core/pod/index.ts'
import { parseTime } from '../../../openapi/values/time.ts'
import type { LogOptions, Target } from '../../nodeproxy.ts'
import type { Api } from '../api.ts'
import { type Answer, type Exchange, requestContext } from '../exchange.ts'
import { flag, integer } from '../query.ts'

export async function logs(api: Api, exchange: Exchange): Promise<Answer | undefined> {
  const { query, info } = exchange
  const options = logOptions(query, info.name)
  const pod = await api.registry.store(podKind).get(requestContext(exchange), info.name)
  const target = targetOf(pod, query.get('container') ?? '')
  if (!target) return { code: 204, headers: {}, body: '' }
  const ending = new AbortController()
  exchange.response.once('close', () => ending.abort())
  const stopListening = api.onClose(() => ending.abort())
  const lines = api.nodes.logs(target, options, ending.signal)
  const first = await lines[Symbol.asyncIterator]().next()
  await stream(exchange, lines, first)
  stopListening()
  return undefined
}

/** The container asked for, on its node. undefined: the pod has no node yet. Throws 400 when the choice is not clear. */
export function targetOf(pod: Pod, container: string): Target | undefined {
  const { name, namespace = '' } = pod.metadata
  const regular = pod.spec.containers.map(c => c.name)
  const names = [...(pod.spec.initContainers ?? []).map(c => c.name), ...regular, ...(pod.spec.ephemeralContainers ?? []).map(c => c.name)]
  if (container !== '' && !names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`)
  const chosen = container || pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'] || regular[0] || ''
  if (container === '' && regular.length > 1 && names.length > 1 && !pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'])
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${regular.join(' ')}]`)
  return pod.spec.nodeName ? { node: pod.spec.nodeName, namespace, pod: name, container: chosen } : undefined
}

async function stream(exchange: Exchange, rest: AsyncIterable<string>, first: IteratorResult<string>): Promise<void> {
  const { response } = exchange
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' })
  if (!first.done) {
    response.write(first.value)
    for await (const text of rest) response.write(text)
  }
  response.end()
}

function logOptions(query: URLSearchParams, name: string): LogOptions {
  const tailLines = integer(query, 'tailLines')
  const limitBytes = integer(query, 'limitBytes')
  const sinceSeconds = integer(query, 'sinceSeconds')
  const sinceTime = query.get('sinceTime')
  const errors: FieldError[] = []
  if (tailLines !== undefined && tailLines < 0) errors.push(invalid('tailLines', tailLines, 'must be greater than or equal to 0'))
  if (limitBytes !== undefined && limitBytes < 1) errors.push(invalid('limitBytes', limitBytes, 'must be greater than 0'))
  if (sinceSeconds !== undefined && sinceTime) errors.push(forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'))
  else if (sinceSeconds !== undefined && sinceSeconds < 1) errors.push(invalid('sinceSeconds', sinceSeconds, 'must be greater than 0'))
  if (query.has('stream')) errors.push(forbidden('stream', 'may not be specified'))
  if (errors.length > 0) throw invalidObject({ group: '', kind: 'PodLogOptions' }, name, errors)
  const since = sinceTime ? parseTime(sinceTime) : undefined
  if (sinceTime && !since) throw new StatusError(400, 'BadRequest', `parsing time ${JSON.stringify(sinceTime)}: invalid format`)
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    tailLines,
    limitBytes,
    sinceSeconds,
    sinceTime: since,
  }
}
