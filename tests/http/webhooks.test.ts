// Webhooks that are really called, over HTTPS.
import { describe, expect, test } from 'vitest'
import { aConfigMap, aPod, configMaps, pods, serveRest } from '../support/api.ts'
import { onCreate, patchOf, register, webhookRoot as root, serveHook } from '../support/hook.ts'

const yes = () => ({ allowed: true })

describe('a validating webhook', () => {
  test('is asked with all that there is to know', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client })
    await rest.call('post', `${configMaps}?fieldManager=me`, aConfigMap('a', { k: 'v' })).expect(201)
    expect(hook.asked).toHaveLength(1)
    expect(hook.asked[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
      name: 'a',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', uid: expect.any(String) }, data: { k: 'v' } },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'me' },
    })
  })

  const denials: [string, object, object][] = [
    [
      'without a word',
      { allowed: false },
      { code: 400, message: 'admission webhook "h0.test.example.com" denied the request without explanation' },
    ],
    [
      'with a status',
      { allowed: false, status: { code: 403, reason: 'Forbidden', message: 'not here', details: { causes: [{ message: 'x' }] } } },
      {
        code: 403,
        reason: 'Forbidden',
        message: 'admission webhook "h0.test.example.com" denied the request: not here',
        details: { causes: [{ message: 'x' }] },
      },
    ],
    [
      'with a reason',
      { allowed: false, status: { code: 200, status: 'Success', reason: 'Because' } },
      { code: 400, status: 'Failure', message: 'admission webhook "h0.test.example.com" denied the request: Because' },
    ],
  ]
  test.each(denials)('denies %s', async (_how, answer, want) => {
    await using hook = await serveHook(() => answer)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client })
    const { body } = await rest.call('post', configMaps, aConfigMap('a'))
    expect(body).toMatchObject({ kind: 'Status', ...want })
    await rest.call('get', `${configMaps}/a`).expect(404)
  })

  test('warns', async () => {
    await using hook = await serveHook(() => ({ allowed: true, warnings: ['take care'] }))
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client })
    const { headers } = await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    expect(headers.warning).toBe('299 - "take care"')
  })

  const mine = { matchLabels: { mine: 'yes' } }
  const matches: [string, object, string, object, boolean][] = [
    ['another resource', { rules: [{ ...onCreate, resources: ['secrets'] }] }, configMaps, aConfigMap('a'), false],
    ['all resources', { rules: [{ ...onCreate, resources: ['*'] }] }, configMaps, aConfigMap('a'), true],
    ['cluster scope', { rules: [{ ...onCreate, scope: 'Cluster' }] }, configMaps, aConfigMap('a'), false],
    ['labels it lacks', { objectSelector: mine }, configMaps, aConfigMap('a'), false],
    ['labels it has', { objectSelector: mine }, configMaps, aConfigMap('a', {}, { labels: { mine: 'yes' } }), true],
    ['a namespace without labels', { namespaceSelector: mine }, configMaps, aConfigMap('a'), false],
    [
      'the labels of a namespace that is made',
      { namespaceSelector: mine, rules: [{ ...onCreate, resources: ['namespaces'] }] },
      '/api/v1/namespaces',
      { metadata: { name: 'n', labels: { mine: 'yes' } } },
      true,
    ],
    [
      'a condition that does not hold',
      { matchConditions: [{ name: 'c', expression: "object.metadata.name == 'b'" }] },
      configMaps,
      aConfigMap('a'),
      false,
    ],
    [
      'a condition that holds',
      { matchConditions: [{ name: 'c', expression: "request.operation == 'CREATE'" }] },
      configMaps,
      aConfigMap('a'),
      true,
    ],
  ]
  test.each(matches)('%s', async (_what, webhook, path, body, called) => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client, ...webhook })
    await rest.call('post', path, body).expect(201)
    expect(hook.asked).toHaveLength(called ? 1 : 0)
  })

  test('a condition that fails refuses, by the failure policy', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    const matchConditions = [{ name: 'c', expression: "object.data.x == 'y'" }]
    const ignoring = { failurePolicy: 'Ignore', objectSelector: { matchLabels: { mine: 'yes' } } }
    await register(rest, 'validating', { clientConfig: hook.client, matchConditions, ...ignoring })
    await rest.call('post', configMaps, aConfigMap('a', undefined, { labels: { mine: 'yes' } })).expect(201)
    await rest.patch(`${root}/validatingwebhookconfigurations/it-validating`, 'json-patch', [
      { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Fail' },
      { op: 'replace', path: '/webhooks/0/objectSelector', value: {} },
    ] as never)
    const { body } = await rest.call('post', configMaps, aConfigMap('b')).expect(403)
    expect(body.message).toBe("configmaps \"b\" is forbidden: expression 'object.data.x == 'y'' resulted in error: no such key: data")
    expect(hook.asked).toHaveLength(0)
  })

  test('conditions may cost only so much together', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    // A check costs 350,000.
    const expression = "authorizer.requestResource.check('get').allowed() && authorizer.requestResource.check('list').allowed()"
    const matchConditions = Array.from({ length: 4 }, (_, index) => ({ name: `c${index}`, expression }))
    await register(rest, 'validating', { clientConfig: hook.client, matchConditions })
    const { body } = await rest.call('post', configMaps, aConfigMap('b')).expect(403)
    expect(body.message).toBe(
      'configmaps "b" is forbidden: validation failed due to running out of cost budget, no further validation rules will be run',
    )
  })

  test('sees updates, status and deletes when it asks for them', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    const rules = [{ ...onCreate, operations: ['*'], resources: ['pods', 'pods/status'] }]
    await register(rest, 'validating', { clientConfig: hook.client, rules })
    await rest.call('post', `/api/v1/namespaces/default/serviceaccounts`, { metadata: { name: 'default' } }).expect(201)
    await rest.call('post', pods, aPod('a')).expect(201)
    await rest.patch(`${pods}/a`, 'merge-patch', { metadata: { labels: { x: 'y' } } }).expect(200)
    await rest.patch(`${pods}/a/status`, 'merge-patch', { status: { message: 'm' } }).expect(200)
    await rest.call('delete', `${pods}/a?gracePeriodSeconds=0`).expect(200)
    expect(
      hook.asked.map(({ operation, subResource = '', object, oldObject }) => [operation, subResource, object !== null, oldObject !== null]),
    ).toEqual([
      ['CREATE', '', true, false],
      ['UPDATE', '', true, true],
      ['UPDATE', 'status', true, true],
      ['DELETE', '', false, true],
    ])
  })

  test('sees another version of what is written, unless it wants exactly its own', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    const rules = [{ ...onCreate, resources: ['events'] }]
    await register(rest, 'validating', { clientConfig: hook.client, rules }, { clientConfig: hook.client, rules, matchPolicy: 'Exact' })
    const event = {
      metadata: { name: 'e' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'c.example.com/c',
      reportingInstance: 'i',
      action: 'a',
      reason: 'r',
      type: 'Normal',
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    }
    await rest.call('post', '/apis/events.k8s.io/v1/namespaces/default/events', event).expect(201)
    expect(hook.asked).toHaveLength(1)
    expect(hook.asked[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'Event' },
      requestKind: { group: 'events.k8s.io', version: 'v1', kind: 'Event' },
      object: { apiVersion: 'v1', involvedObject: { kind: 'Pod', name: 'p' } },
    })
  })

  test('is not asked about webhooks and policies', async () => {
    await using hook = await serveHook(() => ({ allowed: false }))
    await using rest = await serveRest()
    await register(rest, 'validating', {
      clientConfig: hook.client,
      rules: [{ ...onCreate, operations: ['*'], apiGroups: ['*'], resources: ['*/*'] }],
    })
    await rest.call('delete', `${root}/validatingwebhookconfigurations/it-validating`).expect(200)
    expect(hook.asked).toEqual([])
  })

  test('is told of a dry run', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client })
    await rest.call('post', `${configMaps}?dryRun=All`, aConfigMap('a')).expect(201)
    expect(hook.asked[0]).toMatchObject({ dryRun: true, options: { dryRun: ['All'] } })
  })
})

