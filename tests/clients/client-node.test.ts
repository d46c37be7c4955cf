// Programs as people write them with @kubernetes/client-node.
import { PassThrough, Writable } from 'node:stream'
import * as k8s from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Cluster, startCluster } from '../../server/index.ts'

const namespace = 'default'

async function connect(): Promise<{ cluster: Cluster; config: k8s.KubeConfig; core: k8s.CoreV1Api }> {
  const cluster = await startCluster({ pace: 'instant' })
  const config = new k8s.KubeConfig()
  config.loadFromString(cluster.kubeconfig)
  await cluster.settle()
  return { cluster, config, core: config.makeApiClient(k8s.CoreV1Api) }
}

/** All that was written to it. */
class Collected extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 })
const codeOf = (promise: Promise<unknown>): Promise<number | undefined> =>
  promise.then(
    () => undefined,
    (error: { code?: number }) => error.code,
  )
const configMap = (name: string, data?: Record<string, string>): k8s.V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

describe('an informer', () => {
  test('hears of additions, changes and deletions, and lists again when its version was compacted', async () => {
    const { cluster, config, core } = await connect()
    await core.createNamespacedConfigMap({ namespace, body: configMap('before') })
    const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () =>
      core.listNamespacedConfigMap({ namespace }),
    )
    const heard: string[] = []
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, ({ metadata }) => {
        if (metadata?.name !== 'kube-root-ca.crt') heard.push(`${verb} ${metadata?.name}`)
      })
    let connected = 0
    informer.on('connect', () => connected++)
    try {
      await informer.start()
      await core.createNamespacedConfigMap({ namespace, body: configMap('after') })
      await core.replaceNamespacedConfigMap({ namespace, name: 'after', body: configMap('after', { key: 'value' }) })
      await core.deleteNamespacedConfigMap({ namespace, name: 'after' })
      await eventually(() => expect(heard).toEqual(['add before', 'add after', 'update after', 'delete after']))

      await informer.stop()
      await core.createNamespacedConfigMap({ namespace, body: configMap('missed') })
      await core.deleteNamespacedConfigMap({ namespace, name: 'before' })
      await cluster.simulator.compact()
      heard.length = 0
      connected = 0
      await informer.start()
      // The list says nothing new of what is gone first; then what is there.
      await eventually(() => expect(heard).toEqual(['delete before', 'add missed']))
      expect(connected).toBe(2)
      expect(
        informer
          .list(namespace)
          .map(({ metadata }) => metadata?.name)
          .sort(),
      ).toEqual(['kube-root-ca.crt', 'missed'])
    } finally {
      await informer.stop()
      await cluster.close()
    }
  })
})

