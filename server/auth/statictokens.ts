// Tokens that are known beforehand: a file of lines `token,user,uid,"group1,group2"`, as kube-apiserver reads it.
import { existsSync, readFileSync } from 'node:fs'
import { ConfigError } from '../config.ts'
import type { User } from '../registry/request.ts'

/** Throws ConfigError for a file that is not there or has a line with less than three columns. */
export function readTokenFile(file: string): Map<string, User> {
  if (!existsSync(file)) throw new ConfigError(`--token-auth-file: there is no ${file}`)
  return parseTokens(readFileSync(file, 'utf8'))
}

export function parseTokens(text: string): Map<string, User> {
  const users = new Map<string, User>()
  for (const line of text.split(/\r?\n/).filter(line => line.trim() !== '')) {
    const [token, name, uid, groups] = columns(line)
    if (name === undefined || uid === undefined)
      throw new ConfigError(
        `--token-auth-file: a line needs at least token, user name and uid, not ${JSON.stringify(line.split(',').length)} columns`,
      )
    if (!token) continue
    users.set(token, {
      name,
      ...(uid ? { uid } : {}),
      groups: [...(groups ?? '').split(',').flatMap(group => group.trim() || []), 'system:authenticated'],
    })
  }
  return users
}

/** A quoted column may have commas in it. */
const columns = (line: string): string[] =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, column = '']) => (column.startsWith('"') ? column.slice(1, -1).replaceAll('""', '"') : column).trim())
