// Who and where am I: hostname, id, whoami, uname, arch, nproc.
import { type Command, failed, ok } from './command.ts'

const systemFields = { s: 'Linux', n: '', r: '6.1.0-kubemock', v: '#1 SMP', m: 'x86_64', o: 'GNU/Linux' } as const

export const hostname: Command = {
  name: 'hostname',
  run([flag, ...rest], machine) {
    if (flag === undefined || flag === '-s' || flag === '--short') return ok(`${machine.hostname}\n`)
    if (flag === '-f' || flag === '--fqdn' || flag === '--long') return ok(`${machine.fullName}\n`)
    if (flag === '-i' || flag === '-I' || flag === '--ip-address') return ok(`${machine.podIP}\n`)
    if (flag === '-d' || flag === '--domain') return ok(`${machine.fullName.split('.').slice(1).join('.')}\n`)
    if (flag.startsWith('-')) return failed(`hostname: unrecognized option '${[flag, ...rest].join(' ')}'\n`)
    return failed('hostname: you must be root to change the host name\n')
  },
}

export const id: Command = {
  name: 'id',
  run([flag = '']) {
    if (flag === '') return ok('uid=0(root) gid=0(root) groups=0(root)\n')
    if (/^-(un|nu|gn|ng|Gn|nG)$/.test(flag)) return ok('root\n')
    return /^-[ugG]$/.test(flag) ? ok('0\n') : failed(`id: '${flag}': no such user\n`)
  },
}

export const whoami: Command = { name: 'whoami', run: () => ok('root\n') }
export const arch: Command = { name: 'arch', run: () => ok('x86_64\n') }
export const nproc: Command = { name: 'nproc', run: () => ok('32\n') }

export const uname: Command = {
  name: 'uname',
  run(args, { hostname: name }) {
    const letters = args.join('').replace(/-/g, '') || 's'
    const wanted = letters.includes('a') ? 'snrvmo' : letters
    const fields: Readonly<Record<string, string>> = { ...systemFields, n: name }
    const unknown = [...wanted].find(letter => fields[letter] === undefined)
    if (unknown) return failed(`uname: invalid option -- '${unknown}'\n`)
    return ok(
      `${['s', 'n', 'r', 'v', 'm', 'o']
        .filter(letter => wanted.includes(letter))
        .map(letter => fields[letter])
        .join(' ')}\n`,
    )
  },
}
