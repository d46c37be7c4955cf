// dig, nslookup and host in a container: their options, the search list, and what they say where nothing answers.
import { describe, expect, test } from 'vitest'
import { answerQuery } from '../../controllers/dns/query.ts'
import { Zone } from '../../controllers/dns/zone.ts'
import type { Machine } from '../../controllers/kubelet/shell/command.ts'
import { commands } from '../../controllers/kubelet/shell/index.ts'
import { nothingElse } from '../support/objects.ts'

const options = { domain: 'cluster.local', ttl: 30, pods: 'insecure', fallthrough: true, addresses: ['10.0.0.10'] } as const

function aMachine(): Machine {
  const zone = new Zone()
  zone.setNamespace('default', true)
  const ports = [{ name: 'http', port: 80, protocol: 'TCP' }]
  const service = (name: string, spec: object) =>
    zone.setService(`default/${name}`, { metadata: { name, namespace: 'default' }, spec: { type: 'ClusterIP', ports, ...spec } } as never)
  service('web', { clusterIP: '10.0.0.50', clusterIPs: ['10.0.0.50', 'fd00::50'] })
  service('alias', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' })
  service('away', { type: 'ExternalName', externalName: 'www.example.com' })
  service('many', { clusterIP: 'None', clusterIPs: ['None'] })
  const endpoints = Array.from({ length: 60 }, (_, i) => ({ addresses: [`10.24.0.${i}`], hostname: `pod-${i}` }))
  const metadata = { name: 'many-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'many' } }
  zone.setSlice('default/many-1', { metadata, addressType: 'IPv4', ports, endpoints } as never)
  return {
    hostname: 'jump',
    fullName: 'jump',
    podIP: '10.24.1.1',
    process: 'sleep',
    search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    dnsAddress: '10.0.0.10',
    now: () => new Date('2026-11-24T13:52:06Z'),
    query: async (packet, transport) => answerQuery(zone, options, packet, transport),
  }
}

const run = async (line: string) => {
  const [program, ...args] = line.split(' ')
  const command = commands.find(({ name }) => name === program)
  return command!.run(args, aMachine(), nothingElse)
}

describe('dig says', () => {
  const web = '10.0.0.50\n'
  const cases: [line: string, stdout: string, exitCode?: number, stderr?: string][] = [
    ['dig +short web.default.svc.cluster.local', web],
    ['dig web.default.svc.cluster.local +short', web],
    ['dig +short AAAA web.default.svc.cluster.local', 'fd00::50\n'],
    ['dig +short -t AAAA -q web.default.svc.cluster.local', 'fd00::50\n'],
    ['dig +short -tAAAA web.default.svc.cluster.local', 'fd00::50\n'],
    ['dig +short type28 web.default.svc.cluster.local', 'fd00::50\n'],
    ['dig +short +tcp web.default.svc.cluster.local', web],
    ['dig +short web', ''],
    ['dig +short +search web', web],
    ['dig +short +domain=svc.cluster.local web.default', web],
    ['dig +short -x 10.0.0.50', 'web.default.svc.cluster.local.\n'],
    ['dig +short -x fd00::50', 'web.default.svc.cluster.local.\n'],
    ['dig +short web.default.svc.cluster.local alias.default.svc.cluster.local', `${web}web.default.svc.cluster.local.\n${web}`],
    ['dig +short web.default.svc.cluster.local A web.default.svc.cluster.local AAAA', `${web}fd00::50\n`],
    ['dig +short A web.default.svc.cluster.local AAAA', 'fd00::50\n', 0, ';; Warning, extra type option\n'],
    ['dig +short -t NOPE web.default.svc.cluster.local', web, 0, ';; Warning, ignoring invalid type NOPE\n'],
    ['dig +short @web.default.svc.cluster.local web', ';; communications error to 10.0.0.50#53: timed out\n'.repeat(3) + nobody(), 9],
    ['dig +short +tries=1 @8.8.8.8 example.com', `;; communications error to 8.8.8.8#53: timed out\n${nobody()}`, 9],
    ['dig +short +tries=1 -p 54 web', `;; communications error to 10.0.0.10#54: timed out\n${nobody()}`, 9],
    ['dig @nowhere.svc web', '', 1, "dig: couldn't get address for 'nowhere.svc': not found\n"],
    ['dig a..b', '', 10, "dig: 'a..b' is not a legal name (empty label)\n"],
    ['dig +noall +answer +nottl web.default.svc.cluster.local', 'web.default.svc.cluster.local. IN A\t10.0.0.50\n'],
    ['dig +noall +answer +nocl +ttlunits web.default.svc.cluster.local', 'web.default.svc.cluster.local. 30s A\t10.0.0.50\n'],
    ['dig +noall +ques SRV web', ';web.\t\t\t\tIN\tSRV\n'],
    ['dig +yaml web', '', 1, 'dig: +yaml is not supported here\n'],
    ['dig -f file', '', 1, 'dig: -f is not supported here\n'],
  ]
  test.each(cases)('%s', async (line, stdout, exitCode = 0, stderr = '') => {
    expect(await run(line)).toEqual({ stdout, stderr, exitCode })
  })

  test('an unknown option and the usage', async () => {
    const { stderr, exitCode } = await run('dig +nonsense web')
    expect([stderr.split('\n')[0], exitCode]).toEqual(['Invalid option: +nonsense', 1])
  })

  test('that it went on over TCP', async () => {
    const { stdout } = await run('dig SRV many.default.svc.cluster.local')
    expect(stdout).toMatch(/^;; Truncated, retrying in TCP mode.\n\n; <<>> DiG/)
    expect(stdout).toMatch(/ANSWER: 60, AUTHORITY: 0, ADDITIONAL: 61[\s\S]*\(TCP\)/)
  })

  test('a refused transfer', async () => {
    expect((await run('dig AXFR cluster.local')).stdout).toMatch(/global options: \+cmd\n; Transfer failed.\n$/)
  })

  test('a SOA in several lines', async () => {
    const { stdout } = await run('dig +noall +answer +multiline SOA cluster.local')
    expect(stdout.split('\n').slice(1, 4)).toEqual([
      '\t\t\t\t0          ; serial',
      '\t\t\t\t7200       ; refresh (2 hours)',
      '\t\t\t\t1800       ; retry (30 minutes)',
    ])
  })
})

function nobody(): string {
  return ';; no servers could be reached\n'
}

describe('nslookup says', () => {
  const head = 'Server:\t\t10.0.0.10\nAddress:\t10.0.0.10#53\n\n'
  const name = 'web.default.svc.cluster.local'
  const both = `Name:\t${name}\nAddress: 10.0.0.50\nName:\t${name}\nAddress: fd00::50\n\n`
  const cases: [line: string, stdout: string, exitCode?: number][] = [
    ['nslookup web', head + both],
    ['nslookup web.default', head + both],
    [`nslookup ${name} 10.0.0.10`, head + both],
    ['nslookup alias', `${head}alias.default.svc.cluster.local\tcanonical name = ${name}.\n${both}`],
    ['nslookup -type=a web', `${head}Name:\t${name}\nAddress: 10.0.0.50\n\n`],
    ['nslookup -type=txt web', `${head}*** Can't find web: No answer\n\n`],
    [`nslookup nothing.default.svc.cluster.local`, `${head}** server can't find nothing.default.svc.cluster.local: NXDOMAIN\n\n`, 1],
    ['nslookup 10.0.0.50', '50.0.0.10.in-addr.arpa\tname = web.default.svc.cluster.local.\n\n'],
    ['nslookup web 8.8.8.8', `${';; communications error to 8.8.8.8#53: timed out\n'.repeat(3)}${nobody()}\n`, 1],
  ]
  test.each(cases)('%s', async (line, stdout, exitCode = 0) => {
    expect(await run(line)).toEqual({ stdout, stderr: '', exitCode })
  })
})

describe('host says', () => {
  const name = 'web.default.svc.cluster.local'
  const both = `${name} has address 10.0.0.50\n${name} has IPv6 address fd00::50\n`
  const cases: [line: string, stdout: string, exitCode?: number][] = [
    ['host web', both],
    ['host alias', `alias.default.svc.cluster.local is an alias for ${name}.\n${both}`],
    ['host -t SRV web', `${name} has SRV record 0 50 80 ${name}.\n`],
    ['host -t MX web', `${name} has no MX record\n`],
    ['host 10.0.0.50', `50.0.0.10.in-addr.arpa domain name pointer ${name}.\n`],
    ['host web 10.0.0.10', `Using domain server:\nName: 10.0.0.10\nAddress: 10.0.0.10#53\nAliases: \n\n${both}`],
    ['host nothing.default.svc.cluster.local', 'Host nothing.default.svc.cluster.local not found: 3(NXDOMAIN)\n', 1],
  ]
  test.each(cases)('%s', async (line, stdout, exitCode = 0) => {
    expect(await run(line)).toEqual({ stdout, stderr: '', exitCode })
  })
})
