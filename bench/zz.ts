import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { Client } from './client.ts'
import { pod, pods, podStatus } from './objects.ts'
const what = process.argv[2]
const dir = mkdtempSync('/tmp/zz-')
const port = 34568
const child = spawn(process.execPath, ['--cpu-prof', '--cpu-prof-dir=/tmp/prof', `--cpu-prof-name=${what}.cpuprofile`, '--import', 'tsx', 'server/main.ts', 'start', '--port', String(port), '--grpc-port', '-1', '--dns-port', '-1', '--state-dir', dir, '--nodes', '0', '--controllers', ''], { stdio: ['ignore', 'ignore', 'inherit'] })
const client = new Client(port)
while (!(await client.isReady())) await new Promise(r => setTimeout(r, 20))
client.token = JSON.parse(readFileSync(`${dir}/secrets.json`, 'utf8')).adminToken
await client.request('POST', '/api/v1/namespaces/default/serviceaccounts', { body: JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }) })
const n = what === 'create' ? 15000 : 500
await client.all(Array.from({ length: n }, (_, i) => ({ method: 'POST', path: pods, body: JSON.stringify(pod(`p-${i}`)) })))
const typed = { apiVersion: 'v1', kind: 'Pod' }
if (what === 'apply')
for (let round = 0; round < 30; round++) await client.all(Array.from({ length: n }, (_, i) => ({ method: 'PATCH', path: `${pods}/p-${i}?fieldManager=apply&force=true`, contentType: 'application/apply-patch+yaml', body: JSON.stringify({ ...typed, metadata: { labels: { round: `${round}` } }, spec: { containers: [{ name: 'web', image: `web:v${round}` }] } }) })))
if (what === 'status')
for (let round = 0; round < 30; round++) await client.all(Array.from({ length: n }, (_, i) => ({ method: 'PATCH', path: `${pods}/p-${i}/status`, contentType: 'application/strategic-merge-patch+json', body: JSON.stringify(podStatus(round)) })))
child.kill('SIGINT')
await new Promise(r => child.once('exit', r))
