// The recorded outputs of real dig and nslookup, printed by ours over the recorded cluster.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { answerQuery } from '../../controllers/dns/query.ts'
import type { Machine } from '../../controllers/kubelet/shell/command.ts'
import { dig } from '../../controllers/kubelet/shell/dig/index.ts'
import { nslookup } from '../../controllers/kubelet/shell/nslookup.ts'
import { ownAddresses, RecordedCluster, type RecordedObjects } from '../support/dnsobjects.ts'
import { nothingElse } from '../support/objects.ts'

interface Example {
  command: readonly [string, ...string[]]
  exitCode: number
  stdout: readonly string[]
}

const kept = (): { objects: RecordedObjects; dig: readonly Example[] } =>
  JSON.parse(readFileSync(new URL('data/dns.json', import.meta.url), 'utf8'))

const server = '10.0.0.10'
const options = { domain: 'cluster.local', ttl: 30, pods: 'insecure', fallthrough: true, addresses: ownAddresses } as const

/** What differs from run to run. */
const masked = (text: string): string =>
  text
    .replace(/DiG \S+ </, 'DiG <version> <')
    .replace(/, id: \d+/, ', id: <id>')
    .replace(/COOKIE: [0-9a-f]+/, 'COOKIE: <cookie>')
    .replace(/Query time: \d+/, 'Query time: <n>')
    .replace(/WHEN: .*/, 'WHEN: <time>')
    .replace(/(hostmaster\S+) \d+/, '$1 <serial>')

describe('recorded', () => {
  const { dig: examples, objects } = kept()
  for (const { command, exitCode, stdout } of examples)
    test(command.join(' '), async () => {
      const cluster = new RecordedCluster(objects)
      const machine: Machine = {
        hostname: 'jump',
        fullName: 'jump',
        podIP: '10.24.0.99',
        process: 'sleep',
        search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        dnsAddress: server,
        now: () => new Date('2026-11-24T13:52:06Z'),
        query: async (packet, transport) => answerQuery(cluster.zone, options, packet, transport),
      }
      const [program, ...args] = command
      const result =
        program === 'dig' ? await dig.run([`@${server}`, ...args], machine, nothingElse) : await nslookup.run(args, machine, nothingElse)
      const want = cluster.text(stdout.map(line => `${line}\n`).join('')).replaceAll('<dns-server>', server)
      expect({ stdout: masked(result.stdout), exitCode: result.exitCode }).toEqual({ stdout: want, exitCode })
    })
})
