// Definitions as large as people install: those that cert-manager and prometheus-operator ship in their Go modules.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileTime, go } from '../support/go.ts'
import { withKubectl } from '../support/withkubectl.ts'

const certificate = (algorithm: string) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'site', namespace: 'default' },
  spec: { secretName: 'site-tls', issuerRef: { name: 'ca' }, dnsNames: ['site.test'], privateKey: { algorithm } },
})
const prometheus = (scrapeInterval: string) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Prometheus',
  metadata: { name: 'main', namespace: 'default' },
  spec: { replicas: 2, scrapeInterval },
})

const shipped = [
  {
    module: 'github.com/cert-manager/cert-manager@v1.21.2',
    folder: 'deploy/crds',
    path: 'certificates.spec.privateKey.algorithm',
    explained: ['GROUP:      cert-manager.io', 'FIELD: algorithm <string>', 'ENUM:', 'Ed25519'],
    good: certificate('ECDSA'),
    bad: certificate('DSA'),
    refusal: 'spec.privateKey.algorithm: Unsupported value: "DSA": supported values: "RSA", "ECDSA", "Ed25519"',
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    folder: 'example/prometheus-operator-crd',
    path: 'prometheuses.spec.containers.env.valueFrom.secretKeyRef',
    explained: ['GROUP:      monitoring.coreos.com', 'FIELD: secretKeyRef <Object>', 'optional\t<boolean>'],
    good: prometheus('30s'),
    bad: prometheus('often'),
    refusal: 'spec.scrapeInterval: Invalid value: "often": spec.scrapeInterval in body should match ',
  },
]

for (const { module, folder, path, explained, good, bad, refusal } of shipped)
  test(`of ${module}`, { timeout: compileTime }, async context => {
    const download = await go(['mod', 'download', '-json', module], tmpdir())
    if ('missing' in download) return context.skip(download.missing)
    const directory = join(JSON.parse(download.stdout).Dir, folder)
    await using at = await withKubectl({ nodes: 0 })
    const applied = await at.ok(`kubectl apply --server-side -f ${directory}`)
    expect(applied).toContain('serverside-applied')
    await at.ok('kubectl wait --for=condition=Established --timeout=20s crd --all')
    expect(await at.ok(`kubectl apply --server-side -f ${directory}`)).toBe(applied)
    const text = await at.ok(`kubectl explain ${path}`)
    for (const line of explained) expect(text).toContain(line)
    await at.ok('kubectl create -f -', JSON.stringify(good))
    const { exit, stderr } = await at.run('kubectl replace -f -', JSON.stringify(bad))
    expect(stderr).toContain(refusal)
    expect(exit).toBe(1)
  })
