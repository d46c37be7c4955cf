// The recorder of Events: same text about the same object counts up instead of filling the list. Never fails its controller.
import type { KubeInput, KubeObject } from '../../openapi/kind.ts'
import { type Event, event as eventKind } from '../../openapi/kinds/core/event/index.ts'
import { printMicroTime, printTime } from '../../openapi/values/time.ts'
import type { Client } from '../../server/client.ts'
import type { Clock } from '../../server/clock.ts'
import type { EventSource, EventText } from './controller.ts'
import { isReason } from './errors.ts'

/** Texts remembered for counting. */
const maxRemembered = 4096
/** A long series in the newer form is only told from time to time. */
const seriesWrittenEveryMs = 30 * 60_000

export class Recorder {
  readonly #client: Client
  readonly #clock: Clock
  readonly #component: string
  readonly #serial: () => number
  readonly #known = new Map<string, { namespace: string; name: string; count: number; writtenAt: number }>()
  #tail: Promise<void> = Promise.resolve()
  #pending = 0

  constructor(client: Client, clock: Clock, { component, serial }: { component: string; serial(): number }) {
    this.#client = client
    this.#clock = clock
    this.#component = component
    this.#serial = serial
  }

  /** Writes one after another, in the background. */
  record(about: KubeObject, text: EventText, from: EventSource = {}): void {
    const at = this.#clock.now()
    this.#pending++
    this.#tail = this.#tail
      .then(() => this.#write(about, text, from, at))
      // A namespace that is going takes no events; nobody misses them.
      .catch(() => {})
      .finally(() => {
        this.#pending--
      })
  }

  idle(): boolean {
    return this.#pending === 0
  }

  async #write(about: KubeObject, text: EventText, from: EventSource, at: Date): Promise<void> {
    const { uid, resourceVersion } = about.metadata
    const same = text.action ? [resourceVersion, text.action] : [text.message]
    const key = [uid, text.type, text.reason, from.fieldPath, from.component, ...same].join('\u0000')
    const known = this.#known.get(key)
    if (known) {
      known.count++
      if (text.action && known.count > 2 && at.getTime() - known.writtenAt < seriesWrittenEveryMs) return
      known.writtenAt = at.getTime()
      const repeated = text.action
        ? { series: { count: known.count, lastObservedTime: printMicroTime(at) } }
        : { count: known.count, lastTimestamp: printTime(at) }
      try {
        await this.#client.patch(eventKind, known, repeated)
        return
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error
      }
    }
    const namespace = about.metadata.namespace ?? 'default'
    const name = `${about.metadata.name}.${this.#suffix()}`
    await this.#client.create(eventKind, this.#event(about, text, from, { namespace, name, at }) as never)
    if (this.#known.size >= maxRemembered) this.#known.delete(this.#known.keys().next().value as string)
    this.#known.set(key, { namespace, name, count: 1, writtenAt: at.getTime() })
  }

  /** Nanoseconds in hex, as upstream's recorder names events; `serial` is shared by all recorders, so that names differ at one instant. */
  #suffix(): string {
    return (BigInt(this.#clock.now().getTime()) * 1_000_000n + BigInt(this.#serial() % 1_000_000)).toString(16)
  }

  #event(
    about: KubeObject,
    { type, reason, message, action }: EventText,
    { component = this.#component, host, fieldPath }: EventSource,
    { namespace, name, at }: { namespace: string; name: string; at: Date },
  ): KubeInput & Partial<Event> {
    const { kind, apiVersion, metadata } = about
    const now = printTime(at)
    const form = action
      ? { action, eventTime: printMicroTime(at), source: {}, reportingInstance: `${component}-kubemock` }
      : {
          source: { component, ...(host ? { host } : {}) },
          firstTimestamp: now,
          lastTimestamp: now,
          count: 1,
          reportingInstance: host ?? '',
        }
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
      type,
      reportingComponent: component,
      ...form,
    } as KubeInput & Partial<Event>
  }
}
