// What loops cost around their parts, as cel-go writes them out: whether to go on, what was gathered so far, and what becomes of that.
import { making } from './size.ts'

/** How many names and other parts each may have. */
export const forms = {
  all: [
    [1, 1],
    [2, 1],
  ],
  exists: [
    [1, 1],
    [2, 1],
  ],
  exists_one: [[1, 1]],
  existsOne: [[2, 1]],
  map: [
    [1, 1],
    [1, 2],
  ],
  filter: [[1, 1]],
  transformList: [
    [2, 1],
    [2, 2],
  ],
  transformMap: [
    [2, 1],
    [2, 2],
  ],
  transformMapEntry: [
    [2, 1],
    [2, 2],
  ],
  sortBy: [[1, 1]],
} as const

export type LoopName = keyof typeof forms

export interface Turns {
  /** What it gathers in, if it is not told at once that there is nothing in it. */
  makes?: 'list' | 'map'
  /** Before each turn: whether to go on. */
  ask: number
  /** Of each turn. */
  step: number
  /** Of a turn whose condition holds. */
  kept: number
  after: number
}

/** `parts`: what those cost that are no names. `item`: what it costs to make a list of one item. */
export function turnsOf(name: LoopName, [first = 0, second]: readonly number[], item = making.list): Turns {
  const gathering = (makes: 'list' | 'map', gather: number): Turns =>
    second === undefined
      ? { makes, ask: 0, step: gather + first, kept: 0, after: 1 }
      : { makes, ask: 0, step: first, kept: gather + second, after: 1 }
  switch (name) {
    case 'all':
      return { ask: 2, step: 1 + first, kept: 0, after: 1 }
    case 'exists':
      return { ask: 3, step: 1 + first, kept: 0, after: 1 }
    case 'exists_one':
    case 'existsOne':
      return { ask: 0, step: first, kept: 2, after: 2 }
    case 'filter':
      return { makes: 'list', ask: 0, step: first, kept: 3 + making.list, after: 1 }
    case 'map':
    case 'transformList':
      return gathering('list', 2 + item)
    case 'transformMap':
      return gathering('map', 3)
    case 'transformMapEntry':
      return gathering('map', 2)
    // Of the keys; the list is bound to a name, which is used twice.
    case 'sortBy':
      return { ...gathering('list', 2 + item), after: 3 }
  }
}
