// Streams of pods with real kubectl: attach, port-forward, proxy; over WebSocket as kubectl does now, and over SPDY as it did before.
import { once } from 'node:events'
import { get } from 'node:http'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type WithKubectl, withKubectl } from '../support/withkubectl.ts'

const objects = `apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 8080, targetPort: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shell}
spec: {containers: [{name: shell, image: busybox, stdin: true}]}
`

let at: WithKubectl
beforeAll(async () => {
  at = await withKubectl({ nodes: 1 })
  await at.ok('kubectl apply -f -', objects)
  await at.ok('kubectl wait --for=condition=Ready pod/web pod/shell')
  await at.cluster.settle()
})
afterAll(() => at[Symbol.asyncDispose]())

const spdy = 'KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false KUBECTL_PORT_FORWARD_WEBSOCKETS=false '

/** Resolves with what was said up to and with the pattern. */
function said(stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', chunk => {
      text += chunk
      const found = pattern.exec(text)
      if (found) resolve(found)
    })
    stream.on('end', () => reject(new Error(`the output ended with ${JSON.stringify(text)}`)))
  })
}

function fetched(port: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, response => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    }).on('error', reject)
  })
}

describe.each([
  ['WebSocket', ''],
  ['SPDY', spdy],
])('over %s', (_name, environment) => {
  test('exec brings output, errors, input and the exit code', async () => {
    const { exit, stdout, stderr } = await at.run(`${environment}kubectl exec -i web -- sh -c 'cat; echo err >&2; exit 3'`, 'typed\n')
    expect({ exit, stdout, stderr }).toEqual({ exit: 3, stdout: 'typed\n', stderr: 'err\ncommand terminated with exit code 3\n' })
  })

  test('attach talks to the shell that the container runs, again and again', async () => {
    const command = `${environment}kubectl attach -i shell --quiet`
    expect((await at.run(command, 'hostname\nexit 4\n')).stdout).toBe('shell\n')
    await at.ok(
      'kubectl wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/shell && kubectl wait --for=condition=Ready pod/shell',
    )
    expect(await at.ok("kubectl get pod shell -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'")).toBe('4')
    await at.ok('kubectl replace --force -f -', objects.split('---\n')[2])
    await at.ok('kubectl wait --for=condition=Ready pod/shell')
  })

  test('port-forward carries requests into the pod, several at a time and one after the other', async () => {
    const child = at.run.spawn(`env ${environment}kubectl port-forward pod/web :80`)
    const closed = once(child, 'close')
    const [, port = ''] = await said(child.stdout as Readable, /127\.0\.0\.1:(\d+) -> 80/)
    const answers = await Promise.all(['/', '/', '/none', '/'].map(path => fetched(port, path)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 200])
    expect((await fetched(port, '/')).body).toContain('Welcome to nginx!')
    process.kill(-(child.pid as number), 'SIGINT')
    await closed
  })

  test('port-forward ends with its pod', async () => {
    await at.ok('kubectl run brief --image nginx && kubectl wait --for=condition=Ready pod/brief')
    const child = at.run.spawn(`env ${environment}kubectl port-forward pod/brief :80`)
    const closed = once(child, 'close')
    const [, port = ''] = await said(child.stdout as Readable, /127\.0\.0\.1:(\d+) -> 80/)
    expect((await fetched(port, '/')).status).toBe(200)
    await at.ok('kubectl delete pod brief --now')
    const told = said(child.stderr as Readable, /does not exist on node-0/)
    await expect(fetched(port, '/')).rejects.toThrow()
    await told
    process.kill(-(child.pid as number), 'SIGINT')
    await closed
  })

  test('port-forward to a port where nobody listens says so', async () => {
    const child = at.run.spawn(`env ${environment}kubectl port-forward pod/web :81`)
    const closed = once(child, 'close')
    const [, port = ''] = await said(child.stdout as Readable, /127\.0\.0\.1:(\d+) -> 81/)
    const told = said(child.stderr as Readable, /error forwarding port 81 to pod .*connection refused/)
    await fetched(port, '/').catch(() => {})
    await told
    process.kill(-(child.pid as number), 'SIGINT')
    await closed
  })
})

