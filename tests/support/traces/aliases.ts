// Names that differ from run to run become aliases, numbered by order of appearance, as the recordings have them.
import type { KubeObject } from '../../../openapi/kind.ts'
import type { Json } from './trace.ts'

/** The end of the name of a CronJob's Job. */
const minutes = /-(\d{8})$/

const generatedSuffix: Readonly<Record<string, string>> = { Pod: 'pod', EndpointSlice: 'slice' }

export class Aliases {
  readonly #byLiteral = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  /** Call in the order of first appearance. */
  see(object: KubeObject): void {
    const { kind, metadata } = object
    const labels = metadata.labels ?? {}
    if (kind === 'ReplicaSet') this.#number('hash', labels['pod-template-hash'])
    if (kind === 'ControllerRevision') this.#number('rev', labels['controller.kubernetes.io/hash'] ?? labels['controller-revision-hash'])
    const suffix = metadata.generateName && metadata.name.startsWith(metadata.generateName) && metadata.name.slice(-5)
    const prefix = generatedSuffix[kind]
    if (prefix && suffix && metadata.name === `${metadata.generateName}${suffix}`) this.#number(prefix, suffix)
    const [, time] = (kind === 'Job' && minutes.exec(metadata.name)) || []
    if (time) this.#set(time, '<MINUTES>')
    this.#set(metadata.uid, `<uid:${kind}/${this.in(metadata.name)}>`)
    const { status, spec } = object as Json
    if (kind === 'Pod' && status.podIP) this.#set(status.podIP, `<ip:${this.in(metadata.name)}>`)
    if (kind === 'Service' && spec.clusterIP && spec.clusterIP !== 'None') this.#set(spec.clusterIP, `<clusterIP:${metadata.name}>`)
  }

  #number(prefix: string, literal: string | undefined): void {
    if (!literal || this.#byLiteral.has(literal)) return
    const count = (this.#counts.get(prefix) ?? 0) + 1
    this.#counts.set(prefix, count)
    this.#set(literal, `<${prefix}${count}>`)
  }

  #set(literal: string, alias: string): void {
    this.#byLiteral.set(literal, alias)
  }

  in(text: string): string {
    let result = text
    const byLength = [...this.#byLiteral].sort(([a], [b]) => b.length - a.length)
    for (const [literal, alias] of byLength) if (result.includes(literal)) result = result.replace(whole(literal), alias)
    return result
      .replaceAll('kubemock.dev/', 'rec.dev/')
      .replace(/"20\d\d-\d\d-\d\dT[\d:.]+Z"/g, '"<TIME>"')
      .replace(/\bnode-[0-2]\b/g, '<NODE>')
      .replace(/\bzone-[0-2]\b/g, '<ZONE>')
      .replace(/\b10\.128\.0\.\d+\b/g, '<NODE-IP>')
      .replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-<RAND>')
      .replaceAll('kubemock-provisioner', 'rec-provisioner')
  }
}

/** Not inside a longer word: an address must not match the beginning of another. */
const whole = (literal: string): RegExp => new RegExp(`(?<![\\w.])${literal.replace(/[.]/g, '\\.')}(?![\\w]|\\.\\d)`, 'g')

/** A JSON value with aliases in all its texts. */
export const aliased = <T>(value: T, aliases: Pick<Aliases, 'in'>): T => JSON.parse(aliases.in(JSON.stringify(value)))
