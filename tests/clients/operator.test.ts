// An operator written with @kubernetes/client-node; its webhooks and its conversion are the test's own.
import { readFileSync } from 'node:fs'
import * as k8s from '@kubernetes/client-node'
import { expect, test, vi } from 'vitest'
import { type Cluster, startCluster } from '../../server/index.ts'
import { serveConversion, type Thing } from '../support/conversion.ts'
import { patchOf, serveHook } from '../support/hook.ts'
import { type Operator, startOperator, type Website } from './operator.ts'

const read = <T>(file: string): T[] => k8s.loadAllYaml(readFileSync(new URL(`website/${file}`, import.meta.url), 'utf8')) as T[]
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 20 })

const blog = { apiVersion: 'kubemock.dev/v1', kind: 'Website', metadata: { namespace: 'default', name: 'blog' } }
const published = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'published-blog' } }
const old = { ...blog, apiVersion: 'kubemock.dev/v1beta1' }

/** Between the versions of the definition. */
function converted({ spec = {}, ...rest }: Thing, apiVersion: string): object {
  const { host, domain, replicas, size, ...same } = spec
  const own = apiVersion.endsWith('/v1')
    ? { host: host ?? domain, replicas: replicas ?? size }
    : { domain: domain ?? host, size: size ?? replicas }
  return { ...rest, apiVersion, spec: { ...same, ...own } }
}

async function serveWebhooks() {
  const defaults = await serveHook(({ object }) =>
    (object as unknown as Website).spec.image ? { allowed: true } : patchOf({ op: 'add', path: '/spec/image', value: 'nginx' }),
  )
  const checks = await serveHook(({ object }) =>
    ((object as unknown as Website).spec.replicas ?? 0) > 5 ? { allowed: false, status: { message: 'too many' } } : { allowed: true },
  )
  const conversion = await serveConversion(converted)
  return {
    conversion,
    clients: { MutatingWebhookConfiguration: defaults.client, ValidatingWebhookConfiguration: checks.client } as Record<string, object>,
    [Symbol.asyncDispose]: async () => void (await Promise.all([defaults, checks, conversion].map(each => each[Symbol.asyncDispose]()))),
  }
}

type Hooks = Awaited<ReturnType<typeof serveWebhooks>>

async function install(objects: k8s.KubernetesObjectApi, { conversion, clients }: Hooks): Promise<void> {
  const [definition] = read<k8s.V1CustomResourceDefinition>('crd.yaml')
  const webhook = { conversionReviewVersions: ['v1'], clientConfig: conversion.client }
  await objects.create({
    ...definition,
    spec: { ...definition?.spec, conversion: { strategy: 'Webhook', webhook } },
  } as k8s.KubernetesObject)
  for (const { webhooks = [], ...configuration } of read<k8s.V1ValidatingWebhookConfiguration>('webhooks.yaml')) {
    const clientConfig = clients[configuration.kind ?? '']
    await objects.create({ ...configuration, webhooks: webhooks.map(each => ({ ...each, clientConfig })) } as k8s.KubernetesObject)
  }
  await eventually(async () => {
    const { status } = await objects.read<k8s.V1CustomResourceDefinition>(definition as { metadata: { name: string } })
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Established', status: 'True' }))
  })
}

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: k8s.ApiException<string>) => `${error.code} ${JSON.parse(error.body).message}`,
  )

test('an operator written with client-node', { timeout: 30_000 }, async () => {
  await using hooks = await serveWebhooks()
  await using cluster: Cluster = await startCluster({ pace: 'instant' })
  const config = new k8s.KubeConfig()
  config.loadFromString(cluster.kubeconfig)
  const objects = k8s.KubernetesObjectApi.makeApiClient(config)
  await install(objects, hooks)
  await using first = startOperator(config, 'first')
  await eventually(() => expect(first.leads).toBe(true))
  await using second = startOperator(config, 'second')

  const ready = (replicas: number) =>
    eventually(async () => {
      const { spec, status, metadata } = await objects.read<Website>(blog)
      expect(spec.replicas).toBe(replicas)
      expect(status).toMatchObject({ readyReplicas: replicas, observedGeneration: metadata?.generation })
      expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'True', message: `${replicas} of ${replicas}` }])
    })
  const patch = <T extends k8s.KubernetesObject>(object: T) =>
    objects.patch(object, undefined, undefined, 'test', undefined, k8s.PatchStrategy.MergePatch)

  const created = await objects.create<Website>({ ...blog, spec: { host: 'blog.test', replicas: 2 } })
  expect(created.spec.image).toBe('nginx')
  await ready(2)

  expect(
    await refusal(objects.create<Website>({ ...blog, metadata: { namespace: 'default', name: 'many' }, spec: { host: 'a', replicas: 6 } })),
  ).toBe('400 admission webhook "check.websites.kubemock.dev" denied the request: too many')
  expect(await refusal(patch({ ...blog, spec: { host: 'other.test' } }))).toBe(
    '422 Website.kubemock.dev "blog" is invalid: spec.host: Invalid value: "other.test": host is immutable',
  )
  expect(await objects.read(old)).toMatchObject({ spec: { domain: 'blog.test', image: 'nginx', size: 2 } })
  await patch({ ...old, spec: { size: 1 } })
  await ready(1)

  expect([first.leads, second.leads]).toEqual([true, false])
  await first[Symbol.asyncDispose]()
  await eventually(() => expect(second.leads).toBe(true))
  await patch({ ...blog, spec: { replicas: 3 } })
  await ready(3)

  await objects.read(published)
  await objects.delete(blog)
  await eventually(async () => expect(await refusal(objects.read(blog))).toBe('404 websites.kubemock.dev "blog" not found'))
  expect(await refusal(objects.read(published))).toBe('404 configmaps "published-blog" not found')
  await cluster.settle()
  const pods = await config.makeApiClient(k8s.CoreV1Api).listNamespacedPod({ namespace: 'default', labelSelector: 'website=blog' })
  expect(pods.items).toEqual([])
  expect(failuresOf(first, second)).toEqual([])
})

/** Conflicts are what an operator is used to. */
const failuresOf = (...operators: Operator[]): unknown[] =>
  operators.flatMap(({ failures }) => failures).filter(failure => (failure as { code?: number }).code !== 409)