describe('kubectl run -i', () => {
  test('feeds a shell, tells its exit code and removes the pod', async () => {
    const { exit, stdout, stderr } = await at.run(
      'kubectl run one --image busybox --restart Never -i --rm --quiet -- sh',
      'echo $((40 + 2))\nexit 7\n',
    )
    expect([exit, stdout]).toEqual([7, '42\n'])
    expect(stderr).not.toContain('rror from server')
    expect((await at.run('kubectl get pod one')).exit).toBe(1)
  })
  test('cat gives back what it is given', async () => {
    const { exit, stdout } = await at.run('kubectl run two --image busybox --restart Never -i --rm --quiet -- cat', 'one\ntwo\n')
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'one\ntwo\n' })
  })
  test('what was said is in the log', async () => {
    await at.ok('kubectl run three --image busybox --restart Never -i --quiet -- sh', 'echo remembered\n')
    expect(await at.ok('kubectl logs three')).toBe('remembered\n')
    expect(await at.ok("kubectl get pod three -o jsonpath='{.status.phase}'")).toBe('Succeeded')
  })
})

test('attach tells what a program says when it has ended', async () => {
  await at.ok('kubectl run talk --image busybox --restart Never -- sh -c "echo first; sleep 2; echo second"')
  await at.ok('kubectl wait --for=condition=Ready pod/talk')
  expect(await at.ok('kubectl attach talk --quiet')).toBe('first\nsecond\n')
})

describe('proxy', () => {
  const raw = (path: string) => at.run(`kubectl get --raw /api/v1/namespaces/default/${path}`)
  test.each([
    'services/web:8080/proxy/',
    'services/web:http/proxy/',
    'services/http:web:8080/proxy/index.html',
    'services/https:web:8080/proxy/?a=b',
    'pods/web/proxy/',
    'pods/web:80/proxy/index.html',
    'services/web:8080/proxy',
  ])('%s gives the page', async path => {
    expect((await raw(path)).stdout).toContain('Welcome to nginx!')
  })

  const refused: [path: string, message: string][] = [
    ['services/web:81/proxy/', 'no service port 81 found for service "web"'],
    ['services/web:other/proxy/', 'no endpoints available for service "web:other"'],
    ['services/none/proxy/', 'services "none" not found'],
    ['pods/none/proxy/', 'pods "none" not found'],
  ]
  test.each(refused)('%s: %s', async (path, message) => {
    expect(await raw(path)).toMatchObject({ exit: 1, stderr: expect.stringContaining(message) as string })
  })
  test('a port where nobody listens', async () => {
    const ip = await at.ok("kubectl get pod web -o jsonpath='{.status.podIP}'")
    expect((await raw('pods/web:81/proxy/')).stderr).toContain(
      `error trying to reach service: dial tcp ${ip}:81: connect: connection refused`,
    )
  })
  test('what the server says of its errors comes through', async () => {
    expect((await raw('pods/web/proxy/nothing')).stderr).toContain('the server could not find the requested resource')
  })

  test('a kubelet answers for its node', async () => {
    const kubelet = (path: string) => at.ok(`kubectl get --raw /api/v1/nodes/node-0/proxy/${path}`)
    expect(await kubelet('healthz')).toBe('ok')
    const pods = JSON.parse(await kubelet('pods')) as { kind: string; items: { metadata: { name: string } }[] }
    expect([pods.kind, pods.items.map(p => p.metadata.name)]).toEqual(['PodList', expect.arrayContaining(['web', 'shell']) as string[]])
    expect(await kubelet('containerLogs/default/web/web?tailLines=1')).toMatch(/^\[notice\]/)
    expect((await at.run('kubectl get --raw /api/v1/nodes/node-0/proxy/none')).exit).toBe(1)
    expect((await at.run('kubectl get --raw /api/v1/nodes/node-0:81/proxy/')).stderr).toContain('connection refused')
  })

  test('kubectl proxy serves the API and what is behind it', async () => {
    const child = at.run.spawn('kubectl proxy --port 0')
    const closed = once(child, 'close')
    const [, port = ''] = await said(child.stdout as Readable, /127\.0\.0\.1:(\d+)/)
    expect((await fetched(port, '/api/v1/namespaces/default/services/web:8080/proxy/')).body).toContain('Welcome to nginx!')
    expect((await fetched(port, '/version')).status).toBe(200)
    process.kill(-(child.pid as number), 'SIGINT')
    await closed
  })
})
