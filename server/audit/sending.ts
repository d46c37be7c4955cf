// When events go to what takes them: --audit-log-mode, --audit-webhook-mode and the flags beside them.
import { batched } from './batches.ts'
import type { Sending, Target } from './options.ts'
import type { Receiver, Sink, SinkParts } from './sink.ts'
import { truncated } from './truncate.ts'

const modes = ['batch', 'blocking', 'blocking-strict'] as const

/** What is wrong with the flags, in the words of upstream. */
export function sendingErrors(target: Target, sending: Sending): string[] {
  const { mode, truncateMaxBatchSize: batch, truncateMaxEventSize: event } = sending
  const positive = (of: string, value: number) => (value > 0 ? [] : [`invalid audit ${of} ${value}, must be a positive number`])
  const [batching] = !(modes as readonly string[]).includes(mode)
    ? [`invalid audit ${target} mode ${mode}, allowed modes are ${JSON.stringify(modes.join(','))}`]
    : mode !== 'batch'
      ? []
      : [
          ...positive(`batch ${target} buffer size`, sending.batchBufferSize),
          ...positive(`batch ${target} max batch size`, sending.batchMaxSize),
          ...(sending.batchThrottleEnable ? positive(`batch ${target} throttle QPS`, sending.batchThrottleQps) : []),
          ...(sending.batchThrottleEnable ? positive(`batch ${target} throttle burst`, sending.batchThrottleBurst) : []),
        ]
  const [truncating] = [
    ...positive(`truncate ${target} max event size`, event),
    ...(batch >= event ? [] : [`invalid audit truncate ${target} max batch size ${batch}, must be greater than max event size (${event})`]),
  ]
  return [batching ?? [], truncating ?? []].flat()
}

export function sinkOf(receiver: Receiver, sending: Sending, parts: SinkParts): Sink {
  const sink = sending.mode === 'batch' ? batched(receiver, sending, parts) : blocking(receiver, sending.mode === 'blocking-strict')
  return sending.truncateEnabled ? truncated(sink, sending.truncateMaxEventSize, parts.logError) : sink
}

/** Before the request goes on; `strict`: and not without it. */
const blocking = (receiver: Receiver, strict: boolean): Sink => ({
  write: async event => (await receiver.send([event])) || !strict,
  close() {
    receiver.hurry()
    return receiver.close()
  },
})
