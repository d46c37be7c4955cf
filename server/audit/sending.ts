// When events go to what takes them: --audit-log-mode, --audit-webhook-mode and the flags beside them.
import { batched } from './batches.ts'
import type { Sending, Target } from './options.ts'
import type { Receiver, Sink, SinkParts } from './sink.ts'
import { truncated } from './truncate.ts'

const modes = ['batch', 'blocking', 'blocking-strict'] as const

/** What is wrong with the flags, in the words of upstream: the first of each sort. */
export const sendingErrors = (target: Target, sending: Sending): string[] =>
  [modeErrors(target, sending.mode)[0] ?? batchErrors(target, sending)[0], truncationErrors(target, sending)[0]].flatMap(
    error => error ?? [],
  )

const modeErrors = (target: Target, mode: string): string[] =>
  (modes as readonly string[]).includes(mode)
    ? []
    : [`invalid audit ${target} mode ${mode}, allowed modes are ${JSON.stringify(modes.join(','))}`]

const positive = (of: string, value: number): string[] => (value > 0 ? [] : [`invalid audit ${of} ${value}, must be a positive number`])

function batchErrors(target: Target, sending: Sending): string[] {
  if (sending.mode !== 'batch') return []
  const throttled = [
    ...positive(`batch ${target} throttle QPS`, sending.batchThrottleQps),
    ...positive(`batch ${target} throttle burst`, sending.batchThrottleBurst),
  ]
  return [
    ...positive(`batch ${target} buffer size`, sending.batchBufferSize),
    ...positive(`batch ${target} max batch size`, sending.batchMaxSize),
    ...(sending.batchThrottleEnable ? throttled : []),
  ]
}

const truncationErrors = (target: Target, { truncateMaxBatchSize: batch, truncateMaxEventSize: event }: Sending): string[] => [
  ...positive(`truncate ${target} max event size`, event),
  ...(batch >= event ? [] : [`invalid audit truncate ${target} max batch size ${batch}, must be greater than max event size (${event})`]),
]

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