describe('a webhook that fails', () => {
  const failing = 'Internal error occurred: failed calling webhook "h0.test.example.com":'
  const cases: [string, () => object, string | RegExp][] = [
    [
      'in its own words',
      () => ({ code: 500, text: 'boom\n' }),
      `${failing} failed to call webhook: an error on the server ("boom") has prevented the request from succeeding`,
    ],
    ['to be there', () => ({ code: 404, text: '' }), `${failing} failed to call webhook: the server could not find the requested resource`],
    [
      'to speak JSON',
      () => ({ code: 200, text: 'hello' }),
      new RegExp(`^${failing} failed to call webhook: couldn't get version/kind; json parse error: `),
    ],
    [
      'to name the request',
      () => ({ uid: 'other', allowed: true }),
      new RegExp(`^${failing} received invalid webhook response: expected response\\.uid="[-0-9a-f]+", got "other"$`),
    ],
    ['by a patch', () => patchOf(), `${failing} received invalid webhook response: validating webhook may not return response.patch`],
  ]
  test.each(cases)('%s', async (_how, reply, want) => {
    await using hook = await serveHook(reply)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(500)
    if (typeof want === 'string') expect(body.message).toBe(want)
    else expect(body.message).toMatch(want)
  })

  const away = { url: 'https://127.0.0.1:1/x' }
  test('is refused, or ignored', async () => {
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: away })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(500)
    expect(body.message).toBe(
      `${failing} failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused`,
    )
    await rest.patch(`${root}/validatingwebhookconfigurations/it-validating`, 'json-patch', [
      { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' },
    ] as never)
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  })

  test('to prove who it is', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: { url: hook.client.url } })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(500)
    expect(body.message).toMatch(/: tls: failed to verify certificate: x509: certificate signed by unknown authority$/)
  })

  test('which may be the certificate that it shows', async () => {
    await using hook = await serveHook(yes)
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: { url: hook.client.url, caBundle: hook.certificate } })
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
  })

  test.each([
    ['', '/'],
    ['/', '/'],
    ['/a/', '/a'],
    ['//a//b/../c', '/a/c'],
    ['/a%2Fb', '/a%2Fb'],
  ])('by the path %j', async (path, asked) => {
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: { url: `https://127.0.0.1:1${path}` } })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(500)
    expect(body.message).toContain(`"https://127.0.0.1:1${asked}?timeout=10s"`)
  })

  test('or to say where else', async () => {
    await using hook = await serveHook(() => ({ code: 307, text: '' }))
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(500)
    expect(body.message).toMatch(/: the server responded with the status code 307 but did not return more information$/)
  })

  test('to answer in time', async () => {
    let go = () => {}
    await using hook = await serveHook(() => new Promise(resolve => (go = () => resolve({ allowed: true }))))
    await using rest = await serveRest()
    await register(rest, 'validating', { clientConfig: hook.client, timeoutSeconds: 1 })
    const { body } = await rest.call('post', configMaps, aConfigMap('a')).expect(500)
    expect(body.message).toBe(`${failing} failed to call webhook: Post "${hook.client.url}?timeout=1s": context deadline exceeded`)
    go()
  })
})

