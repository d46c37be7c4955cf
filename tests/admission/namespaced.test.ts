// PodNodeSelector and PodTolerationRestriction: what a namespace says of its pods.
import { describe, expect, test } from 'vitest'
import { serveConfigured } from '../support/admission.ts'
import { aPod, pods, type Rest } from '../support/api.ts'

const annotate = (rest: Rest, annotations: object) =>
  rest.patch('/api/v1/namespaces/default', 'merge-patch', { metadata: { annotations } }).expect(200)

describe('PodNodeSelector', () => {
  const key = 'scheduler.alpha.kubernetes.io/node-selector'
  const selecting = (selectors: object) => ({ podNodeSelectorPluginConfig: selectors })
  const conflicts = 'pods "p" is forbidden: pod node label selector conflicts with its namespace node label selector'
  const notAllowed = 'pods "p" is forbidden: pod node label selector labels conflict with its namespace whitelist'
  const clusterDefault = { clusterDefaultNodeSelector: 'env=test' }

  test.each<
    [what: string, configuration: object | undefined, annotation: string | undefined, asks: object | undefined, gets: object | string]
  >([
    ['nothing is said', undefined, undefined, { a: 'b' }, { a: 'b' }],
    ['the cluster', selecting(clusterDefault), undefined, undefined, { env: 'test' }],
    ['the namespace goes before it', selecting(clusterDefault), 'zone = z, disk=ssd', undefined, { zone: 'z', disk: 'ssd' }],
    ['also when it says nothing', selecting(clusterDefault), '', undefined, {}],
    ['the pod adds to it', undefined, 'env=prod', { a: 'b' }, { env: 'prod', a: 'b' }],
    ['but may not contradict', undefined, 'env=prod', { env: 'test' }, conflicts],
    ['only what is allowed', selecting({ default: 'env=prod,a=b' }), 'env=prod', { a: 'b' }, { env: 'prod', a: 'b' }],
    ['not another value', selecting({ default: 'env=prod,a=b' }), undefined, { a: 'c' }, notAllowed],
    ['not another label', selecting({ default: 'env=prod' }), undefined, { a: 'c' }, notAllowed],
    ['the cluster’s own is not allowed by itself', selecting({ ...clusterDefault, default: 'a=b' }), undefined, undefined, notAllowed],
    ['of other namespaces nothing counts', selecting({ other: 'env=prod' }), undefined, { a: 'c' }, { a: 'c' }],
    ['no selector', undefined, 'env', undefined, 'invalid selector: [env]'],
    ['no label', undefined, 'a b=c', undefined, '<nil>: Invalid value: "a b": name part must consist of alphanumeric characters'],
    ['no value', undefined, 'a=b c', undefined, '[a]: Invalid value: "b c": a valid label must be an empty string or consist of'],
  ])('%s', async (_what, configuration, annotation, nodeSelector, gets) => {
    await using rest = await serveConfigured('PodNodeSelector', configuration)
    if (annotation !== undefined) await annotate(rest, { [key]: annotation })
    const { body, status } = await rest.call('post', pods, aPod('p', { nodeSelector }))
    if (typeof gets === 'string') {
      expect(body.message).toContain(gets)
      expect(status).toBe(gets.startsWith('pods') ? 403 : 500)
    } else expect(body.spec.nodeSelector ?? {}).toEqual(gets)
  })
})

describe('PodTolerationRestriction', () => {
  const configured = (more: object) => ({
    apiVersion: 'podtolerationrestriction.admission.k8s.io/v1alpha1',
    kind: 'Configuration',
    ...more,
  })
  const defaultsKey = 'scheduler.alpha.kubernetes.io/defaultTolerations'
  const whitelistKey = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist'
  const key = (name: string, more: object = {}) => ({ key: name, operator: 'Exists', ...more })
  const usual = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map(name =>
    key(name, { effect: 'NoExecute', tolerationSeconds: 300 }),
  )
  const everything = [{ operator: 'Exists' }]
  const conflicts = (scope: string) =>
    `pod tolerations (possibly merged with namespace default tolerations) conflict with its ${scope} whitelist`
  const list = (...tolerations: object[]) => JSON.stringify(tolerations)

  test.each<[what: string, configuration: object | undefined, annotations: object, asks: object[], gets: object[] | string]>([
    ['nothing is said', undefined, {}, [key('a')], [key('a'), ...usual]],
    ['the cluster', configured({ default: [key('c')] }), {}, [key('a')], [key('a'), ...usual, key('c')]],
    ['the namespace goes before it', configured({ default: [key('c')] }), { [defaultsKey]: list(key('n')) }, [], [...usual, key('n')]],
    ['also when it says nothing', configured({ default: [key('c')] }), { [defaultsKey]: '' }, [], usual],
    ['what covers others stays alone', undefined, { [defaultsKey]: list(...everything) }, [key('a')], everything],
    ['only what is allowed', configured({ whitelist: [key('a')] }), {}, [key('b')], conflicts('cluster')],
    ['also of what the server adds', configured({ whitelist: [key('a')] }), {}, [key('a')], conflicts('cluster')],
    [
      'all that is allowed',
      configured({ whitelist: [key('a'), ...usual] }),
      {},
      [key('a', { effect: 'NoSchedule' })],
      [key('a', { effect: 'NoSchedule' }), ...usual],
    ],
    ['in the namespace', configured({ whitelist: everything }), { [whitelistKey]: list(...usual) }, [key('a')], conflicts('namespace')],
    ['where nothing is said all may be', configured({ whitelist: [key('a')] }), { [whitelistKey]: '' }, [key('b')], [key('b'), ...usual]],
    ['no tolerations', undefined, { [whitelistKey]: '{' }, [], 'JSON'],
  ])('%s', async (_what, configuration, annotations, tolerations, gets) => {
    await using rest = await serveConfigured('PodTolerationRestriction', configuration)
    await annotate(rest, annotations)
    const { body, status } = await rest.call('post', pods, aPod('p', { tolerations }))
    if (typeof gets === 'string') {
      expect(body.message).toContain(gets)
      expect([status, body.reason]).toEqual([500, undefined])
    } else expect(body.spec.tolerations).toEqual(gets)
  })

  test('who asks for something is not the first to go', async () => {
    await using rest = await serveConfigured('PodTolerationRestriction', undefined)
    const containers = [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '1' } } }]
    const { body } = await rest.call('post', pods, aPod('p', { containers })).expect(201)
    expect(body.spec.tolerations).toEqual([...usual, key('node.kubernetes.io/memory-pressure', { effect: 'NoSchedule' })])
  })
})
