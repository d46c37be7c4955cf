// Events wait for others, and go together: the batch mode.
import { parseDuration } from '../../openapi/values/time.ts'
import { TokenBucket } from '../tokenbucket.ts'
import type { Sending } from './options.ts'
import type { AuditEvent } from './record.ts'
import { pluginError, type Receiver, type Sink, type SinkParts } from './sink.ts'

/** Batches do not wait for each other: one may be tried again for a while. */
export function batched(receiver: Receiver, sending: Sending, { clock, logError }: SinkParts): Sink {
  const { batchBufferSize, batchMaxSize, batchMaxWait, batchThrottleEnable, batchThrottleQps: qps, batchThrottleBurst: burst } = sending
  const waitMs = parseDuration(batchMaxWait) ?? 0
  const throttle = batchThrottleEnable ? new TokenBucket({ qps, burst }, clock.now().getTime()) : undefined
  const kept: AuditEvent[] = []
  const out = new Set<Promise<unknown>>()
  let cancel: (() => void) | undefined
  const send = () => {
    const sent: Promise<unknown> = receiver.send(kept.splice(0, batchMaxSize)).finally(() => out.delete(sent))
    out.add(sent)
  }
  const disarm = () => {
    cancel?.()
    cancel = undefined
  }
  /** `due`: what is there then has waited long enough. */
  const arm = (ms: number, due: boolean) => {
    disarm()
    cancel = clock.after(ms, () => {
      cancel = undefined
      flush(due)
    })
  }
  const flush = (due: boolean) => {
    while (kept.length >= batchMaxSize || (due && kept.length > 0)) {
      if (throttle && !throttle.take(clock.now().getTime())) return arm(throttle.waitMs(), due)
      send()
    }
    if (kept.length === 0) disarm()
    else if (!cancel) arm(waitMs, true)
  }
  return {
    async write(event) {
      if (kept.length < batchBufferSize) {
        kept.push(event)
        flush(false)
      } else logError(pluginError('buffered', 1, 'audit buffer queue blocked'))
      return true
    },
    async close() {
      // One try for what is left: nobody waits for a server that is not there.
      receiver.hurry()
      disarm()
      while (kept.length > 0) send()
      await Promise.all(out)
      await receiver.close()
    },
  }
}