describe('typed and dynamic calls', () => {
  let cluster: Cluster
  let config: k8s.KubeConfig
  let core: k8s.CoreV1Api
  beforeAll(async () => {
    ;({ cluster, config, core } = await connect())
  })
  afterAll(() => cluster.close())

  const deployment = (name: string, image: string): k8s.V1Deployment => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
    },
  })

  test('create, read, replace, status, scale, delete; a conflict and what is not there by their codes', async () => {
    const apps = config.makeApiClient(k8s.AppsV1Api)
    const created = await apps.createNamespacedDeployment({ namespace, body: deployment('typed', 'nginx') })
    expect(created.spec?.strategy?.rollingUpdate).toEqual({ maxSurge: '25%', maxUnavailable: '25%' })
    expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date)
    await cluster.settle()
    const ready = await apps.readNamespacedDeployment({ namespace, name: 'typed' })
    expect(ready.status?.availableReplicas).toBe(2)
    expect(await codeOf(apps.replaceNamespacedDeployment({ namespace, name: 'typed', body: created }))).toBe(409)
    const scale = await apps.readNamespacedDeploymentScale({ namespace, name: 'typed' })
    await apps.replaceNamespacedDeploymentScale({ namespace, name: 'typed', body: { ...scale, spec: { replicas: 1 } } })
    await cluster.settle()
    const pods = await core.listNamespacedPod({ namespace, labelSelector: 'app=typed' })
    expect(pods.items).toHaveLength(1)
    await apps.deleteNamespacedDeployment({ namespace, name: 'typed' })
    await cluster.settle()
    expect(await codeOf(apps.readNamespacedDeployment({ namespace, name: 'typed' }))).toBe(404)
    expect((await core.listNamespacedPod({ namespace, labelSelector: 'app=typed' })).items).toEqual([])
  })

  test('apply takes fields with force only; the other patch types change what they say', async () => {
    const objects = k8s.KubernetesObjectApi.makeApiClient(config)
    const apply = (manager: string, value: string, force?: boolean) =>
      objects.patch(configMap('patched', { key: value }), undefined, undefined, manager, force, k8s.PatchStrategy.ServerSideApply)
    const first = await apply('one', 'a')
    expect(first.metadata?.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([['one', 'Apply']])
    expect(await codeOf(apply('two', 'b'))).toBe(409)
    await apply('two', 'b', true)
    const patch = async (strategy: k8s.PatchStrategy, body: object): Promise<k8s.V1ConfigMap> =>
      core.patchNamespacedConfigMap({ namespace, name: 'patched', body }, k8s.setHeaderOptions('Content-Type', strategy))
    expect((await patch(k8s.PatchStrategy.MergePatch, { data: { more: '1' } })).data).toEqual({ key: 'b', more: '1' })
    expect((await patch(k8s.PatchStrategy.StrategicMergePatch, { data: { $patch: 'replace', only: '2' } })).data).toEqual({ only: '2' })
    expect((await patch(k8s.PatchStrategy.JsonPatch, [{ op: 'move', from: '/data/only', path: '/data/moved' }])).data).toEqual({
      moved: '2',
    })
    expect(await codeOf(patch(k8s.PatchStrategy.JsonPatch, [{ op: 'test', path: '/data/moved', value: '3' }]))).toBe(422)
  })

  test('of two who renew a lease from the same version, one is told to read again', async () => {
    const leases = config.makeApiClient(k8s.CoordinationV1Api)
    const lease: k8s.V1Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'leader', namespace },
      spec: { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: new k8s.V1MicroTime('2026-01-01T00:00:00.000Z') },
    }
    const created = await leases.createNamespacedLease({ namespace, body: lease })
    const renew = (holderIdentity: string) =>
      leases.replaceNamespacedLease({ namespace, name: 'leader', body: { ...created, spec: { ...created.spec, holderIdentity } } })
    const codes = await Promise.all([codeOf(renew('two')), codeOf(renew('three'))])
    expect(codes.sort()).toEqual([409, undefined])
    const read = await leases.readNamespacedLease({ namespace, name: 'leader' })
    expect(['two', 'three']).toContain(read.spec?.holderIdentity)
    expect(new Date(String(read.spec?.renewTime)).toISOString()).toBe('2026-01-01T00:00:00.000Z')
  })

  test('a watch sends each change and ends when it is aborted', async () => {
    const events: string[] = []
    const ended = new Promise<unknown>(resolve => {
      const watch = new k8s.Watch(config)
      const query = { fieldSelector: 'metadata.name=watched' }
      const path = `/api/v1/namespaces/${namespace}/configmaps`
      void watch
        .watch(path, query, (type: string, object: k8s.V1ConfigMap) => events.push(`${type} ${object.data?.key ?? ''}`), resolve)
        .then(async controller => {
          await core.createNamespacedConfigMap({ namespace, body: configMap('watched') })
          await core.replaceNamespacedConfigMap({ namespace, name: 'watched', body: configMap('watched', { key: 'value' }) })
          await core.createNamespacedConfigMap({ namespace, body: configMap('another') })
          await core.deleteNamespacedConfigMap({ namespace, name: 'watched' })
          await eventually(() => expect(events).toHaveLength(3))
          controller.abort()
        })
    })
    await ended
    expect(events).toEqual(['ADDED ', 'MODIFIED value', 'DELETED value'])
  })

  describe('in a container', () => {
    beforeAll(async () => {
      const spec = { containers: [{ name: 'main', image: 'nginx' }] }
      await core.createNamespacedPod({ namespace, body: { metadata: { name: 'entered' }, spec } })
      await cluster.settle()
    })

    const exec = async (command: string[], input: string | undefined, tty: boolean) => {
      const [stdout, stderr] = [new Collected(), new Collected()]
      const stdin = input === undefined ? null : new PassThrough()
      const status = await new Promise<k8s.V1Status>((resolve, reject) => {
        new k8s.Exec(config).exec(namespace, 'entered', 'main', command, stdout, tty ? null : stderr, stdin, tty, resolve).then(
          () => void (tty ? stdin?.write(input) : stdin?.end(input)),
          error => reject(error as Error),
        )
      })
      return { status, stdout: stdout.text, stderr: stderr.text }
    }

    test('exec joins the three streams and tells the exit code', async () => {
      const { status, stdout, stderr } = await exec(['sh', '-c', 'read line; echo "got $line"; echo bad >&2; exit 3'], 'typed\n', false)
      expect({ stdout, stderr }).toEqual({ stdout: 'got typed\n', stderr: 'bad\n' })
      expect(status).toMatchObject({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '3' }] },
      })
      expect((await exec(['true'], undefined, false)).status).toMatchObject({ status: 'Success' })
    })

    test('a command that reads nothing does not wait for the end of its input', async () => {
      const stdout = new Collected()
      const open = new PassThrough()
      await new Promise<k8s.V1Status>((resolve, reject) => {
        new k8s.Exec(config).exec(namespace, 'entered', 'main', ['hostname'], stdout, null, open, false, resolve).catch(reject)
      })
      open.end()
      expect(stdout.text).toBe('entered\n')
    })

    test('exec with a terminal echoes and prompts', async () => {
      const { stdout } = await exec(['sh'], 'echo $((6 * 7))\rexit\r', true)
      expect(stdout).toContain('echo $((6 * 7))\r\n42\r\n')
    })

    test('logs are read and followed', async () => {
      const text = await core.readNamespacedPodLog({ namespace, name: 'entered' })
      expect(text).toMatch(/ready for start up\n/)
      const followed = new Collected()
      const reading = await new k8s.Log(config).log(namespace, 'entered', 'main', followed, { follow: true, tailLines: 1 })
      await eventually(() => expect(followed.text).toBe(`${text.trimEnd().split('\n').at(-1)}\n`))
      reading.abort()
    })
  })
})