describe('a mutating webhook', () => {
  test('changes what is stored, and defaults come after', async () => {
    await using hook = await serveHook(() =>
      patchOf(
        { op: 'add', path: '/metadata/labels', value: { by: 'hook' } },
        { op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'busybox' } },
      ),
    )
    await using rest = await serveRest()
    await rest.call('post', `/api/v1/namespaces/default/serviceaccounts`, { metadata: { name: 'default' } }).expect(201)
    await register(rest, 'mutating', { clientConfig: hook.client, rules: [{ ...onCreate, resources: ['pods'] }] })
    const { body } = await rest.call('post', pods, aPod('a')).expect(201)
    expect(body.metadata.labels).toEqual({ by: 'hook' })
    expect(body.spec.containers[1]).toMatchObject({
      name: 'side',
      imagePullPolicy: 'Always',
      terminationMessagePath: '/dev/termination-log',
      // Plugins ran again over what it added.
      volumeMounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    })
    expect(body.spec.volumes).toHaveLength(1)
    expect(hook.asked).toHaveLength(1)
  })

  test('makes the object invalid at its own risk', async () => {
    await using hook = await serveHook(() => patchOf({ op: 'add', path: '/data', value: { 'a b': 'c' } }))
    await using rest = await serveRest()
    await register(rest, 'mutating', { clientConfig: hook.client })
    expect((await rest.call('post', configMaps, aConfigMap('a')).expect(422)).body.reason).toBe('Invalid')
  })

  test('is called once more when a later one changed the object, if it wants to', async () => {
    const seen: string[] = []
    await using first = await serveHook(({ object }) => {
      seen.push(`first ${JSON.stringify((object as { data?: object } | null)?.data ?? {})}`)
      return yes()
    })
    await using second = await serveHook(() => {
      seen.push('second')
      return patchOf({ op: 'add', path: '/data', value: { by: 'second' } })
    })
    await using rest = await serveRest()
    await register(rest, 'mutating', { clientConfig: first.client, reinvocationPolicy: 'IfNeeded' }, { clientConfig: second.client })
    await rest.call('post', configMaps, { metadata: { name: 'a' } }).expect(201)
    expect(seen).toEqual(['first {}', 'second', 'first {"by":"second"}'])
  })

  test('may not change what is deleted', async () => {
    await using hook = await serveHook(() => patchOf({ op: 'add', path: '/x', value: 1 }))
    await using rest = await serveRest()
    await register(rest, 'mutating', { clientConfig: hook.client, rules: [{ ...onCreate, operations: ['DELETE'] }] })
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    const { body } = await rest.call('delete', `${configMaps}/a`).expect(500)
    expect(body.message).toBe(
      'Internal error occurred: admission webhook "h0.test.example.com" attempted to modify the object, which is not supported for this operation',
    )
  })

  test('that changes an update changes what becomes of the object', async () => {
    await using hook = await serveHook(() => patchOf({ op: 'replace', path: '/data/k', value: 'hooked' }))
    await using rest = await serveRest()
    await register(rest, 'mutating', { clientConfig: hook.client, rules: [{ ...onCreate, operations: ['UPDATE'] }] })
    await rest.call('post', configMaps, aConfigMap('a', { k: 'v' })).expect(201)
    const { body } = await rest.patch(`${configMaps}/a`, 'merge-patch', { data: { k: 'w' } }).expect(200)
    expect(body.data).toEqual({ k: 'hooked' })
  })
})
