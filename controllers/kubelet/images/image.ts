// What a container of some image does: the files it brings, what it logs when it starts.
import type { Pod } from '../../../openapi/kinds/core/pod/index.ts'

export type Container = Pod['spec']['containers'][number]

export interface Image {
  /** The repository's last word: 'nginx' of 'docker.io/library/nginx:1.27'. */
  matches(name: string): boolean
  /** Absolute paths to texts. */
  files?: Readonly<Record<string, string>>
  startLines?(container: Container): readonly string[]
}

export const imageName = (reference: string): string => /([^/:@]+)(:[^/]*)?(@.*)?$/.exec(reference)?.[1] ?? ''
