// What a container of some image does: the files it brings, what it logs when it starts.
import type { Pod } from '../../../openapi/kinds/core/pod/index.ts'

export type Container = Pod['spec']['containers'][number]

export interface HttpRequest {
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  body: string
}

export interface HttpAnswer {
  status: number
  statusText: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array
}

export interface Image {
  /** The repository's last word: 'nginx' of 'docker.io/library/nginx:1.27'. */
  matches(name: string): boolean
  /** Absolute paths to texts. */
  files?: Readonly<Record<string, string>>
  /** What it answers over HTTP; `read` gives a file of its container, undefined when there is none. */
  http?: { port: number; answer(request: HttpRequest, read: (path: string) => Promise<Uint8Array | undefined>): Promise<HttpAnswer> }
  startLines?(container: Container): readonly string[]
}

export const imageName = (reference: string): string => /([^/:@]+)(:[^/]*)?(@.*)?$/.exec(reference)?.[1] ?? ''
