// What clients do in containers ends with the container's run: exec and attach, by deletion, force, restart and failure.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type RawData, WebSocket } from 'ws'
import { aPod, pods, type Rest, serveRest } from '../support/api.ts'

const shell = (name: string) => aPod(name, { containers: [{ name: 'app', image: 'busybox', stdin: true }] })

async function running(pod: { metadata: { name: string } }): Promise<Rest> {
  const rest = await serveRest({ controllers: '*', nodes: 1, pace: 'fast' })
  onTestFinished(() => rest[Symbol.asyncDispose]())
  await rest.call('post', pods, pod).expect(201)
  await rest.cluster.clock.advance(10_000)
  const { body } = await rest.call('get', `${pods}/${pod.metadata.name}`).expect(200)
  expect(body.status.phase).toBe('Running')
  return rest
}

interface Session {
  type(text: string): void
  /** Resolves when the output has this. */
  said(text: string): Promise<void>
  isOpen(): boolean
  /** The status at the end. */
  ended: Promise<{ status: string; reason?: string; message?: string }>
}

/** `what`: exec?command=… or attach?… */
async function session({ cluster }: Rest, pod: string, what: string): Promise<Session> {
  const headers = { authorization: `Bearer ${cluster.adminToken}` }
  const url = `${cluster.url.replace('https', 'wss')}${pods}/${pod}/${what}&stdout=true`
  const socket = new WebSocket(url, ['v4.channel.k8s.io'], { rejectUnauthorized: false, headers })
  let [output, status] = ['', '{}']
  let changed: () => void = () => {}
  socket.on('message', (message: RawData) => {
    const [channel, text] = [(message as Buffer)[0], (message as Buffer).subarray(1).toString()]
    if (channel === 3) status = text
    else output += text
    changed()
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    type: text => socket.send(Buffer.concat([Buffer.of(0), Buffer.from(text)])),
    async said(text) {
      while (!output.includes(text)) await new Promise<void>(resolve => (changed = resolve))
    },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    ended: new Promise(resolve => socket.once('close', () => resolve(JSON.parse(status)))),
  }
}

const killed = { status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '137' }] } }

const kinds: [string, string, object][] = [
  ['a shell', 'exec?command=sh&stdin=true', killed],
  ['a shell on a terminal', 'exec?command=sh&stdin=true&tty=true', killed],
  ['a command that waits', 'exec?command=sleep&command=1000', killed],
  ['an attach to the shell that runs', 'attach?stdin=true', { status: 'Success' }],
  ['an attach that only listens', 'attach?stderr=true', { status: 'Success' }],
]

describe.each(kinds)('%s', (_name, what, want) => {
  test('goes on until the deleted pod is gone', async () => {
    const rest = await running(shell('p'))
    const { ended, isOpen, type, said } = await session(rest, 'p', what)
    await rest.call('delete', `${pods}/p`).expect(200)
    await rest.cluster.settle()
    if (what.includes('stdin')) {
      type('echo still $((20 + 1))\n')
      await said('still 21')
    }
    expect(isOpen()).toBe(true)
    await rest.cluster.clock.advance(60_000)
    expect(await ended).toMatchObject(want)
    await rest.call('get', `${pods}/p`).expect(404)
  })

  test('ends at once with a pod that is removed by force', async () => {
    const rest = await running(shell('p'))
    const { ended } = await session(rest, 'p', what)
    await rest.call('delete', `${pods}/p?gracePeriodSeconds=0`).expect(200)
    expect(await ended).toMatchObject(want)
  })

  test('ends with the container that gives way to another image', async () => {
    const rest = await running(shell('p'))
    const { ended } = await session(rest, 'p', what)
    await rest.patch(`${pods}/p`, 'strategic-merge-patch', { spec: { containers: [{ name: 'app', image: 'busybox:2' }] } }).expect(200)
    await rest.cluster.clock.advance(60_000)
    expect(await ended).toMatchObject(want)
    const { body } = await rest.call('get', `${pods}/p`).expect(200)
    expect(body.status.containerStatuses[0]).toMatchObject({ restartCount: 1, state: { running: {} } })
  })
})

test('an attach to a server ends with its pod', async () => {
  const rest = await running(aPod('p'))
  const { ended } = await session(rest, 'p', 'attach?stderr=true')
  await rest.call('delete', `${pods}/p`).expect(200)
  await rest.cluster.clock.advance(60_000)
  expect(await ended).toMatchObject({ status: 'Success' })
})

test('one in another pod goes on', async () => {
  const rest = await running(shell('p'))
  await rest.call('post', pods, shell('q')).expect(201)
  await rest.cluster.clock.advance(10_000)
  const other = await session(rest, 'q', 'exec?command=sh&stdin=true')
  const { ended } = await session(rest, 'p', 'exec?command=sh&stdin=true')
  await rest.call('delete', `${pods}/p`).expect(200)
  await rest.cluster.clock.advance(60_000)
  await ended
  other.type('echo still $((20 + 1))\n')
  await other.said('still 21')
})

test('a log that is followed ends with the run of its container', async () => {
  const rest = await running(aPod('p'))
  const headers = { authorization: `Bearer ${rest.cluster.adminToken}` }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${rest.cluster.url}${pods}/p/log?follow=true`, { headers, rejectUnauthorized: false, agent: false }, resolve).on('error', reject)
  })
  const over = once(answer, 'end')
  await once(answer, 'data')
  await rest.patch(`${pods}/p`, 'strategic-merge-patch', { spec: { containers: [{ name: 'app', image: 'nginx:2' }] } }).expect(200)
  await rest.cluster.clock.advance(60_000)
  await over
})
