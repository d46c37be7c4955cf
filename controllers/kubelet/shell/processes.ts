// What runs and what is mounted, as far as a container of ours has any: ps, df.
import { type Command, ok } from './command.ts'

export const ps: Command = {
  name: 'ps',
  run: (_args, { process }) => ok(`    PID TTY          TIME CMD\n      1 ?        00:00:00 ${process}\n     29 ?        00:00:00 ps\n`),
}

export const df: Command = {
  name: 'df',
  run: args =>
    ok(
      args.some(arg => arg.includes('h'))
        ? 'Filesystem      Size  Used Avail Use% Mounted on\noverlay         100G   10G   90G  10% /\n'
        : 'Filesystem     1K-blocks     Used Available Use% Mounted on\noverlay        104857600 10485760  94371840  10% /\n',
    ),
}
