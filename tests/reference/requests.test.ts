// The requests that kubectl and helm make of a server, command by command, with nothing known of it yet and once more: as many, the same, and
// answered with the same codes as those of a real cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { expectConformance } from '../support/conformance.ts'
import { knownOf } from '../support/known.ts'
import { shell } from '../support/kubectl.ts'
import { printed } from '../support/printed.ts'
import { recordingProxy } from '../support/recordingproxy.ts'
import { hasReference, isServed, readReference } from '../support/reference.ts'
import { withKubectl } from '../support/withkubectl.ts'

type Recorded = [method: string, path: string, status: number | string]
interface Sequence {
  cmd: string
  setup?: string
  undo?: string
  exit: number
  cold: readonly Recorded[]
  warm: readonly Recorded[]
}

const configMap = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: ${value}}\n`
const files = {
  'cm.yaml': configMap('one'),
  'cm2.yaml': configMap('two'),
  'sts.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 1
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "postgres:17"}]}}
`,
  'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: "nginx:1.27"}]}}
`,
  'kustomization.yaml': 'resources: [cm.yaml]\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
  'chart/templates/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-cm"}\ndata: {a: b}\n',
}

const isDiscovery = ([, path]: Recorded | readonly unknown[]): boolean => /^\/(apis?|openapi\/v3\S*)(\?|$)/.test(String(path))

/** Concurrent discovery may come in any order, and what an ETag decides either way. */
function comparable(requests: readonly (readonly [string, string, number | string])[]): string[] {
  const lines = requests.map(request => {
    const [method, path, status] = request
    const shown = printed(path)
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<UID>')
      .replace(/hash=[0-9A-F]+/, 'hash=<HASH>')
      .replace(/(timeoutSeconds=|timeout=)(\d+s?\b|<AGE>)/, '$1<N>')
      .replace(/(fieldSelector=)([^&]+)/, (_all, name: string, terms: string) => name + terms.split('%2C').sort().join('%2C'))
      .replace(/(resourceVersion(?:=|%3D))\d+/g, '$1<RV>')
    return { discovery: isDiscovery(request), text: `${method} ${shown} ${isDiscovery(request) ? '' : status}`.trim() }
  })
  const of = (discovery: boolean) => lines.filter(line => line.discovery === discovery).map(line => line.text)
  return [...of(true).sort(), ...of(false)]
}

const served = ({ cold }: Sequence): boolean => cold.every(([, path]) => isServed(/\/apis\/([^/?]+)\//.exec(path)?.[1] ?? ''))

describe.skipIf(!hasReference)('requests of clients', () => {
  test('every recorded sequence', { timeout: 240_000 }, async () => {
    await using at = await withKubectl({ pace: 'fast' }, files)
    await at.ok('kubectl create namespace rec-seq && kubectl config set-context --current --namespace rec-seq')
    await at.ok(
      'kubectl run p --image=nginx && kubectl apply -f web.yaml -f sts.yaml && kubectl create service clusterip db --tcp=80 --clusterip=None',
    )
    await at.ok('kubectl rollout status deploy/web && kubectl rollout status sts/db && kubectl wait --for=condition=Ready pod/p')
    await using proxy = await recordingProxy(at.cluster)
    const known = knownOf('kubectl/request-sequences')
    const failures: Record<string, unknown> = {}
    let same = 0
    const sequences = readReference<{ commands: readonly Sequence[] }>('kubectl/request-sequences.json').commands.filter(served)
    const times = new Map<string, number>()
    for (const sequence of sequences) {
      const { cmd, setup, undo } = sequence
      const time = (times.get(cmd) ?? 0) + 1
      times.set(cmd, time)
      const home = mkdtempSync(join(tmpdir(), 'kubemock-home-'))
      writeFileSync(join(home, 'config'), proxied(proxy.url))
      const run = shell(join(home, 'config'), at.directory, home)
      const got: Record<string, string[]> = {}
      for (const temperature of ['cold', 'warm'] as const) {
        if (setup) await at.run(setup)
        proxy.take()
        await run(`timeout 10 bash -c ${quoted(cmd)}`)
        got[temperature] = comparable(proxy.take())
        if (undo) await at.run(undo)
        // kubectl refuses a second restart within one second.
        if (cmd.includes('restart')) await passed(1000)
      }
      rmSync(home, { recursive: true, force: true })
      const want = { cold: comparable(sequence.cold), warm: comparable(sequence.warm) }
      if (JSON.stringify(got) === JSON.stringify(want)) same++
      else failures[time === 1 ? cmd : `${cmd} #${time}`] = { want, got }
    }
    expectConformance('kubectl/request-sequences', same, sequences.length)
    expect(Object.fromEntries(Object.entries(failures).filter(([cmd]) => !known.includes(cmd)))).toEqual({})
    expect(known.filter(cmd => !(cmd in failures))).toEqual([])
  })
})

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const proxied = (url: string): string => `apiVersion: v1
kind: Config
clusters: [{name: it, cluster: {server: "${url}"}}]
contexts: [{name: it, context: {cluster: it, user: it, namespace: rec-seq}}]
current-context: it
users: [{name: it, user: {}}]
`
