// Pods that run and are changed: another image, other resources, a container that joins to look around.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type WithKubectl, withKubectl } from '../support/withkubectl.ts'

let at: WithKubectl
beforeAll(async () => {
  at = await withKubectl()
})
afterAll(() => at[Symbol.asyncDispose]())

async function runs(name: string): Promise<void> {
  await at.ok(`kubectl run ${name} --image nginx:1.27 && kubectl wait --for=condition=Ready pod/${name}`)
  await at.cluster.settle()
}
const shown = async (name: string, path: string): Promise<string> => at.ok(`kubectl get pod ${name} -o jsonpath='{${path}}'`)
const events = (name: string): Promise<string> =>
  at.ok(
    `kubectl events --for pod/${name} -o jsonpath='{range .items[*]}{.reason} {.involvedObject.fieldPath}: {.message}{"\\n"}{end}' | sort`,
  )

test('another image restarts the container', async () => {
  await runs('image')
  await at.ok('kubectl exec image -- sh -c "echo mine > /mine"')
  await at.ok('kubectl set image pod/image image=nginx:1.28')
  await at.cluster.settle()
  const path = '.status.containerStatuses[0]'
  expect(await shown('image', `${path}.restartCount} {${path}.image} {${path}.ready} {${path}.lastState.terminated.reason`)).toBe(
    '1 nginx:1.28 true Completed',
  )
  expect(await events('image')).toContain('Killing spec.containers{image}: Container image definition changed, will be restarted\n')
  expect((await at.run('kubectl exec image -- cat /mine')).exit).toBe(1)
})

test('an image that is not there waits until another is named', async () => {
  await runs('lost')
  await at.ok('kubectl set image pod/lost lost=nginx:missing')
  await at.cluster.settle()
  expect(await at.ok('kubectl get pod lost --no-headers')).toMatch(/^lost +0\/1 +ImagePullBackOff +0 /)
  await at.ok('kubectl set image pod/lost lost=nginx:1.29')
  await at.cluster.settle()
  expect(await at.ok('kubectl get pod lost --no-headers')).toMatch(/^lost +1\/1 +Running +1 /)
})

test('resources change under a container that goes on, or that wants to restart for it', async () => {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } }
  const resizePolicy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }]
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'sized' } }
  const spec = { containers: [{ name: 'app', image: 'nginx', resources, resizePolicy }] }
  await at.ok(`echo '${JSON.stringify({ ...pod, spec })}' | kubectl apply -f - && kubectl wait --for=condition=Ready pod/sized`)
  const resize = async (requests: object): Promise<string> => {
    const patch = { spec: { containers: [{ name: 'app', resources: { requests } }] } }
    await at.ok(`kubectl patch pod sized --subresource resize -p '${JSON.stringify(patch)}'`)
    await at.cluster.settle()
    const path = '.status.containerStatuses[0]'
    return shown('sized', `${path}.restartCount} {${path}.resources.requests} {${path}.allocatedResources`)
  }
  expect(await resize({ cpu: '200m' })).toBe('0 {"cpu":"200m","memory":"64Mi"} {"cpu":"200m","memory":"64Mi"}')
  expect(await resize({ memory: '128Mi' })).toBe('1 {"cpu":"200m","memory":"128Mi"} {"cpu":"200m","memory":"128Mi"}')
})

test('kubectl debug adds a container that runs, says and ends', async () => {
  await runs('sick')
  await at.ok('kubectl debug sick --image=busybox --container=look --profile=general')
  await at.ok('kubectl debug sick --image=busybox --container=say --profile=general -- sh -c "echo seen; exit 3"')
  await at.cluster.settle()
  const state = (index: number) => `.status.ephemeralContainerStatuses[${index}].state`
  expect(await shown('sick', `${state(0)}.running.startedAt`)).not.toBe('')
  expect(await shown('sick', `${state(1)}.terminated.exitCode`)).toBe('3')
  expect(await at.ok('kubectl exec sick -c look -- echo hello')).toBe('hello\n')
  expect(await at.ok('kubectl logs sick -c say')).toBe('seen\n')
  expect(await at.ok('kubectl get pod sick --no-headers')).toMatch(/^sick +1\/1 +Running +0 /)
  expect(await events('sick')).toContain('Started spec.ephemeralContainers{say}: Container started\n')
})
