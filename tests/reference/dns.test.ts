// The recorded questions to a real cluster DNS, phase by phase, answered by the zone.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ZoneOptions } from '../../controllers/dns/answer.ts'
import { answerQuery } from '../../controllers/dns/query.ts'
import { expectConformance } from '../support/conformance.ts'
import { ownAddresses, RecordedCluster, type RecordedObjects } from '../support/dnsobjects.ts'
import {
  decodeAnswer,
  encodeQuery,
  type QueryOptions,
  type RecordedAnswer,
  type RecordedQuestion,
  type RecordedRecord,
} from '../support/dnspacket.ts'
import { hasReference, readReference } from '../support/reference.ts'

interface Row {
  name?: string
  phase: string
  instance: 'main' | 'verified' | 'disabled' | 'cached'
  transport: 'udp' | 'tcp'
  question?: RecordedQuestion
  queryHex?: string
  lengthPrefixHex?: string
  queryFlags?: readonly string[]
  edns?: QueryOptions['edns']
  unordered?: readonly string[]
  varies?: boolean
  note?: string
  response: Partial<RecordedAnswer> & { none?: true }
}

/** The part of the recording that is kept here. In it 'soa' stands for the usual record of a negative answer. */
interface Kept {
  objects: RecordedObjects
  queries: readonly (Omit<Row, 'response'> & { response: Omit<Row['response'], 'authority'> & { authority?: 'soa' | RecordedRecord[] } })[]
}

const kept = (): Kept => JSON.parse(readFileSync(new URL('data/dns.json', import.meta.url), 'utf8'))
const soa: RecordedRecord = {
  name: 'cluster.local.',
  type: 'SOA',
  class: 'IN',
  ttl: 30,
  data: 'ns.dns.cluster.local. hostmaster.cluster.local. <serial> 7200 1800 86400 30',
}

const expanded = ({ response: { authority, ...response }, ...row }: Kept['queries'][number]): Row => ({
  ...row,
  response: { ...response, ...(authority ? { authority: authority === 'soa' ? [soa] : authority } : {}) },
})

const main: ZoneOptions = { domain: 'cluster.local', ttl: 30, pods: 'insecure', fallthrough: true, addresses: ownAddresses }
const instances: Record<Row['instance'], ZoneOptions> = {
  main,
  cached: { ...main, addresses: [] },
  verified: { ...main, pods: 'verified', addresses: [] },
  disabled: { ...main, pods: 'disabled', ttl: 5, fallthrough: false, addresses: [] },
}

/** What a cache in front would change. There is none. */
const isCaching = ({ instance, note }: Row): boolean => instance === 'cached' && note !== undefined

function wanted(row: Row, cluster: RecordedCluster): unknown {
  if (row.response.none) return { none: true }
  const { bytes, question, ...response } = row.response
  if (row.varies) return { rcode: response.rcode, flags: response.flags }
  const text = JSON.parse(cluster.text(JSON.stringify(response)))
  const asked = row.question ? [{ ...row.question, name: escaped(cluster.text(row.question.name)) }] : []
  return sorted({ ...text, question: question ?? asked, ...(bytes === undefined || hasPlaceholder(row) ? {} : { bytes }) }, row)
}

/** Its length depends on the recording's addresses. */
const hasPlaceholder = ({ question }: Row): boolean => question?.name.includes('<') === true

const escaped = (name: string): string => name.replace(/[^\x21-\x7e]|\\/g, letter => `\\${String(letter.charCodeAt(0)).padStart(3, '0')}`)

function got(row: Row, cluster: RecordedCluster): unknown {
  const { question, queryHex, lengthPrefixHex, queryFlags, edns } = row
  const packet = question
    ? encodeQuery({ ...question, name: cluster.text(question.name) }, { edns, ...(queryFlags ? { flags: queryFlags } : {}) })
    : Buffer.from(queryHex ?? '', 'hex')
  const length = lengthPrefixHex ? Number.parseInt(lengthPrefixHex, 16) : packet.length
  if (length > packet.length) return { none: true }
  const answer = answerQuery(cluster.zone, instances[row.instance], packet.subarray(0, length), row.transport)
  if (!answer) return { none: true }
  const decoded = decodeAnswer(answer)
  if (row.varies) return { rcode: decoded.rcode, flags: decoded.flags }
  const { bytes, ...rest } = decoded
  return sorted({ ...rest, ...(row.response.bytes === undefined || hasPlaceholder(row) ? {} : { bytes }) }, row)
}

/** `unordered` sections as sets; what is of the recording's machine made equal. */
function sorted(answer: RecordedAnswer, { unordered = [], note = '' }: Row): unknown {
  const own = /server's own/.test(note)
  const same = (records: RecordedRecord[]) =>
    records.map(record => ({
      ...record,
      data:
        own && ['A', 'AAAA'].includes(record.type)
          ? '<own-address>'
          : record.data.replace(/(hostmaster\S+) (?:\d+|<serial>)/, '$1 <serial>'),
    }))
  const section = (name: 'answer' | 'authority' | 'additional') => {
    const records = same(answer[name])
    return unordered.includes(name) ? records.map(record => JSON.stringify(record)).sort() : records
  }
  return { ...answer, answer: section('answer'), authority: section('authority'), additional: section('additional') }
}

function replay(rows: readonly Row[], objects: RecordedObjects): string[] {
  const failures: string[] = []
  const cluster = new RecordedCluster(objects)
  let phase = 'initial'
  for (const row of rows) {
    if (row.phase !== phase) cluster.enter(row.phase)
    phase = row.phase
    try {
      expect(got(row, cluster)).toEqual(wanted(row, cluster))
    } catch (error) {
      failures.push(
        `${row.name ?? `${row.phase} / ${row.question?.type} ${row.question?.name} ${row.instance}`}: ${error instanceof Error ? error.message : error}`,
      )
    }
  }
  return failures
}

test('the kept part of the recording is answered as recorded', () => {
  const { objects, queries } = kept()
  const rows = queries.map(expanded).filter(row => !isCaching(row))
  expect(rows.length).toBeGreaterThan(500)
  expect(replay(rows, objects)).toEqual([])
})

describe.skipIf(!hasReference)('every recorded question', () => {
  test('is answered as recorded', () => {
    const rows = readReference<Row[]>('dns/queries.json').filter(row => !isCaching(row))
    const failures = replay(rows, readReference('dns/objects.json'))
    if (hasReference) expectConformance('dns', rows.length - failures.length, rows.length)
    expect(failures).toEqual([])
  })
})
