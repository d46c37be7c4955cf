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

  /** Files that an object gives: made anew for each command, or once under `identity`. */
  async rendered(files: Files, identity?: string): Promise<IFileSystem> {
    const known = identity === undefined ? undefined : this.#volumes.get(identity)
    if (known) return known
    const volume = new this.#bash.InMemoryFs()
    await writeAll(volume, files)
    if (identity !== undefined) this.#volumes.set(identity, volume)
    return volume
  }

  /** Mounts may lie in each other. */
  async mounted(base: IFileSystem, mounts: readonly Mount[]): Promise<IFileSystem> {
    const all = new this.#bash.MountableFs({ base })
    for (const mount of mounts) {
      if (mounts.some(outer => mount.path.startsWith(`${outer.path}/`))) continue
      const inner = mounts.filter(({ path }) => path.startsWith(`${mount.path}/`))
      const below = inner.map(({ path, ...rest }) => ({ path: path.slice(mount.path.length), ...rest }))
      all.mount(mount.path, below.length > 0 ? await this.mounted(mount.fileSystem, below) : mount.fileSystem)
    }
    return all
  }

  forgetContainers(prefix: string): void {
    for (const name of this.#roots.keys()) if (name.startsWith(prefix)) this.#roots.delete(name)
  }

  keepVolumes(identities: ReadonlySet<string>): void {
    for (const name of this.#volumes.keys()) if (name.startsWith('volume/') && !identities.has(name)) this.#volumes.delete(name)
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

/** Stands for / in errors: the library hides what looks like a path of the host. */
export const slash = '\u2215'

/** `mountPath`: what its users call it, for errors. */
export const readOnly = (fileSystem: IFileSystem, mountPath: string): IFileSystem =>
  new Proxy(fileSystem, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (!writing.has(String(name))) return value.bind(target) as unknown
      const written = name === 'cp' || name === 'symlink' || name === 'link' ? 1 : 0
      return (...paths: string[]) => {
        const path = `${mountPath}${paths[written]?.replace(/^\/$/, '')}`
        return Promise.reject(new Error(`EROFS: read-only file system, ${String(name)} '${path.replaceAll('/', slash)}'`))
      }
    },
  })

/** Part of a file system: a directory, made if need be, or a file. A mounted file is the root of its own file system. */
export async function part(fileSystem: IFileSystem, path: string): Promise<IFileSystem> {
  if (!(await fileSystem.exists(path))) await fileSystem.mkdir(path, { recursive: true })
  const inside = (inner: string) => (inner === '/' ? path : path + inner)
  const outside = (outer: string) => (outer === path ? '/' : outer.slice(path.length))
  return new Proxy(fileSystem, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const call = value.bind(target) as (...args: unknown[]) => unknown
      if (name === 'resolvePath') return call
      if (name === 'realpath') return async (inner: string) => outside(await target.realpath(inside(inner)))
      if (name === 'getAllPaths')
        return () =>
          target
            .getAllPaths()
            .filter(all => `${all}/`.startsWith(`${path}/`))
            .map(outside)
      if (name === 'symlink') return (to: string, link: string) => call(to, inside(link))
      if (name === 'cp' || name === 'mv' || name === 'link')
        return (from: string, to: string, options?: unknown) => call(inside(from), inside(to), options)
      return (inner: string, ...rest: unknown[]) => call(inside(inner), ...rest)
    },
  })
}
