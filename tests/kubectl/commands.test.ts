// Commands on containers and nodes with real kubectl: those the chapter does not use, and what is refused.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type WithKubectl, withKubectl } from '../support/withkubectl.ts'

let at: WithKubectl
beforeAll(async () => {
  at = await withKubectl()
  await at.ok('kubectl run web --image nginx && kubectl run broken --image nginx --annotations kubemock.dev/mode=crash')
  await at.ok('kubectl wait --for=condition=Ready pod/web')
  await at.cluster.settle()
})
afterAll(() => at[Symbol.asyncDispose]())

describe('exec', () => {
  const cases: [command: string, exit: number, stdout: string, stderr: string][] = [
    ['kubectl exec web -- sh -c "exit 3"', 3, '', 'command terminated with exit code 3\n'],
    ['kubectl exec web -- sh -c "echo out; echo err >&2"', 0, 'out\n', 'err\n'],
    ['echo typed | kubectl exec -i web -- cat', 0, 'typed\n', ''],
    ['kubectl exec web -c other -- ls', 1, '', 'error: container other is not valid for pod web out of: web\n'],
    ['kubectl exec nobody -- ls', 1, '', 'Error from server (NotFound): pods "nobody" not found\n'],
  ]
  for (const [command, exit, stdout, stderr] of cases)
    test(command, async () => expect(await at.run(command)).toEqual({ exit, stdout, stderr }))

  test('of a program that is not there says so as a container runtime does', async () => {
    const { exit, stderr } = await at.run('kubectl exec web -- nosuch')
    expect(exit).not.toBe(0)
    expect(stderr).toContain('exec: "nosuch": executable file not found in $PATH')
  })
})

describe('cp', () => {
  test('copies files and directories both ways, byte for byte', async () => {
    const bytes = randomBytes(50_000)
    mkdirSync(join(at.directory, 'tree/below'), { recursive: true })
    writeFileSync(join(at.directory, 'tree/bytes'), bytes)
    writeFileSync(join(at.directory, 'tree/below/text'), 'text\n')
    await at.ok('kubectl cp tree web:/tmp/tree && kubectl cp tree/bytes web:/tmp/alone')
    expect(await at.ok('kubectl exec web -- cat /tmp/tree/below/text')).toBe('text\n')
    await at.ok('kubectl cp web:/tmp/tree back && kubectl cp web:/tmp/alone alone')
    for (const copy of ['back/bytes', 'alone']) expect(readFileSync(join(at.directory, copy)).equals(bytes)).toBe(true)
    expect(readFileSync(join(at.directory, 'back/below/text'), 'utf8')).toBe('text\n')
  })
  test('tells that names lose their first slash', async () => {
    expect(await at.ok('kubectl cp web:/etc/hostname hostname')).toBe("tar: Removing leading `/' from member names\n")
    expect(readFileSync(join(at.directory, 'hostname'), 'utf8')).toBe('web\n')
  })
})

describe('logs', () => {
  const start = '/docker-entrypoint.sh: Configuration complete; ready for start up\n'
  test('of a run, of the run before, by container, by label, with times', async () => {
    expect(await at.ok('kubectl logs web')).toMatch(start)
    expect(await at.ok('kubectl logs web -c web --tail 1')).toMatch(/^\[notice\].*\n$/)
    expect(await at.ok('kubectl logs -l run=web --prefix --tail 1')).toMatch(/^\[pod\/web\/web\] /)
    expect(await at.ok('kubectl logs web --timestamps --tail 1')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z \[notice\]/)
    expect(await at.ok('kubectl logs broken --previous')).toMatch(start)
  })
  test('end when the pod goes', async () => {
    await at.ok('kubectl run short --image nginx && kubectl wait --for=condition=Ready pod/short')
    const [followed] = await Promise.all([at.ok('kubectl logs -f short'), at.ok('sleep 0.3; kubectl delete pod short')])
    expect(followed).toMatch(start)
  })
  const refused: [command: string, says: string][] = [
    ['kubectl logs web --previous', 'previous terminated container "web" in pod "web" not found'],
    ['kubectl logs web -c other', 'container other is not valid for pod web'],
    ['kubectl logs nobody', 'pods "nobody" not found'],
  ]
  for (const [command, says] of refused)
    test(`refused: ${command}`, async () => {
      const { exit, stderr } = await at.run(command)
      expect(exit).toBe(1)
      expect(stderr).toContain(says)
    })
})

describe('what is not there is refused by name', () => {
  const refused: [command: string, says: string][] = [['kubectl top pods', 'Metrics API not available']]
  for (const [command, says] of refused)
    test(command, async () => {
      const { exit, stderr } = await at.run(command)
      expect(exit).toBe(1)
      expect(stderr).toContain(says)
    })
})

test('drain evicts what may go, and says what may not', async () => {
  await using own = await withKubectl()
  await own.ok('kubectl create deployment app --image nginx --replicas 6 && kubectl rollout status deploy/app')
  await own.ok(`kubectl run bare --image nginx --overrides '{"spec":{"nodeName":"node-1"}}' && kubectl wait --for=condition=Ready pod/bare`)
  expect(await own.run('kubectl drain node-1')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('cannot delete Pods that declare no controller (use --force to override): default/bare') as string,
  })
  const drained = await own.ok('kubectl drain node-1 --force --timeout 20s')
  expect(drained).toMatch(/^pod\/bare evicted$/m)
  expect(drained).toMatch(/^node\/node-1 drained$/m)
  await own.ok('kubectl rollout status deploy/app')
  const nodes = await own.ok("kubectl get pods -o jsonpath='{.items[*].spec.nodeName}'")
  expect(nodes.split(' ')).toHaveLength(6)
  expect(nodes).not.toContain('node-1')
  expect(await own.ok('kubectl get node node-1 --no-headers')).toMatch(/Ready,SchedulingDisabled/)
  await own.ok('kubectl uncordon node-1')
})
