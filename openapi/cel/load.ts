// Rules in CEL. Reading them takes a library, which is loaded when the first schema with rules is met.

type Engine = typeof import('./engine.ts')

/** A module is loaded once for all: what else a module cache would keep. */
let engine: Engine | undefined

/** Before the first use of the other. */
export async function loadCel(): Promise<void> {
  engine ??= await import('./engine.ts')
}

export function cel(): Engine {
  if (!engine) throw new Error('bug: rules are used before their engine is loaded')
  return engine
}
