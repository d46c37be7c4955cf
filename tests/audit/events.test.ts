// What the events of a request tell, stage by stage.
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type AuditEvent, openRecord } from '../../server/audit/record.ts'
import { aConfigMap, aPod, configMaps, pods } from '../support/api.ts'
import { serveAudited } from '../support/audit.ts'

const all = { level: 'RequestResponse' }
const noon = '2026-01-01T00:00:00.000000Z'
const admin = { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

describe('events', () => {
  test('tell a create in all its parts', async () => {
    await using rest = await serveAudited([all])
    const answer = await rest
      .call('post', `${configMaps}?fieldManager=me`, aConfigMap('a', { k: 'v' }))
      .set({ 'user-agent': 'tester', 'x-forwarded-for': '1.2.3.4' })
    const [received, complete, ...more] = rest.told()
    expect(more).toEqual([])
    const common = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: answer.headers['audit-id'],
      requestURI: `${configMaps}?fieldManager=me`,
      verb: 'create',
      user: admin,
      sourceIPs: ['1.2.3.4', '127.0.0.1'],
      userAgent: 'tester',
      requestReceivedTimestamp: noon,
      stageTimestamp: noon,
    }
    const objectRef = { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' }
    expect(received).toEqual({ ...common, stage: 'RequestReceived', objectRef })
    expect(complete).toEqual({
      ...common,
      stage: 'ResponseComplete',
      objectRef: { ...objectRef, name: 'a' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { k: 'v' } },
      responseObject: answer.body,
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    })
    expect(Object.keys(complete ?? {})).toEqual([
      'kind',
      'apiVersion',
      'level',
      'auditID',
      'stage',
      'requestURI',
      'verb',
      'user',
      'sourceIPs',
      'userAgent',
      'objectRef',
      'responseStatus',
      'requestObject',
      'responseObject',
      'requestReceivedTimestamp',
      'stageTimestamp',
      'annotations',
    ])
  })

  test('tell as much as their level says', async () => {
    await using rest = await serveAudited([
      { level: 'Request', verbs: ['create'] },
      { level: 'None', verbs: ['delete'] },
      { level: 'Metadata' },
    ])
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    expect(rest.told('ResponseComplete')).toEqual([expect.objectContaining({ requestObject: expect.any(Object) })])
    await rest.call('get', `${configMaps}/a`).expect(200)
    const [event] = rest.told('ResponseComplete')
    expect(event).toMatchObject({ objectRef: { name: 'a' }, responseStatus: { code: 200 } })
    expect(Object.keys(event ?? {})).not.toContain('responseObject')
    await rest.call('delete', `${configMaps}/a`).expect(200)
    expect(rest.told()).toEqual([])
  })

  test('tell patches, options of deletes, lists and errors', async () => {
    await using rest = await serveAudited([all])
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    rest.told()
    const last = (): AuditEvent => rest.told('ResponseComplete')[0] as AuditEvent
    await rest.patch(`${configMaps}/a`, 'merge-patch', { data: { a: 'b' } }).expect(200)
    expect(last()).toMatchObject({ verb: 'patch', requestObject: { data: { a: 'b' } }, responseObject: { data: { a: 'b' } } })
    await rest.apply(`${configMaps}/a`, { ...aConfigMap('a'), data: { c: 'd' } }).expect(200)
    expect(last()).toMatchObject({ verb: 'patch', requestObject: { data: { c: 'd' } } })
    await rest.call('get', configMaps).expect(200)
    expect(last()).toMatchObject({ verb: 'list', responseObject: { kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] } })
    await rest.call('get', configMaps).set('accept', 'application/json;as=Table;v=v1;g=meta.k8s.io').expect(200)
    expect(last()).toMatchObject({ responseObject: { kind: 'Table', rows: [{ cells: ['a', 2, expect.any(String)] }] } })
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground' }
    await rest.call('delete', `${configMaps}/a`, options).expect(200)
    expect(last()).toMatchObject({ verb: 'delete', requestObject: options })
    const { body } = await rest.call('get', `${configMaps}/none`).expect(404)
    const { kind: _kind, apiVersion: _version, ...status } = body
    expect(last()).toMatchObject({ responseStatus: status, responseObject: body })
  })

  test('leave out stages and managed fields', async () => {
    await using rest = await serveAudited([{ ...all, omitStages: ['RequestReceived'], omitManagedFields: true }])
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    await rest.call('get', configMaps).expect(200)
    const told = rest.told()
    expect(told.map(({ stage }) => stage)).toEqual(['ResponseComplete', 'ResponseComplete'])
    expect(JSON.stringify(told)).not.toContain('managedFields')
  })

  test('tell when a watch begins and when it ends', async () => {
    await using rest = await serveAudited([all])
    const watching = rest.call('get', `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=0`)
    const ended = watching.expect(200).then(() => {})
    await expect
      .poll(() => rest.told('ResponseStarted'))
      .toEqual([expect.objectContaining({ verb: 'watch', responseStatus: { metadata: {}, code: 200 } })])
    await rest.cluster.clock.advance(2000)
    await ended
    expect(rest.told()).toEqual([
      expect.objectContaining({
        stage: 'ResponseComplete',
        responseStatus: { metadata: {}, code: 200 },
        stageTimestamp: '2026-01-01T00:00:01.000000Z',
      }),
    ])
  })

  test('tell of streams', async () => {
    await using rest = await serveAudited([{ level: 'Metadata', resources: [{ resources: ['pods/exec'] }] }], {
      controllers: '*',
      nodes: 1,
      pace: 'instant',
    })
    await rest.call('post', pods, aPod('web')).expect(201)
    await rest.cluster.settle()
    const headers = { authorization: `Bearer ${rest.cluster.adminToken}`, origin: 'http://localhost' }
    const url = `${rest.cluster.url.replace('https', 'wss')}${pods}/web/exec?command=true&stdout=1`
    const socket = new WebSocket(url, ['v4.channel.k8s.io'], { rejectUnauthorized: false, headers })
    await new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject))
    const told: AuditEvent[] = []
    await expect
      .poll(() => told.push(...rest.told()) && told.map(({ stage }) => stage))
      .toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete'])
    expect(told[1]).toMatchObject({ objectRef: { name: 'web', subresource: 'exec' }, responseStatus: { metadata: {}, code: 101 } })
  })

  test('tell of failures of the server itself', async () => {
    const told: AuditEvent[] = []
    const { record } = await openRecord(
      {
        asked: { verb: 'get', resourceRequest: false, path: '/x', group: '', resource: '', subresource: '', namespace: '', name: '' },
        version: '',
        auditId: 'id',
        uri: '/x',
        userAgent: '',
        sourceIps: [],
        received: new Date(0),
        long: false,
      },
      {
        telling: { level: 'Metadata', omitStages: new Set(), omitManagedFields: false },
        now: () => new Date(1),
        emit: async event => told.push(event) > 0,
      },
    )
    await record.panicked('oops')
    expect(told).toEqual([
      expect.objectContaining({
        stage: 'Panic',
        stageTimestamp: '1970-01-01T00:00:00.001000Z',
        responseStatus: { metadata: {}, status: 'Failure', message: "APIServer panic'd: oops", reason: 'InternalError', code: 500 },
      }),
    ])
  })

  test('tell of long requests that are refused', async () => {
    await using rest = await serveAudited([all], { tokens: 'jane,jane,u' })
    await rest.call('get', `${pods}?watch=1`).set('authorization', 'Bearer jane').expect(403)
    const told = rest.told()
    expect(told.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete'])
    expect(told[1]?.responseStatus).toMatchObject({ status: 'Failure', reason: 'Forbidden', code: 403 })
  })

  test('tell who may not, and why others may', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }], { tokens: 'jane,jane,u-1,"devs"' })
    const rbac = '/apis/rbac.authorization.k8s.io/v1'
    await rest.call('get', configMaps).set('authorization', 'Bearer jane').expect(403)
    expect(rest.told('ResponseComplete')).toMatchObject([
      {
        user: { username: 'jane', uid: 'u-1', groups: ['devs', 'system:authenticated'] },
        responseStatus: { status: 'Failure', reason: 'Forbidden', details: { kind: 'configmaps' }, code: 403 },
        annotations: { 'authorization.k8s.io/decision': 'forbid' },
      },
    ])
    const subjects = [{ kind: 'Group', name: 'devs' }]
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }
    await rest.call('post', `${rbac}/clusterrolebindings`, { metadata: { name: 'v' }, roleRef, subjects }).expect(201)
    await rest.call('post', `${rbac}/clusterroles`, { metadata: { name: 'x' } }).expect(201)
    rest.told()
    await rest.call('get', '/version').set('authorization', 'Bearer jane').expect(200)
    expect(rest.told('ResponseComplete')).toMatchObject([
      {
        verb: 'get',
        requestURI: '/version',
        annotations: {
          'authorization.k8s.io/decision': 'allow',
          'authorization.k8s.io/reason': expect.stringMatching(/^RBAC: allowed by ClusterRoleBinding "system:/),
        },
      },
    ])
  })

  test('tell of those who cannot say who they are', async () => {
    await using rest = await serveAudited([{ level: 'None', users: ['system:anonymous'] }, { level: 'Metadata' }])
    await rest.call('get', configMaps).set('authorization', 'Bearer wrong').expect(401)
    expect(rest.told()).toEqual([
      expect.objectContaining({
        stage: 'ResponseStarted',
        user: {},
        responseStatus: { metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
      }),
    ])
    await rest.call('get', configMaps).set('authorization', '').expect(403)
    expect(rest.told()).toEqual([])
  })

  test('tell for whom somebody acts', async () => {
    await using rest = await serveAudited([{ level: 'Metadata' }])
    await rest.call('get', configMaps).set({ 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' }).expect(200)
    expect(rest.told('ResponseComplete')).toMatchObject([
      {
        user: admin,
        impersonatedUser: { username: 'jane', groups: ['system:masters', 'system:authenticated'] },
        authenticationMetadata: { impersonationConstraint: 'impersonate:user-info' },
      },
    ])
  })

  test('count in the metrics', async () => {
    await using rest = await serveAudited([{ level: 'Metadata', nonResourceURLs: ['/version'] }])
    await rest.call('get', '/version').expect(200)
    expect((await rest.call('get', '/metrics')).text).toMatch(/^apiserver_audit_event_total 2$/m)
  })
})
