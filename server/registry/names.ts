// Generated names: the prefix, cut so that five random characters fit into 63.
import type { Ids } from '../ids.ts'

const maxLength = 63
const randomLength = 5

export const generateName = (prefix: string, ids: Ids): string => `${prefix.slice(0, maxLength - randomLength)}${ids.suffix(randomLength)}`
