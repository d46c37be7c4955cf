// Conversions and comparisons that the library lacks: of times, durations, unsigned numbers and bytes.
import type { Environment } from '@marcbachmann/cel-js'
import type { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator'
import { adder } from './add.ts'

const timestamp = 'google.protobuf.Timestamp'
const duration = 'google.protobuf.Duration'

/** As RFC 3339 has it, with no more digits than it takes. */
export const writtenTime = (time: Date): string => time.toISOString().replace(/\.?0*Z$/, 'Z')
/** In seconds. */
export function writtenDuration({ seconds, nanos }: Duration): string {
  const sign = seconds < 0n || nanos < 0 ? '-' : ''
  const fraction = String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/, '')
  return `${sign}${seconds < 0n ? -seconds : seconds}${fraction === '' ? '' : `.${fraction}`}s`
}

export function conversions(environment: Environment): void {
  const add = adder(environment)
  add(`string(${timestamp}): string`, writtenTime)
  add(`string(${duration}): string`, writtenDuration)
  add(`int(${timestamp}): int`, (time: Date) => BigInt(Math.floor(time.getTime() / 1000)))
  add(`int(${duration}): int`, ({ seconds, nanos }: Duration) => seconds * 1_000_000_000n + BigInt(nanos))
  add('int(uint): int', (value: UnsignedInt) => value.valueOf())
  const order = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b)
  environment.registerOperator('bytes < bytes', (a: Uint8Array, b: Uint8Array) => order(a, b) < 0)
  environment.registerOperator('bytes <= bytes', (a: Uint8Array, b: Uint8Array) => order(a, b) <= 0)
  environment.registerOperator('bytes > bytes', (a: Uint8Array, b: Uint8Array) => order(a, b) > 0)
  environment.registerOperator('bytes >= bytes', (a: Uint8Array, b: Uint8Array) => order(a, b) >= 0)
}
