// The cluster's DNS by itself: the zone as objects come and go, bytes of any kind, and its ports.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { decode, encode, type Packet, streamDecode, streamEncode } from 'dns-packet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolve, type ZoneOptions } from '../../controllers/dns/answer.ts'
import { type DnsListener, listenDns } from '../../controllers/dns/listen.ts'
import { answerQuery } from '../../controllers/dns/query.ts'
import { Zone } from '../../controllers/dns/zone.ts'
import { decodeAnswer, encodeQuery, type QueryOptions } from '../support/dnspacket.ts'

const options: ZoneOptions = { domain: 'cluster.local', ttl: 30, pods: 'insecure', fallthrough: true, addresses: ['10.0.0.10'] }
const ports = [{ name: 'web', port: 80, protocol: 'TCP' }]

const headless = (name: string, spec: object = {}) =>
  ({
    metadata: { name, namespace: 'default' },
    spec: { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports, ...spec },
  }) as never

const slice = (service: string, endpoints: readonly object[], name = `${service}-1`) =>
  ({
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports,
    endpoints,
  }) as never

const endpoint = (ordinal: number, ready?: boolean) => ({
  addresses: [`10.24.0.${ordinal}`],
  hostname: `web-${ordinal}`,
  ...(ready === undefined ? {} : { conditions: { ready } }),
})

function aZone(): Zone {
  const zone = new Zone()
  zone.setNamespace('default', true)
  zone.setService('default/dullahan', headless('dullahan'))
  zone.setSlice('default/dullahan-1', slice('dullahan', [endpoint(0), endpoint(1, true), endpoint(2, false)]))
  return zone
}

const ask = (zone: Zone, name: string, type: string, changed: Partial<ZoneOptions> = {}) => {
  const { rcode, answer } = resolve(zone, { ...options, ...changed }, { name, type, class: 'IN' })
  return rcode === 'NOERROR' ? answer.map(({ data }) => data) : rcode
}

