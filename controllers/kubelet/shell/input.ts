// Whether a command line may read its standard input. The shell takes all of it before it starts, so one that never reads must not wait for
// the end: `kubectl exec -i pod -- hostname` answers while its own input stays open.

const neverRead = new Set(
  `echo printf ls mkdir rmdir touch rm cp mv ln chmod pwd readlink stat find basename dirname tree du env printenv alias unalias history true false
   clear date sleep timeout time seq expr file help which hostname whoami id arch nproc uname ps df dig nslookup host`.split(/\s+/),
)
const reading = ['read', 'mapfile', 'readarray', 'source', '.', 'eval']

/** `programs`: all there are. A word counts wherever it stands: one too many only waits. */
export function mayRead(argv: readonly string[], programs: Iterable<string>): boolean {
  const words = new Set(
    argv
      .join(' ')
      .split(/[^\w./-]+/)
      .map(word => word.slice(word.lastIndexOf('/') + 1)),
  )
  return reading.some(word => words.has(word)) || [...programs].some(name => words.has(name) && !neverRead.has(name))
}
