// The recorder of Events: same text about the same object counts up instead of filling the list. Never fails its controller.
import type { KubeInput, KubeObject } from '../../openapi/kind.ts'
import { type Event, event as eventKind } from '../../openapi/kinds/core/event.ts'
import { printTime } from '../../openapi/values/time.ts'
import type { Client } from '../../server/client.ts'
import type { Clock } from '../../server/clock.ts'
import type { EventSource, EventText } from './controller.ts'

/** Texts remembered for counting. */
const maxRemembered = 4096

export class Recorder {
  readonly #client: Client
  readonly #clock: Clock
  readonly #component: string
  readonly #known = new Map<string, { namespace: string; name: string; count: number }>()
  #tail: Promise<void> = Promise.resolve()
  #pending = 0
  #serial = 0

  constructor(client: Client, clock: Clock, component: string) {
    this.#client = client
    this.#clock = clock
    this.#component = component
  }

  /** Writes one after another, in the background. */
  record(about: KubeObject, text: EventText, from: EventSource = {}): void {
    const now = printTime(this.#clock.now())
    this.#pending++
    this.#tail = this.#tail
      .then(() => this.#write(about, text, from, now))
      // A namespace that is going takes no events; nobody misses them.
      .catch(() => {})
      .finally(() => {
        this.#pending--
      })
  }

  idle(): boolean {
    return this.#pending === 0
  }

  async #write(about: KubeObject, text: EventText, from: EventSource, now: string): Promise<void> {
    const key = [about.metadata.uid, text.type, text.reason, text.message, from.fieldPath, from.component].join('\u0000')
    const known = this.#known.get(key)
    if (known) {
      known.count++
      try {
        await this.#client.patch(eventKind, known, { count: known.count, lastTimestamp: now })
        return
      } catch (error) {
        if ((error as { reason?: string }).reason !== 'NotFound') throw error
      }
    }
    const namespace = about.metadata.namespace ?? 'default'
    const name = `${about.metadata.name}.${this.#suffix()}`
    await this.#client.create(eventKind, this.#event(about, text, from, { namespace, name, now }) as never)
    if (this.#known.size >= maxRemembered) this.#known.delete(this.#known.keys().next().value as string)
    this.#known.set(key, { namespace, name, count: 1 })
  }

  /** Nanoseconds in hex, as upstream's recorder names events. */
  #suffix(): string {
    this.#serial = (this.#serial + 1) % 1_000_000
    return (BigInt(this.#clock.now().getTime()) * 1_000_000n + BigInt(this.#serial)).toString(16)
  }

  #event(
    about: KubeObject,
    { type, reason, message }: EventText,
    { component = this.#component, host, fieldPath }: EventSource,
    { namespace, name, now }: { namespace: string; name: string; now: string },
  ): KubeInput & Partial<Event> {
    const { kind, apiVersion, metadata } = about
    return {
      metadata: { name, namespace },
      involvedObject: {
        kind,
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        apiVersion,
        resourceVersion: metadata.resourceVersion,
        ...(fieldPath ? { fieldPath } : {}),
      },
      reason,
      message,
      source: { component, ...(host ? { host } : {}) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      reportingComponent: component,
      reportingInstance: host ?? '',
    } as KubeInput & Partial<Event>
  }
}
