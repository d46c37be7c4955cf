// Accept and Content-Type. An answer is an encoding (JSON, YAML, protobuf) of a view (the object itself, a Table, only its metadata).
import { notAcceptable, StatusError } from '../../openapi/errors.ts'

export type Encoding = 'json' | 'yaml' | 'protobuf'
export type View = 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'

export interface Representation {
  encoding: Encoding
  view: View
  pretty: boolean
  /** Of meta.k8s.io, for the views. */
  metaVersion: 'v1' | 'v1beta1'
}

export const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
}
const encodings: Readonly<Record<string, Encoding>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
}

export interface MediaRange {
  type: string
  parameters: Readonly<Record<string, string>>
  quality: number
}

/** The ranges of an Accept header, best first; equal ones stay in the order given, wildcards after names. */
export function parseAccept(header: string): MediaRange[] {
  const ranges = header
    .split(',')
    .map(parseRange)
    .filter(range => range.type !== '')
  const specificity = (range: MediaRange) => (range.type === '*/*' ? 0 : range.type.endsWith('/*') ? 1 : 2)
  return ranges
    .map((range, index) => ({ range, index }))
    .sort((a, b) => b.range.quality - a.range.quality || specificity(b.range) - specificity(a.range) || a.index - b.index)
    .map(({ range }) => range)
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map(part => part.trim())
  const parameters: Record<string, string> = {}
  let quality = 1
  for (const part of rest) {
    const at = part.indexOf('=')
    if (at < 0) continue
    const name = part.slice(0, at).trim()
    const value = part.slice(at + 1).trim()
    if (name === 'q') quality = Number(value) || 0
    else parameters[name] = value
  }
  return { type, parameters, quality }
}

export interface Offer {
  /** Table and PartialObjectMetadata may be asked for. */
  views: boolean
  watch?: boolean
  /** A list: its route could be a watch as well. */
  list?: true
  /** No route says what it produces: what is acceptable is told by whoever writes the answer. */
  unrouted?: true
  /** There is no other form. */
  jsonOnly?: true
  /** The objects have no protobuf form; their metadata and Tables have. */
  noProtobuf?: true
}

export const plainOffer = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
const watchOffer = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'

/** Throws 406. An absent or empty Accept means JSON. */
export function negotiate(accept: string | undefined, offer: Offer): Omit<Representation, 'pretty'> & { asksPretty?: boolean } {
  if (!accept) return { encoding: 'json', view: 'object', metaVersion: 'v1' }
  let refused = false
  for (const range of parseAccept(accept)) {
    const encoding = range.type === '*/*' ? 'json' : encodings[range.type]
    if (!encoding) continue
    if (offer.jsonOnly && encoding !== 'json') continue
    const view = viewOf(range.parameters, offer)
    if (offer.watch && encoding === 'yaml') throw refusal(offer)
    if (view === 'Table' && encoding === 'protobuf') throw refusal({ views: true })
    if (view === undefined || (offer.noProtobuf && encoding === 'protobuf' && view === 'object')) {
      refused = true
      continue
    }
    const metaVersion = range.parameters.v === 'v1beta1' ? 'v1beta1' : 'v1'
    return { encoding, view, metaVersion, asksPretty: range.parameters.pretty === '1' }
  }
  if (refused || offer.unrouted) throw refusal(offer)
  throw unknownMedia(offer.jsonOnly ? mediaTypes.json : offer.watch || offer.list ? `${plainOffer}, ${watchOffer}` : plainOffer)
}

/** Whether some form on offer is wanted. */
export function accepts(accept: string | undefined, offer: Offer): boolean {
  try {
    negotiate(accept, offer)
    return true
  } catch (error) {
    if (error instanceof StatusError) return false
    throw error
  }
}

const refusal = ({ watch, noProtobuf }: Offer): StatusError => {
  const offered = watch ? watchOffer : plainOffer
  const left = offered.split(', ').filter(type => !noProtobuf || !type.includes('protobuf'))
  return notAcceptable(`only the following media types are accepted: ${left.join(', ')}`)
}

/** The router's own answer when no route produces what is asked. */
const unknownMedia = (available: string): StatusError =>
  new StatusError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${available}`, {})

function viewOf(parameters: Readonly<Record<string, string>>, offer: Offer): View | undefined {
  const { as, g, v } = parameters
  if (as === undefined) return g === undefined && v === undefined ? 'object' : undefined
  if (!offer.views || g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined
  return as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? as : undefined
}

/** The encoding of a request body; undefined = not one we take. An absent Content-Type is JSON. */
export function bodyEncoding(contentType: string | undefined): Encoding | undefined {
  if (!contentType) return 'json'
  const [type = '', ...parameters] = contentType.split(';')
  if (parameters.some(p => p.trim() !== '' && !p.includes('='))) return undefined
  return encodings[type.trim().toLowerCase()]
}
