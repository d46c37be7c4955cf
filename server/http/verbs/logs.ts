// GET pods/NAME/log: options checked as upstream, then whatever the node says, streamed.
import { badRequest, type FieldError, forbidden, invalid, invalidObject, notAcceptable } from '../../../openapi/errors.ts'
import type { Pod } from '../../../openapi/kinds/core/pod/index.ts'
import { parseTime } from '../../../openapi/values/time.ts'
import type { LogOptions, Target } from '../../nodeproxy.ts'
import type { Api } from '../api.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { accepts, plainOffer } from '../negotiate.ts'
import { flag, integer } from '../query.ts'
import { dialForLogs, kubeletOfPod, podOf } from '../streams/kubelet.ts'

export async function logs(api: Api, exchange: Exchange): Promise<Answer | undefined> {
  const { response } = exchange
  const ending = new AbortController()
  response.once('close', () => ending.abort())
  const texts = await openLog(api, exchange, ending)
  if (!texts) return { code: 204, headers: {}, body: '' }
  await exchange.audit?.started(200)
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' })
  for await (const text of texts) response.write(text)
  response.end()
  return undefined
}

/** undefined: the pod has no node yet. What can be refused is refused before this resolves. `ending`: the reader is gone. */
export async function openLog(api: Api, exchange: Exchange, ending: AbortController): Promise<AsyncIterable<string> | undefined> {
  const { query, info } = exchange
  const options = logOptions(query, info.name)
  const pod = await podOf(api, exchange)
  const target = targetOf(pod, query.get('container') ?? '')
  if (!target) return undefined
  const kubelet = await kubeletOfPod(api, exchange, target.node)
  mustAccept(exchange)
  dialForLogs(api, kubelet, target, options)
  const stopListening = api.onClose(() => ending.abort())
  const lines = api.nodes.logs(target, options, ending.signal)[Symbol.asyncIterator]()
  const first = await lines.next().catch(error => {
    stopListening()
    throw error
  })
  async function* texts(): AsyncGenerator<string> {
    for (let next = first; !next.done; next = await lines.next()) yield next.value
    stopListening()
  }
  return texts()
}

/** Text is what it is, but the Accept is held against the forms of objects. */
function mustAccept({ headers }: Exchange): void {
  if (accepts(headers.accept, { views: false })) return
  throw notAcceptable(`only the following media types are accepted: ${plainOffer}`)
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

/** As time.Parse tells of what does not begin like a time. */
const notATime = (text: string): string =>
  `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`

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
  if (sinceTime && !since) throw badRequest(notATime(sinceTime ?? ''))
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
