// Messages of a WebSocket that carries several channels: the channel's number, then its bytes; as text, a digit and base64.

export const messageOf = (channel: number, bytes: Buffer, text: boolean): string | Buffer =>
  text ? `${channel}${bytes.toString('base64')}` : Buffer.concat([Buffer.of(channel), bytes])

/** Of an empty message, which belongs to none, the channel is -1. */
export function partsOf(message: Buffer, text: boolean): [channel: number, bytes: Buffer] {
  const [first] = message
  if (first === undefined) return [-1, message]
  return text
    ? [Number(message.toString('latin1', 0, 1)), Buffer.from(message.toString('latin1', 1), 'base64')]
    : [first, message.subarray(1)]
}
