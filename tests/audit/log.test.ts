// --audit-log-path and --audit-log-format.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configMaps, serveRest } from '../support/api.ts'
import { policyOf } from '../support/audit.ts'
import { aFile } from '../support/clientcerts.ts'

test('legacy lines', async () => {
  const auditLogPath = `${aFile('')}.log`
  const rest = await serveRest({
    auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
    auditLogPath,
    auditLogFormat: 'legacy',
  })
  const { headers } = await rest.call('get', configMaps).set('user-agent', 'tester').expect(200)
  await rest.cluster.close()
  expect(readFileSync(auditLogPath, 'utf8').split('\n')).toEqual([
    expect.stringContaining('stage="RequestReceived"'),
    `2026-01-01T00:00:00Z AUDIT: id="${headers['audit-id']}" stage="ResponseComplete" ip="127.0.0.1" method="list" user="kubernetes-admin" groups="\\"system:masters\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="tester" namespace="default" uri="${configMaps}" response="200"`,
    '',
  ])
})

test.skipIf(process.platform !== 'linux')('a file that cannot be written does not stop requests', async () => {
  const errors: unknown[] = []
  await using rest = await serveRest({
    auditPolicyFile: aFile(policyOf({ level: 'Metadata', verbs: ['list'] })),
    auditLogPath: '/dev/full',
    logError: error => errors.push(error),
  })
  await rest.call('get', configMaps).expect(200)
  expect(errors.map(String)).toEqual(Array(2).fill(expect.stringContaining("Error in audit plugin 'log' affecting 1 audit events: ENOSPC")))
})
