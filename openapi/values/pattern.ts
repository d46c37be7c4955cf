// Regular expressions as Go reads them (RE2): no pattern takes more than linear time. The library is loaded when the first one is met.

interface Expression {
  /** Instructions: a search takes at most so many steps for each character. */
  size: number
  /** Whether it is found anywhere in the text. */
  find(text: string): boolean
  /** Every match, or the first so many. */
  all(text: string, limit: number): string[]
}
type Library = typeof import('re2js')

/** A module is loaded once for all: what else a module cache would keep. */
let library: Library | undefined

/** Before the first use of the others. */
export async function loadPatterns(): Promise<void> {
  library ??= await import('re2js')
}

const compiled = new Map<string, Expression>()
const maxCompiled = 1000

function loaded(): Library {
  if (!library) throw new Error('bug: patterns are used before they are loaded')
  return library
}

/** Throws when it is none: patternProblem says why. */
export function patternOf(text: string): Expression {
  const known = compiled.get(text)
  if (known) return known
  const expression = loaded().RE2JS.compile(text)
  const found: Expression = {
    size: expression.programSize(),
    find: subject => expression.matcher(subject).find(),
    all(subject, limit) {
      const matcher = expression.matcher(subject)
      const matches: string[] = []
      while (matches.length < limit && matcher.find()) matches.push(matcher.group() ?? '')
      return matches
    },
  }
  // Patterns come from clients: only so many are kept.
  if (compiled.size >= maxCompiled) compiled.clear()
  compiled.set(text, found)
  return found
}

/** Of one object, or one rule: some seconds. */
export const maxPatternSteps = 50_000_000

/** In Go's words; '' when it is a regular expression. */
export function patternProblem(text: string): string {
  try {
    patternOf(text)
    return ''
  } catch (error) {
    if (error instanceof loaded().RE2JSException) return error.message
    throw error
  }
}