describe('zone', () => {
  const service = 'dullahan.default.svc.cluster.local.'

  test('an endpoint counts unless it says that it is not ready', () => {
    expect(ask(aZone(), service, 'A')).toEqual(['10.24.0.0', '10.24.0.1'])
    expect(ask(aZone(), `web-2.${service}`, 'A')).toBe('NXDOMAIN')
    expect(ask(aZone(), '2.0.24.10.in-addr.arpa.', 'PTR')).toBe('SERVFAIL')
  })

  test('a slice that is replaced takes its old endpoints along', () => {
    const zone = aZone()
    zone.setSlice('default/dullahan-1', slice('dullahan', [endpoint(7)]))
    expect(ask(zone, service, 'SRV')).toEqual([`0 100 80 web-7.${service}`])
    expect(ask(zone, '0.0.24.10.in-addr.arpa.', 'PTR')).toBe('SERVFAIL')
    expect(ask(zone, '7.0.24.10.in-addr.arpa.', 'PTR')).toEqual([`web-7.${service}`])
  })

  test('a slice may move to another service', () => {
    const zone = aZone()
    zone.setService('default/other', headless('other'))
    zone.setSlice('default/dullahan-1', slice('other', [endpoint(1)], 'dullahan-1'))
    expect(ask(zone, service, 'A')).toBe('NXDOMAIN')
    expect(ask(zone, 'other.default.svc.cluster.local.', 'A')).toEqual(['10.24.0.1'])
  })

  test('a service that goes takes its name along, and its slices keep theirs for a new one', () => {
    const zone = aZone()
    zone.setService('default/dullahan', undefined)
    expect(ask(zone, service, 'A')).toBe('NXDOMAIN')
    zone.setService('default/dullahan', headless('dullahan'))
    expect(ask(zone, service, 'A')).toHaveLength(2)
  })

  test('a namespace that goes takes its names along', () => {
    const zone = aZone()
    zone.setNamespace('default', false)
    expect(ask(zone, service, 'A')).toBe('NXDOMAIN')
    expect(ask(zone, '10-24-0-1.default.pod.cluster.local.', 'A')).toBe('NXDOMAIN')
  })

  test('verified pod names need a pod that is not over', () => {
    const pod = (phase: string, rest: object = {}) =>
      ({ metadata: { name: 'p', namespace: 'default', ...rest }, status: { phase, podIPs: [{ ip: '10.24.0.9' }] } }) as never
    const zone = aZone()
    const found = () => ask(zone, '10-24-0-9.default.pod.cluster.local.', 'A', { pods: 'verified' })
    expect(found()).toBe('NXDOMAIN')
    zone.setPod('default/p', pod('Running'))
    expect(found()).toEqual(['10.24.0.9'])
    zone.setPod('default/p', pod('Failed'))
    expect(found()).toBe('NXDOMAIN')
    zone.setPod('default/p', pod('Running', { deletionTimestamp: '2026-01-01T00:00:00Z' }))
    expect(found()).toBe('NXDOMAIN')
  })

  test('a cluster IP that changes hands is named by its new owner', () => {
    const zone = aZone()
    zone.setService('default/a', headless('a', { clusterIP: '10.0.0.5', clusterIPs: ['10.0.0.5'] }))
    zone.setService('default/a', headless('a', { clusterIP: '10.0.0.6', clusterIPs: ['10.0.0.6'] }))
    zone.setService('default/b', headless('b', { clusterIP: '10.0.0.5', clusterIPs: ['10.0.0.5'] }))
    expect(ask(zone, '5.0.0.10.in-addr.arpa.', 'PTR')).toEqual(['b.default.svc.cluster.local.'])
    expect(ask(zone, 'a.default.svc.cluster.local.', 'A')).toEqual(['10.0.0.6'])
  })

  test('aliases that lead in a circle end', () => {
    const zone = aZone()
    for (const [name, to] of [
      ['one', 'two'],
      ['two', 'one'],
    ])
      zone.setService(`default/${name}`, headless(`${name}`, { type: 'ExternalName', externalName: `${to}.default.svc.cluster.local` }))
    expect(ask(zone, 'one.default.svc.cluster.local.', 'A')).toEqual([])
  })
})

describe('any bytes', () => {
  /** A small generator of its own (mulberry32), so that a failure comes again. */
  function numbers(seed: number): (below: number) => number {
    let state = seed
    return below => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below
    }
  }
  const zone = aZone()
  zone.setSlice(
    'default/dullahan-2',
    slice(
      'dullahan',
      Array.from({ length: 90 }, (_, i) => endpoint(i + 10)),
      'dullahan-2',
    ),
  )
  const seeds = ['SRV', 'A', 'NS', 'SOA', 'TXT', 'PTR'].map(type =>
    encodeQuery(
      { name: type === 'PTR' ? '1.0.24.10.in-addr.arpa.' : 'dullahan.default.svc.cluster.local.', type, class: 'IN' },
      { edns: { udp: 1232, options: [{ code: 10, hex: '0011223344556677' }] } },
    ),
  )

  /** Throws if the answer is no message, too long, or not to this question. */
  function check(packet: Buffer, transport: 'udp' | 'tcp'): void {
    const answer = answerQuery(zone, options, packet, transport)
    if (!answer) return
    const decoded = decodeAnswer(answer)
    expect([answer[0], answer[1], decoded.flags[0]]).toEqual([packet[0], packet[1], 'qr'])
    expect(answer.length).toBeLessThanOrEqual(65535)
    // What it would say of an error of its own.
    if (decoded.rcode === 'SERVFAIL' && packet.length !== 12) expect(decoded.question).toHaveLength(1)
  }

  test('random ones never break it', () => {
    const next = numbers(1)
    for (let run = 0; run < 20_000; run++) check(Buffer.from(Array.from({ length: next(80) }, () => next(256))), run % 2 ? 'udp' : 'tcp')
  })

  test('damaged questions never break it', () => {
    const next = numbers(2)
    for (let run = 0; run < 20_000; run++) {
      const packet = Buffer.from(seeds[next(seeds.length)] ?? '')
      for (let damage = next(4); damage >= 0; damage--) packet[next(packet.length)] = next(256)
      check(packet.subarray(0, next(3) ? packet.length : next(packet.length)), run % 2 ? 'udp' : 'tcp')
    }
  })

  test('every size an asker can take is kept to, and what is cut is the end of it', () => {
    const query = (edns: QueryOptions['edns']) =>
      encodeQuery({ name: 'dullahan.default.svc.cluster.local.', type: 'SRV', class: 'IN' }, { edns })
    const whole = decodeAnswer(answerQuery(zone, options, query({ udp: 65535 }), 'tcp') ?? new Uint8Array())
    for (let udp = 0; udp < 16_000; udp += 37) {
      const bytes = answerQuery(zone, options, query({ udp }), 'udp') ?? new Uint8Array()
      const { answer, additional, flags } = decodeAnswer(bytes)
      expect(bytes.length).toBeLessThanOrEqual(Math.max(512, udp))
      expect(answer).toEqual(whole.answer.slice(0, answer.length))
      expect(additional).toEqual(whole.additional.slice(0, additional.length))
      expect(flags.includes('tc')).toBe(additional.length < whole.additional.length)
      if (additional.length > 0) expect(answer).toHaveLength(whole.answer.length)
    }
  })
})

