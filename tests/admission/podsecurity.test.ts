// Pod Security: what each check says, and what a namespace's labels make of it.
import { describe, expect, test } from 'vitest'
import { type Looked, violations } from '../../server/admission/podsecurity/checks.ts'
import { aPod, serveRest } from '../support/api.ts'

const latest = Number.POSITIVE_INFINITY
/** A pod that keeps to restricted, but for what is given. */
const good = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
const looked = (container: object, spec: object = {}, annotations: Record<string, string> = {}): Looked =>
  ({
    annotations,
    spec: {
      containers: [
        { name: 'a', ...container, securityContext: { ...good, ...(container as { securityContext?: object }).securityContext } },
      ],
      ...spec,
      securityContext: {
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
        ...(spec as { securityContext?: object }).securityContext,
      },
    },
  }) as unknown as Looked
const told = (pod: Looked, level: 'baseline' | 'restricted', minor = latest): string =>
  violations(pod, level, minor)
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ')

describe('checks', () => {
  test('a careful pod keeps to restricted', () => expect(told(looked({}), 'restricted')).toBe(''))
  const ofContainer = (securityContext: object, rest: object = {}) => looked({ securityContext, ...rest })
  const ofPod = (securityContext: object) => looked({}, { securityContext })
  test.each([
    [ofContainer({ privileged: true }), 'privileged (container "a" must not set securityContext.privileged=true)'],
    [ofContainer({ procMount: 'Unmasked' }), 'procMount (container "a" must not set securityContext.procMount to "Unmasked")'],
    [
      ofContainer({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }),
      'non-default capabilities (container "a" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      ofContainer({ appArmorProfile: { type: 'Unconfined' } }),
      'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
    ],
    [
      looked({}, {}, { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' }),
      'forbidden AppArmor profile (container.apparmor.security.beta.kubernetes.io/a="unconfined")',
    ],
    [
      ofPod({ seLinuxOptions: { type: 'foo', user: 'u', role: 'r' } }),
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "foo"; user may not be set; role may not be set)',
    ],
    [ofPod({ windowsOptions: { hostProcess: true } }), 'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)'],
    [
      ofPod({
        sysctls: [
          { name: 'kernel.msgmax', value: '1' },
          { name: 'net.ipv4.tcp_rmem', value: '1' },
        ],
      }),
      'forbidden sysctls (kernel.msgmax)',
    ],
    [
      looked({ livenessProbe: { httpGet: { host: '10.0.0.1', port: 1 } } }),
      'probe or lifecycle host (container "a" uses probe or lifecycle host "10.0.0.1")',
    ],
  ])('baseline %#', (pod, want) => expect(told(pod, 'baseline')).toBe(want))
  test.each([
    [
      ofPod({ runAsNonRoot: false, runAsUser: 0 }),
      'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false), runAsUser=0 (pod must not set runAsUser=0)',
    ],
    [
      looked(
        {},
        {
          volumes: [
            { name: 'v', nfs: {} },
            { name: 'w', hostPath: {} },
          ],
        },
      ),
      'restricted volume types (volumes "v", "w" use restricted volume types "hostPath", "nfs")',
    ],
    [
      ofContainer({ capabilities: { add: ['CHOWN'] } }),
      'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "CHOWN" in securityContext.capabilities.add)',
    ],
  ])('restricted %#', (pod, want) => expect(told(pod, 'restricted')).toBe(want))
  test('older versions know less', () => {
    expect(told(ofContainer({ allowPrivilegeEscalation: true }), 'restricted', 7)).toBe('')
    expect(told(ofContainer({ allowPrivilegeEscalation: true }), 'restricted', 8)).not.toBe('')
  })
})

test('labels enforce, warn, and tell of the pods that are there', async () => {
  await using rest = await serveRest({ controllers: 'serviceaccount-controller' })
  const label = (labels: object) => rest.patch('/api/v1/namespaces/default', 'merge-patch', { metadata: { labels } })
  const bad = { hostNetwork: true }
  const pods = '/api/v1/namespaces/default/pods'
  await rest.call('post', pods, aPod('before', bad)).expect(201)
  await rest.call('post', pods, aPod('other', bad)).expect(201)
  const { headers } = await label({
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/enforce-version': 'v1.30',
  }).expect(200)
  expect(headers.warning).toBe(
    '299 - "existing pods in namespace \\"default\\" violate the new PodSecurity enforce level \\"baseline:v1.30\\"", 299 - "before (and 1 other pod): host namespaces"',
  )
  const { body } = await rest.call('post', pods, aPod('it', bad)).expect(403)
  expect(body.message).toBe('pods "it" is forbidden: violates PodSecurity "baseline:v1.30": host namespaces (hostNetwork=true)')
  // What is there already may change otherwise.
  await rest.patch(`${pods}/before`, 'merge-patch', { metadata: { labels: { a: 'b' } } }).expect(200)
  expect((await label({ 'pod-security.kubernetes.io/enforce': 'none' }).expect(422)).body.message).toContain(
    'must be one of privileged, baseline, restricted',
  )
})
