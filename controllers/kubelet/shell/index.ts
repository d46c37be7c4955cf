// The commands beside the shell's own. A new one adds one line.
import type { Bash } from '../filesystem.ts'
import type { Command } from './command.ts'
import { dig } from './dig/index.ts'
import { host } from './host.ts'
import { arch, hostname, id, nproc, uname, whoami } from './identity.ts'
import { nslookup } from './nslookup.ts'
import { df, ps } from './processes.ts'

/** All that a container's shell finds. */
export const programNames = (bash: Bash): string[] => [
  ...bash.getCommandNames(),
  ...bash.getNetworkCommandNames(),
  ...commands.map(c => c.name),
]

export const commands: readonly Command[] = [hostname, id, whoami, arch, nproc, uname, ps, df, dig, nslookup, host]
