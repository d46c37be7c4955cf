// What a recorded trace of the real controllers holds, and which of them are about what kubemock serves.
import { existsSync, readdirSync } from 'node:fs'
import type { KubeInput } from '../../../openapi/kind.ts'
import { directory, readReference } from '../reference.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, as JSON
export type Json = any

export interface Step {
  create?: readonly (KubeInput & { kind: string; apiVersion: string })[]
  apply?: Step['create']
  run?: string
  wait?: string
  sleep?: number
  settle?: number
  /** A pod for which an Eviction is posted; `status` and `response` are what came of it. */
  evict?: string
  status?: number
  response?: object
  /** Done to the simulated world, in words. */
  oracleOnly?: string
  exit?: number
  stdout?: string
  stderr?: string
}

/** A write: ADDED shows the projection, MODIFIED what changed in it. */
export interface Change {
  step: number
  ev: 'ADDED' | 'MODIFIED' | 'DELETED'
  obj: string
  set?: Readonly<Record<string, unknown>>
  unset?: readonly string[]
}

export interface TracedEvent {
  type: string
  reason: string
  message: string
  component: string
  object: string
  action?: string
  /** False: in one of two recordings only. */
  stable?: boolean
}

export interface Trace {
  name: string
  namespace: string
  requires?: readonly string[]
  steps: readonly Step[]
  milestones: readonly string[]
  trace: readonly Change[]
  events: readonly TracedEvent[]
  finalObjects: readonly (KubeInput & { kind: string })[]
  stability: {
    milestones?: 'exact' | 'sameSet' | 'differs'
    milestonesOfSecondRecording?: readonly string[]
    unstableObjects?: readonly string[]
    unstableFinalObjects?: readonly string[]
  }
}

export const traceNames: readonly string[] = existsSync(`${directory}/traces`)
  ? readdirSync(`${directory}/traces`).map(file => file.replace(/\.json$/, ''))
  : []

/** The stand-ins of the recordings heed the same words under another domain. */
const ours = (text: string): string => text.replaceAll('rec.dev/', 'kubemock.dev/')

export function readTrace(name: string): Trace {
  const trace = readReference<Trace>(`traces/${name}.json`)
  return { ...trace, steps: JSON.parse(ours(JSON.stringify(trace.steps))) }
}

/** Those a trace asks for, and those its steps name. */
export const readClasses = (required: readonly string[], steps: readonly Step[]) =>
  readReference<(KubeInput & { metadata: { name: string } })[]>('kubectl/classes.json').filter(
    ({ metadata: { name } }) => required.includes(`class ${name}`) || JSON.stringify(steps).includes(`"storageClassName":"${name}"`),
  )
