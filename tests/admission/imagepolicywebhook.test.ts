// ImagePolicyWebhook: who is asked about images, and what becomes of the answer.
import { describe, expect, test } from 'vitest'
import { aConfiguration, aKubeconfig, serveConfigured } from '../support/admission.ts'
import { aPod, pods, type Rest, serveRest } from '../support/api.ts'
import { serveAudited } from '../support/audit.ts'
import { serveBackend } from '../support/backend.ts'
import { aFile } from '../support/clientcerts.ts'

interface Review {
  spec: { containers: { image: string }[]; annotations?: object; namespace: string }
}

/** Answers with these, in turn, and the last one again. */
async function servePolicy(...answers: (object | number)[]) {
  const backend = await serveBackend<Review>((_review, count) => answers[Math.min(count, answers.length) - 1] as object | number)
  const configure = (more: object = {}) => ({ imagePolicy: { kubeConfigFile: backend.kubeconfig, ...more } })
  return { ...backend, configure }
}

const serve = (configuration: object): Promise<Rest> => serveConfigured('ImagePolicyWebhook', configuration)
const prefix = 'image policy webhook backend denied one or more images'

describe('ImagePolicyWebhook', () => {
  test('tells of all images and of the annotations for it, and does as it is told', async () => {
    await using policy = await servePolicy({ allowed: false, reason: 'too old' }, { allowed: false }, { allowed: true })
    await using rest = await serve(policy.configure({ denyTTL: -1 }))
    const annotations = { 'ticket.image-policy.k8s.io/break-glass': 'T-1', other: 'x' }
    const containers = [{ name: 'app', image: 'nginx:1' }]
    const pod = { ...aPod('p', { containers, initContainers: [{ name: 'i', image: 'busybox' }] }), metadata: { name: 'p', annotations } }
    expect((await rest.call('post', pods, pod).expect(403)).body.message).toBe(`pods "p" is forbidden: ${prefix}: too old`)
    expect((await rest.call('post', pods, pod).expect(403)).body.message).toBe(
      'pods "p" is forbidden: one or more images rejected by webhook backend',
    )
    await rest.call('post', pods, pod).expect(201)
    expect(policy.asked).toHaveLength(3)
    expect(policy.asked[0]).toEqual({
      kind: 'ImageReview',
      apiVersion: 'imagepolicy.k8s.io/v1alpha1',
      metadata: {},
      spec: {
        containers: [{ image: 'nginx:1' }, { image: 'busybox' }],
        annotations: { 'ticket.image-policy.k8s.io/break-glass': 'T-1' },
        namespace: 'default',
      },
      status: { allowed: false },
    })
  })

  test('asks about containers that are added later, not about a status', async () => {
    await using policy = await servePolicy({ allowed: true })
    await using rest = await serve(policy.configure())
    await rest.call('post', pods, aPod('p')).expect(201)
    await rest.patch(`${pods}/p/status`, 'merge-patch', { status: { phase: 'Running' } }).expect(200)
    const added = { spec: { ephemeralContainers: [{ name: 'debug', image: 'debugger' }] } }
    await rest.patch(`${pods}/p/ephemeralcontainers`, 'strategic-merge-patch', added).expect(200)
    expect(policy.asked.map(({ spec }) => spec.containers)).toEqual([[{ image: 'nginx' }], [{ image: 'debugger' }]])
  })

  test.each([
    ['yes', { allowed: true }, { allowTTL: 60 }, 60, 201],
    ['no', { allowed: false }, { denyTTL: 60 }, 60, 403],
    ['yes, by default', { allowed: true }, {}, 300, 201],
    ['no, by default', { allowed: false }, {}, 30, 403],
  ])('an answer holds for a while: %s', async (_what, answer, ttl, seconds, code) => {
    await using policy = await servePolicy(answer)
    await using rest = await serve(policy.configure(ttl))
    const { clock } = rest.cluster
    await rest.call('post', pods, aPod('a')).expect(code)
    await clock.advance(seconds * 1000 - 1)
    await rest.call('post', pods, aPod('b')).expect(code)
    expect(policy.asked).toHaveLength(1)
    await clock.advance(1)
    await rest.call('post', pods, aPod('c')).expect(code)
    expect(policy.asked).toHaveLength(2)
  })

  test('without an answer pods are refused, or allowed when that is configured', async () => {
    await using policy = await servePolicy(404)
    await using rest = await serve(policy.configure())
    expect((await rest.call('post', pods, aPod('p')).expect(403)).body.message).toBe(
      'pods "p" is forbidden: the server could not find the requested resource',
    )
    await using other = await serve(policy.configure({ defaultAllow: true }))
    const { body } = await other.call('post', pods, aPod('p')).expect(201)
    expect(body.metadata.annotations).toEqual({ 'alpha.image-policy.k8s.io/failed-open': 'true' })
    const nobody = { imagePolicy: { kubeConfigFile: aKubeconfig('https://127.0.0.1:1/p', '') } }
    await using third = await serve(nobody)
    expect((await third.call('post', pods, aPod('p')).expect(403)).body.message).toBe(
      'pods "p" is forbidden: Post "https://127.0.0.1:1/p?timeout=30s": dial tcp 127.0.0.1:1: connect: connection refused',
    )
  })

  test('asks again, later and later, where that may help', async () => {
    await using policy = await servePolicy(500, 429, { allowed: true })
    await using rest = await serve(policy.configure({ retryBackoff: 1000 }))
    const made = rest.call('post', pods, aPod('p')).then(({ status }) => status)
    const asked = async (times: number) => {
      while (policy.asked.length < times) await new Promise(resolve => setImmediate(resolve))
    }
    await asked(1)
    const { clock } = rest.cluster
    // The wait begins when the answer has come.
    while (policy.asked.length < 2) await clock.advance(1000)
    while (policy.asked.length < 3) await clock.advance(1500)
    expect(await made).toBe(201)
  })

  test('what it adds to the audit log', async () => {
    await using policy = await servePolicy({ allowed: true, auditAnnotations: { seen: 'yes' } })
    const rest = await serveAudited([{ level: 'Metadata', resources: [{ group: '', resources: ['pods'] }] }], {
      enableAdmissionPlugins: 'ImagePolicyWebhook',
      disableAdmissionPlugins: 'ServiceAccount',
      admissionControlConfigFile: aConfiguration({ name: 'ImagePolicyWebhook', configuration: policy.configure() }),
    })
    await using _closing = rest
    await rest.call('post', pods, aPod('p')).expect(201)
    expect(rest.told('ResponseComplete')[0]?.annotations).toMatchObject({ 'imagepolicywebhook.image-policy.k8s.io/seen': 'yes' })
  })

  test('its configuration may be a part of the file itself, as of old', async () => {
    await using policy = await servePolicy({ allowed: false, reason: 'no' }, { allowed: true })
    const old = { ...policy.configure({ denyTTL: -1 }), podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: 'a=b' } }
    await using rest = await serveRest({
      enableAdmissionPlugins: 'ImagePolicyWebhook,PodNodeSelector',
      disableAdmissionPlugins: 'ServiceAccount',
      admissionControlConfigFile: aFile(JSON.stringify(old)),
    })
    expect((await rest.call('post', pods, aPod('p')).expect(403)).body.message).toContain(`${prefix}: no`)
    expect((await rest.call('post', pods, aPod('p')).expect(201)).body.spec.nodeSelector).toEqual({ a: 'b' })
  })
})
