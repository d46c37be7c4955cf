// The commands beside the shell's own. A new one adds one line.
import type { Bash } from '../filesystem.ts'
import type { Command } from './command.ts'
import { dig } from './dig/index.ts'
import { host } from './host.ts'
import { arch, hostname, id, nproc, uname, whoami } from './identity.ts'
import { nslookup } from './nslookup.ts'
import { df, ps } from './processes.ts'
import { wget } from './wget.ts'

/** All that a container's shell finds. */
export const programNames = (bash: Bash): string[] => [
  ...bash.getCommandNames(),
  ...bash.getNetworkCommandNames(),
  ...commands.map(c => c.name),
]

const builtins = new Set(
  `. : [ [[ alias bg break builtin cd command compgen continue declare dirs disown enable eval exec exit export false fg getopts hash help jobs kill let
   local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source test time times trap true type typeset ulimit umask
   unalias unset wait`.split(/\s+/),
)

/** Whether a script calls only for what the shell has. A name that it makes up itself (a function, a variable) counts as had. */
export function canRun(bash: Bash, script: string): boolean {
  const called = calledBy(bash, script)
  const had = new Set(programNames(bash))
  const own = (name: string) =>
    name.includes('$') || new RegExp(`(^|[\\s;])(function\\s+)?${name.replace(/[^\w-]/g, '.')}\\s*\\(\\)`).test(script)
  return called.every(name => had.has(name.slice(name.lastIndexOf('/') + 1)) || builtins.has(name) || own(name))
}

/** What `exec` runs counts too. A script that cannot be read calls for nothing: the shell will say what is wrong with it. */
function calledBy(bash: Bash, script: string): readonly string[] {
  const pipeline = new bash.BashTransformPipeline().use(new bash.CommandCollectorPlugin())
  try {
    return pipeline.transform(script.replace(/\bexec\s+(?=[\w./])/g, '')).metadata.commands
  } catch {
    return []
  }
}

export const commands: readonly Command[] = [hostname, id, whoami, arch, nproc, uname, ps, df, dig, nslookup, host, wget]
