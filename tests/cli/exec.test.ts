// kubemock exec -- CMD: a cluster for the time of a command.
import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shell } from '../support/kubectl.ts'
import { kubemock, newDirectory, program } from '../support/process.ts'

const within = (...command: string[]) => kubemock(['exec', '--pace', 'instant', '--', ...command])

test('the command finds a cluster of its own by KUBECONFIG, and nothing is left behind', async () => {
  const { exit, stdout } = await within('bash', '-c', 'echo $KUBECONFIG; grep server: $KUBECONFIG')
  expect(exit).toBe(0)
  const [file = '', server] = stdout.split('\n')
  expect(server).toMatch(/https:\/\/127\.0\.0\.1:\d+/)
  expect(existsSync(file)).toBe(false)
})

test('its exit status is passed on', async () => {
  expect((await within('bash', '-c', 'exit 7')).exit).toBe(7)
  expect((await within('bash', '-c', 'kill -KILL $$')).exit).toBe(137)
  expect(await within('/no/such/program')).toMatchObject({ exit: 127, stderr: 'kubemock: cannot run /no/such/program: not found\n' })
  expect(await within('/')).toMatchObject({ exit: 126, stderr: 'kubemock: cannot run /: permission denied\n' })
})

test('two at once do not meet', async () => {
  const [one, two] = await Promise.all([within('bash', '-c', 'grep server: $KUBECONFIG'), within('bash', '-c', 'grep server: $KUBECONFIG')])
  expect(one.stdout).not.toBe(two.stdout)
})

test('signals reach the command, which may end in its own time', async () => {
  const script = "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
  const child = spawn(process.execPath, [program, 'exec', '--', 'bash', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise(resolve => child.once('exit', resolve))
  let output = ''
  for await (const text of child.stdout) {
    output += String(text)
    if (output === 'ready\n') child.kill('SIGTERM')
  }
  expect(output).toBe('ready\ncaught\n')
  expect(await exited).toBe(5)
})

test('kubectl works inside', async () => {
  const run = shell('', newDirectory())
  const { stdout } = await run(
    `${process.execPath} ${program} exec --pace instant -- bash -c 'kubectl create deployment web --image nginx && kubectl rollout status deploy/web | tail -1'`,
  )
  expect(stdout).toBe('deployment.apps/web created\ndeployment "web" successfully rolled out\n')
})

test("the audit log tells on the standard output what the command's kubectl did", async () => {
  const directory = newDirectory()
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const policy = join(directory, 'policy.yaml')
  const rules = 'rules: [{level: Metadata, verbs: [create], resources: [{resources: [configmaps]}], omitStages: [RequestReceived]}]'
  writeFileSync(policy, `apiVersion: audit.k8s.io/v1\nkind: Policy\n${rules}\n`)
  const flags = `--pace instant --audit-policy-file ${policy} --audit-log-path -`
  const { stdout } = await shell(
    '',
    directory,
  )(`${process.execPath} ${program} exec ${flags} -- kubectl create configmap it --from-literal a=b`)
  const [event, printed] = stdout.split('\n')
  expect(JSON.parse(event ?? '')).toMatchObject({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: 'ResponseComplete',
    verb: 'create',
    objectRef: { resource: 'configmaps', name: 'it' },
    responseStatus: { code: 201 },
  })
  expect(printed).toBe('configmap/it created')
})
