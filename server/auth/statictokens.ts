// Tokens that are known beforehand: a file of lines `token,user,uid,"group1,group2"`, as kube-apiserver reads it.
import { existsSync, readFileSync } from 'node:fs'
import { ConfigError } from '../config.ts'
import type { User } from '../registry/request.ts'

/** Throws ConfigError for a file that is not there, and for one that cannot be read. */
export function readTokenFile(file: string): Map<string, User> {
  if (!existsSync(file)) throw new ConfigError(`--token-auth-file: there is no ${file}`)
  return parseTokens(readFileSync(file, 'utf8'), file)
}

/** `file`: what it is called in errors. Throws ConfigError for a line with less than three columns, or with quotes where none may be. */
export function parseTokens(text: string, file: string): Map<string, User> {
  const users = new Map<string, User>()
  for (const line of text.split(/\r?\n/).filter(line => line !== '')) {
    const all = columns(line)
    const [token, name = '', uid, groups] = all
    if (all.length < 3)
      throw new ConfigError(`token file '${file}' must have at least 3 columns (token, user name, user uid), found ${all.length}`)
    if (!token) continue
    users.set(token, { name, ...(uid ? { uid } : {}), groups: [...(groups?.split(',') ?? []), 'system:authenticated'] })
  }
  return users
}

/** As Go reads CSV: blanks count, and a quoted column may have commas in it. */
function columns(line: string): string[] {
  const parts = [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)]
  if (parts.map(([part]) => part).join('') !== `,${line}`)
    throw new ConfigError(`--token-auth-file: quotes are not closed, or begin within a column`)
  return parts.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
}