describe('on its port', () => {
  const zone = aZone()
  let listener: DnsListener
  beforeAll(async () => {
    listener = await listenDns((bytes, transport) => answerQuery(zone, options, bytes, transport), { host: '127.0.0.1', port: 0 })
  })
  afterAll(() => listener.close())

  const question = (id: number): Packet => ({
    type: 'query',
    id,
    flags: 256,
    questions: [{ type: 'SRV', name: 'dullahan.default.svc.cluster.local' }],
  })

  test('it answers over UDP', async () => {
    const socket = createSocket('udp4')
    socket.send(encode(question(7)), listener.port, '127.0.0.1')
    const [message] = await once(socket, 'message')
    socket.close()
    const { id, answers, additionals, flag_aa } = decode(message)
    expect([id, flag_aa, answers?.length, additionals?.length]).toEqual([7, true, 2, 2])
    expect(answers?.[0]).toMatchObject({ type: 'SRV', ttl: 30, data: { port: 80, weight: 50, target: expect.stringMatching(/^web-0\./) } })
  })

  test('over TCP it answers several questions, in pieces or at once, on one connection', async () => {
    const socket = connect(listener.port, '127.0.0.1')
    const bytes = Buffer.concat([1, 2, 3].map(id => streamEncode(question(id))))
    const length = streamEncode(question(1)).length
    socket.write(bytes.subarray(0, 1))
    await once(socket, 'connect')
    socket.write(bytes.subarray(1, length + 5))
    socket.write(bytes.subarray(length + 5))
    let received = Buffer.alloc(0)
    const ids: number[] = []
    while (ids.length < 3) {
      const [chunk] = await once(socket, 'data')
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const size = 2 + received.readUInt16BE(0)
        ids.push(streamDecode(received.subarray(0, size)).id ?? 0)
        received = received.subarray(size)
      }
    }
    socket.destroy()
    expect(ids).toEqual([1, 2, 3])
  })

  test('a taken port is refused, and close frees it and ends connections', async () => {
    const again = await listenDns(() => undefined, { host: '127.0.0.1', port: 0 })
    await expect(listenDns(() => undefined, { host: '127.0.0.1', port: again.port })).rejects.toThrow(/EADDRINUSE/)
    const socket = connect(again.port, '127.0.0.1')
    await once(socket, 'connect')
    const ended = once(socket, 'close')
    socket.on('error', () => {})
    await again.close()
    await ended
    const successor = await listenDns(() => undefined, { host: '127.0.0.1', port: again.port })
    await successor.close()
  })
})
