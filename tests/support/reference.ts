// The recordings: where they are, what a step holds, which of them are about what is served.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtinKinds } from '../../openapi/kinds/index.ts'

const given = process.env.KUBEMOCK_REFERENCE ?? fileURLToPath(new URL('../../../shared/reference', import.meta.url))
/** The whole recording is there, not only the part kept in this repository. */
export const hasReference = existsSync(given)
export const directory = hasReference ? given : fileURLToPath(new URL('../reference/data', import.meta.url))
export const hasRecording = (path: string): boolean => existsSync(`${directory}/${path}`)
export const readReference = <T>(path: string): T => JSON.parse(readFileSync(`${directory}/${path}`, 'utf8'))

export interface Step {
  name: string
  setup?: boolean
  mayExist?: boolean
  mayFail?: boolean
  codeOnly?: boolean
  action?: string
  /** The answer is a watch: `during` runs while it is open. */
  stream?: boolean
  untilFrames?: number
  maxSeconds?: number
  /** So long the recording waited, for its store to be compacted. */
  waitMs?: number
  during?: readonly Step[]
  drop?: readonly string[]
  capture?: Readonly<Record<string, string>>
  compare?: readonly { pointer: string; var: string }[]
  retrySeconds?: number
  until?: { pointer?: string; value?: unknown; equals?: unknown; code?: number }
  request: {
    method: string
    path: string
    query?: string
    auth?: 'admin' | 'dev' | 'bad' | 'none'
    accept?: string
    /** A WebSocket is opened, with these subprotocols; there is no `method`. */
    protocols?: string
    contentType?: string
    /** Sent exactly as given; null: not at all. */
    headers?: Readonly<Record<string, string | readonly string[] | null>>
    body?: unknown
    rawBody?: string
    bodyBase64?: string
    bodyRepeat?: { prefix: string; unit: string; count: number; suffix: string }
  }
  response: {
    code: number
    contentType?: string
    warnings?: readonly string[]
    headers?: Readonly<Record<string, string>>
    body?: unknown
    bodyKind?: string
    gzip?: boolean
    endsWithNewline?: boolean
    /** By what. */
    indented?: string
    /** Of a protobuf answer. */
    envelope?: unknown
    text?: string
    frames?: readonly unknown[]
    end?: string
    compare?: readonly { pointer: string; var: string; equal: boolean }[]
  }
}

/** The groups with kinds; until a kind is there, recorded cases about its group are left out. */
const served: ReadonlySet<string> = new Set(builtinKinds.map(kind => kind.group))

export const isServed = (group: string): boolean => served.has(group)

/** Groups that a CustomResourceDefinition of the recordings may serve. */
const isCustom = (group: string): boolean => group.endsWith('.example.com')

/** Whether a case is about groups that are served. */
export const inScope = ({ request: { path } }: Step): boolean => {
  const group = /\/apis\/([^/?]+)/.exec(path)?.[1]
  return !group || isServed(group) || isCustom(group)
}
