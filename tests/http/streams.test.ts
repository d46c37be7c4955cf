// Streams of pods below kubectl: the protocols of other clients, logs over a WebSocket, what is refused before a handshake.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RawData, WebSocket } from 'ws'
import { aPod, pods, type Rest, serveRest } from '../support/api.ts'

let rest: Rest
beforeAll(async () => {
  rest = await serveRest({ controllers: '*', nodes: 1, pace: 'instant' })
  await rest.call('post', pods, aPod('web')).expect(201)
  await rest.cluster.settle()
})
afterAll(() => rest[Symbol.asyncDispose]())

interface Heard {
  protocol: string
  messages: Buffer[]
}

/** Opens, sends, and listens until `enough` or the other side closes. */
function talk(path: string, protocols: string[], send: (Buffer | string)[], enough: (messages: Buffer[]) => boolean): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${rest.cluster.adminToken}`, origin: 'http://localhost' }
    const socket = new WebSocket(`${rest.cluster.url.replace('https', 'wss')}${path}`, protocols, { rejectUnauthorized: false, headers })
    const messages: Buffer[] = []
    const done = () => {
      socket.terminate()
      resolve({ protocol: socket.protocol, messages })
    }
    socket.on('open', () => {
      for (const message of send) socket.send(message)
    })
    socket.on('message', (message: RawData) => {
      messages.push(message as Buffer)
      if (enough(messages)) done()
    })
    socket.on('close', done).on('error', reject)
  })
}

const ask = 'GET / HTTP/1.1\r\nhost: web\r\nconnection: close\r\n\r\n'

describe('port-forward by channels', () => {
  const page = (messages: Buffer[]) => Buffer.concat(messages.filter(m => m[0] === 0).map(m => m.subarray(1)))
  test('v4: the port begins each channel, bytes go both ways', async () => {
    const sent = Buffer.concat([Buffer.of(0), Buffer.from(ask)])
    const heard = await talk(`${pods}/web/portforward?ports=80`, ['v4.channel.k8s.io'], [sent], all => page(all).includes('</html>'))
    expect(heard.protocol).toBe('v4.channel.k8s.io')
    expect(heard.messages.slice(0, 2).map(m => m.toString('hex'))).toEqual(['005000', '015000'])
    expect(page(heard.messages).subarray(2).toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Welcome to nginx!/s)
  })
  test('base64: the same as text', async () => {
    const decoded = (all: Buffer[]) =>
      all
        .filter(m => m.toString('latin1', 0, 1) === '0')
        .map(m => Buffer.from(m.toString().slice(1), 'base64').toString())
        .join('')
    const sent = `0${Buffer.from(ask).toString('base64')}`
    const heard = await talk(`${pods}/web/portforward?ports=80`, ['v4.base64.channel.k8s.io'], [sent], all =>
      decoded(all).includes('</html>'),
    )
    expect(heard.messages[0]?.toString()).toBe(`0${Buffer.from([80, 0]).toString('base64')}`)
  })
  test('where nobody listens the second channel says so', async () => {
    const heard = await talk(`${pods}/web/portforward?ports=81`, ['v4.channel.k8s.io'], [], all => all.length === 3)
    expect(heard.messages[2]?.[0]).toBe(1)
    expect(heard.messages[2]?.subarray(1).toString()).toMatch(/^error forwarding port 81 to pod .*: connection refused$/)
  })
  test.each(['0', '65536', 'http'])('port %s is none', async port => {
    const failed = await talk(`${pods}/web/portforward?ports=${port}`, [], [], () => true).catch((error: Error) => error.message)
    expect(failed).toContain('400')
  })
})

test('a log comes as messages', async () => {
  const { protocol, messages } = await talk(`${pods}/web/log?tailLines=1`, ['binary.k8s.io'], [], () => false)
  expect([protocol, messages.map(String)]).toEqual(['binary.k8s.io', [expect.stringMatching(/^\[notice\].*\n$/)]])
  const text = await talk(`${pods}/web/log?tailLines=1`, ['base64.binary.k8s.io'], [], () => false)
  expect(Buffer.from(String(text.messages[0]), 'base64').toString()).toBe(String(messages[0]))
})

describe('a request that asks for a protocol nobody speaks', () => {
  const upgrade = { connection: 'Upgrade', upgrade: 'nonsense' }
  test('is answered as if it had not asked', async () => {
    const log = await rest.call('get', `${pods}/web/log?tailLines=1`).set(upgrade).expect(200)
    expect(log.text).toMatch(/^\[notice\]/)
    const page = await rest.call('get', `${pods}/web/proxy/`).set(upgrade).expect(200)
    expect(page.text).toContain('Welcome to nginx!')
    await rest.call('get', `${pods}/web`).set(upgrade).expect(200)
  })
  test('but a stream is refused', async () => {
    const { body } = await rest.call('post', `${pods}/web/exec?command=ls`).set(upgrade).expect(501)
    expect(body.message).toContain('nonsense')
  })
  test('SPDY without a protocol of ours', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v9.channel.k8s.io' }
    const { body } = await rest.call('post', `${pods}/web/exec?command=ls&stdout=1`).set(headers).expect(403)
    expect(body.message).toBe(
      'unable to upgrade: unable to negotiate protocol: client supports [v9.channel.k8s.io], server accepts [v4.channel.k8s.io v3.channel.k8s.io v2.channel.k8s.io channel.k8s.io]',
    )
  })
})

describe('the proxy', () => {
  const proxy = '/api/v1/namespaces/default/pods/web/proxy'
  test('passes on method, path, query and body, and leaves credentials behind', async () => {
    await rest.call('head', `${proxy}/index.html`).expect(200)
    await rest.call('post', `${proxy}/index.html`, { some: 'body' }).expect(405)
    await rest.call('get', `${proxy}/a%20b?c=d`).expect(404)
  })
  test('sends to the root with its slash', async () => {
    await rest.call('get', `${proxy}?a=b`).redirects(0).expect(301).expect('location', `${proxy}/?a=b`)
  })
  test('a pod that is there but does not run', async () => {
    await rest
      .call('post', pods, { ...aPod('waits'), metadata: { name: 'waits', annotations: { 'kubemock.dev/mode': 'pending' } } })
      .expect(201)
    await rest.cluster.settle()
    const { body } = await rest.call('post', `${pods}/waits/exec?command=ls`).expect(400)
    expect(body.message).toBe('Upgrade request required')
  })
})

describe('pages about the process', () => {
  test('/flagz tells the flags', async () => {
    const { text } = await rest.call('get', '/flagz').expect(200).expect('content-type', 'text/plain; charset=utf-8')
    expect(text).toMatch(/^nodes=1$/m)
    expect(text).toMatch(/^pace=instant$/m)
  })
  test('/statusz tells since when, in the time of the cluster', async () => {
    await rest.cluster.clock.advance(3_725_000)
    const { text } = await rest.call('get', '/statusz').expect(200)
    expect(text).toContain('Started: Thu, 01 Jan 2026 00:00:00 GMT\nUp: 1 hr 02 min 05 sec\n')
  })
  test('profiles and log levels are refused', async () => {
    await rest.call('get', '/debug/pprof/heap').expect(501)
    await rest.call('put', '/debug/flags/v', '5').expect(501)
  })
})
