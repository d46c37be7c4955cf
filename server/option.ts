// How the text of a flag, or of its variable, becomes a value.
import { goBoolean } from '../openapi/values/boolean.ts'
import { parseDuration } from '../openapi/values/time.ts'

/** What was configured cannot be. */
export class ConfigError extends Error {}

export interface Option<T> {
  flag: string
  /** Unless it is given. */
  value: T
  /** Throws ConfigError. */
  parse(text: string): T
  about: string
}

export const text = (value: string): string => value

export const oneOf =
  (...known: readonly string[]) =>
  (text: string): string => {
    if (!known.includes(text)) throw new ConfigError(`${JSON.stringify(text)} is not supported: ${known.join(', ')}`)
    return text
  }

export const integer =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < min || value > max)
      throw new ConfigError(`${JSON.stringify(text)} is not a whole number from ${min} to ${max}`)
    return value
  }

export const number = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new ConfigError(`${JSON.stringify(text)} is not a number`)
  return value
}

export const yesOrNo = (text: string): boolean => {
  const value = goBoolean(text)
  if (value !== undefined) return value
  throw new ConfigError(`${JSON.stringify(text)} is neither true nor false`)
}

/** Go's durations, such as 1m30s: the text itself. */
export const duration = (text: string): string => {
  if (parseDuration(text) === undefined) throw new ConfigError(`${JSON.stringify(text)} is not a duration, such as 1m30s`)
  return text
}
