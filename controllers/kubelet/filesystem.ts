// File systems of containers, in memory: a root per container, and volumes that outlive the pods that mount them.
import type { IFileSystem } from 'just-bash'

/** Only from the module loaded on first use: it is large, and most clusters never run a command. */
export type Bash = typeof import('just-bash')

export interface Mount {
  path: string
  fileSystem: IFileSystem
}

/** Path to content; for volumes made from objects. */
export type Files = Readonly<Record<string, string | Uint8Array>>

const directories = [
  '/bin',
  '/dev',
  '/etc',
  '/home',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/srv',
  '/tmp',
  '/usr/bin',
  '/usr/local/bin',
  '/var/log',
  '/var/run',
]

export class FileSystems {
  readonly #bash: Bash
  readonly #programs: readonly string[]
  readonly #roots = new Map<string, IFileSystem>()
  readonly #volumes = new Map<string, IFileSystem>()

  /** `programs`: what a container's shell finds on its PATH. */
  constructor(bash: Bash, programs: readonly string[]) {
    this.#bash = bash
    this.#programs = programs
  }

  /** A container's own files, as they were at its last command. `container` names this run of it. */
  async root(container: string, files: Files): Promise<IFileSystem> {
    const known = this.#roots.get(container)
    if (known) return known
    const root = new this.#bash.InMemoryFs()
    for (const path of directories) await root.mkdir(path, { recursive: true })
    for (const name of this.#programs) await addProgram(root, name)
    await writeAll(root, files)
    this.#roots.set(container, root)
    return root
  }

  /** The files of a volume, empty at first. */
  volume(identity: string): IFileSystem {
    const known = this.#volumes.get(identity)
    if (known) return known
    const volume = new this.#bash.InMemoryFs()
    this.#volumes.set(identity, volume)
    return volume
  }

  /** Files that an object gives: made anew for each command, never written to. */
  async rendered(files: Files): Promise<IFileSystem> {
    const volume = new this.#bash.InMemoryFs()
    await writeAll(volume, files)
    return readOnly(volume)
  }

  async mounted(root: IFileSystem, mounts: readonly Mount[]): Promise<IFileSystem> {
    const all = new this.#bash.MountableFs({ base: root })
    for (const { path, fileSystem } of mounts) {
      await root.mkdir(path, { recursive: true })
      all.mount(path, fileSystem)
    }
    return all
  }

  forgetContainers(prefix: string): void {
    for (const name of this.#roots.keys()) if (name.startsWith(prefix)) this.#roots.delete(name)
  }

  keepVolumes(identities: ReadonlySet<string>): void {
    for (const name of this.#volumes.keys())
      if (name.startsWith('volume/') && !identities.has(name.replace(/:.*/, ''))) this.#volumes.delete(name)
  }

  forgetVolumes(prefix: string): void {
    for (const name of this.#volumes.keys()) if (name.startsWith(prefix)) this.#volumes.delete(name)
  }
}

/** The shell itself answers for it; the file only says that it is there. */
async function addProgram(root: IFileSystem, name: string): Promise<void> {
  for (const path of shells.has(name) ? [`/bin/${name}`, `/usr/bin/${name}`] : [`/usr/bin/${name}`]) {
    await root.writeFile(path, '')
    await root.chmod(path, 0o755)
  }
}

const shells = new Set(['sh', 'bash'])

async function writeAll(fileSystem: IFileSystem, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await fileSystem.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true })
    await fileSystem.writeFile(path, content)
  }
}

const writing = new Set(['writeFile', 'appendFile', 'mkdir', 'rm', 'cp', 'mv', 'chmod', 'symlink', 'link', 'utimes'])

export const readOnly = (fileSystem: IFileSystem): IFileSystem =>
  new Proxy(fileSystem, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (writing.has(String(name)))
        return (path: string) => Promise.reject(new Error(`EROFS: read-only file system, ${String(name)} '${path}'`))
      return value.bind(target) as unknown
    },
  })
