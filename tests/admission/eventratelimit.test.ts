// EventRateLimit: so many Events in a time.
import { describe, expect, test } from 'vitest'
import { serveConfigured } from '../support/admission.ts'
import { aConfigMap, configMaps, type Rest, serveRest } from '../support/api.ts'

const limiting = (...limits: object[]) => ({ apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration', limits })
let count = 0
const anEvent = (involved = 'p', namespace = 'default') => ({
  metadata: { name: `e${count++}`, namespace },
  involvedObject: { kind: 'Pod', namespace, name: involved },
  source: { component: 'test' },
})
const post = (rest: Rest, event: ReturnType<typeof anEvent>) =>
  rest.call('post', `/api/v1/namespaces/${event.metadata.namespace}/events`, event)

describe('EventRateLimit', () => {
  test('refuses what is too much, and lets it through when time has passed', async () => {
    await using rest = await serveConfigured('EventRateLimit', limiting({ type: 'Server', qps: 2, burst: 3 }))
    for (let i = 0; i < 3; i++) await post(rest, anEvent()).expect(201)
    const { body, headers } = await post(rest, anEvent()).expect(429)
    expect(body).toMatchObject({
      message: 'Too many requests: limit reached on type Server for key ',
      reason: 'TooManyRequests',
      code: 429,
    })
    expect(headers).not.toHaveProperty('retry-after')
    await rest.call('post', configMaps, aConfigMap('a')).expect(201)
    await rest.cluster.clock.advance(499)
    await post(rest, anEvent()).expect(429)
    await rest.cluster.clock.advance(1)
    await post(rest, anEvent()).expect(201)
    // No more is saved than may come at once.
    await rest.cluster.clock.advance(3_600_000)
    for (let i = 0; i < 3; i++) await post(rest, anEvent()).expect(201)
    await post(rest, anEvent()).expect(429)
  })

  test('does not count what is only tried, nor Events of the other group', async () => {
    await using rest = await serveConfigured('EventRateLimit', limiting({ type: 'Server', qps: 1, burst: 1 }))
    for (let i = 0; i < 3; i++) await rest.call('post', '/api/v1/namespaces/default/events?dryRun=All', anEvent()).expect(201)
    const newer = {
      metadata: { name: 'newer' },
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
      ...{
        action: 'a',
        reason: 'r',
        type: 'Normal',
        reportingController: 'c',
        reportingInstance: 'i',
        eventTime: '2026-01-01T00:00:00.000000Z',
      },
    }
    await rest.call('post', '/apis/events.k8s.io/v1/namespaces/default/events', newer).expect(201)
    await post(rest, anEvent()).expect(201)
    await post(rest, anEvent()).expect(429)
  })

  const asJane = { authorization: 'Bearer janetoken' }
  test.each<[type: string, more: Parameters<typeof anEvent>, headers: Record<string, string>, key: string]>([
    ['Namespace', ['p', 'kube-public'], {}, 'default'],
    ['User', ['p'], asJane, 'kubernetes-admin'],
    ['SourceAndObject', ['q'], {}, 'testPoddefaultp'],
  ])('counts by %s', async (type, other, headers, key) => {
    const options = { tokens: 'janetoken,jane,j-1,system:masters' }
    await using rest = await serveConfigured('EventRateLimit', limiting({ type, qps: 1, burst: 1 }), options)
    await post(rest, anEvent()).expect(201)
    const { body } = await post(rest, anEvent()).expect(429)
    expect(body.message).toBe(`Too many requests: limit reached on type ${type} for key ${key}`)
    await post(rest, anEvent(...other))
      .set(headers)
      .expect(201)
  })

  test('forgets whom it has not seen for the longest time', async () => {
    await using rest = await serveConfigured('EventRateLimit', limiting({ type: 'SourceAndObject', qps: 1, burst: 1, cacheSize: 2 }))
    for (const name of ['a', 'b', 'c', 'a']) await post(rest, anEvent(name)).expect(201)
    await post(rest, anEvent('c')).expect(429)
  })

  test('names all limits that are reached', async () => {
    const limits = limiting({ type: 'Server', qps: 1, burst: 1 }, { type: 'Namespace', qps: 1, burst: 1 })
    await using rest = await serveConfigured('EventRateLimit', limits)
    await post(rest, anEvent()).expect(201)
    expect((await post(rest, anEvent()).expect(429)).body.message).toBe(
      'Too many requests: [limit reached on type Server for key , limit reached on type Namespace for key default]',
    )
  })

  test('is off unless it is asked for', async () => {
    await using rest = await serveRest()
    for (let i = 0; i < 5; i++) await post(rest, anEvent()).expect(201)
  })
})
