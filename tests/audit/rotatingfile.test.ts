// --audit-log-maxsize, -maxage, -maxbackup and -compress.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { oldFiles, RotatingFile, type RotatingFileOptions } from '../../server/audit/rotatingfile.ts'
import { configMaps, serveRest } from '../support/api.ts'
import { policyOf } from '../support/audit.ts'
import { aFile } from '../support/clientcerts.ts'

describe('old files', () => {
  const now = new Date('2026-01-10T00:00:00Z')
  const at = (day: string, end = '.log') => `audit-2026-01-${day}T00-00-00.000${end}`
  const all = ['audit.log', at('08'), at('09'), at('07', '.log.gz'), at('09', '.txt'), 'audit-now.log', 'other-2026-01-01T00-00-00.000.log']
  const keeping = { maxFiles: 0, maxDays: 0, compress: false }
  test.each<[what: string, names: string[], keeping: object, remove: string[], compress: string[]]>([
    ['all stay', all, {}, [], []],
    ['the newest stay', all, { maxFiles: 1 }, [at('08'), at('07', '.log.gz')], []],
    ['those of the last days stay', all, { maxDays: 2 }, [at('07', '.log.gz')], []],
    ['both', all, { maxFiles: 2, maxDays: 1 }, [at('08'), at('07', '.log.gz')], []],
    ['what stays is compressed', all, { maxFiles: 2, compress: true }, [at('07', '.log.gz')], [at('09'), at('08')]],
    ['one that is being compressed counts once', [at('08'), at('08', '.log.gz'), at('07')], { maxFiles: 2 }, [], []],
    ['a month that there is not', ['audit-2026-13-01T00-00-00.000.log'], { maxDays: 1 }, [], []],
  ])('%s', (_what, names, more, remove, compress) =>
    expect(oldFiles(names, { ...keeping, ...more, path: '/var/log/audit.log', now })).toEqual({ remove, compress }),
  )
  test('a name without an extension, and a file beside', () =>
    expect(oldFiles(['audit-2026-01-01T00-00-00.000', 'audit'], { ...keeping, maxDays: 1, path: 'audit', now }).remove).toEqual([
      'audit-2026-01-01T00-00-00.000',
    ]))
})

describe('a file', () => {
  let nowMs = 0
  const clock = { now: () => new Date(nowMs) }
  function inDirectory(options: Partial<RotatingFileOptions> = {}, before?: string) {
    nowMs = Date.parse('2026-01-02T03:04:05.006Z')
    const directory = mkdtempSync(join(tmpdir(), 'kubemock-rotating-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const path = join(directory, 'logs', 'audit.log')
    if (before !== undefined) {
      mkdirSync(join(directory, 'logs'))
      writeFileSync(path, before)
    }
    const errors: unknown[] = []
    const all = { maxBytes: 10, maxFiles: 0, maxDays: 0, compress: false, clock, logError: (error: unknown) => errors.push(error) }
    const file = new RotatingFile(path, { ...all, ...options })
    const read = () => {
      const names = readdirSync(join(directory, 'logs')).sort()
      const text = (name: string) => {
        const bytes = readFileSync(join(directory, 'logs', name))
        return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
      }
      return Object.fromEntries(names.map(name => [name, text(name)]))
    }
    return { file, path, read, errors }
  }

  test('goes on where it ended, and is put aside before it is too large', async () => {
    const { file, path, read } = inDirectory({}, 'before')
    file.write('1234')
    expect(read()).toEqual({ 'audit.log': 'before1234' })
    file.write('5')
    expect(read()).toEqual({ 'audit-2026-01-02T03-04-05.006.log': 'before1234', 'audit.log': '5' })
    // Nothing is lost while the clock stands still.
    file.write('1234567890')
    expect(Object.keys(read())).toEqual(['audit-2026-01-02T03-04-05.006.log', 'audit-2026-01-02T03-04-05.007.log', 'audit.log'])
    expect(() => file.write('12345678901')).toThrow('write length 11 exceeds maximum file size 10')
    await file.close()
    expect(statSync(path).isFile()).toBe(true)
  })

  test.skipIf(process.platform === 'win32')('is its owner’s alone', async () => {
    const { file, path } = inDirectory()
    for (const text of ['1234567890', '1']) file.write(text)
    await file.close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('old ones are compressed and go, by and by', async () => {
    const { file, read, errors } = inDirectory({ compress: true, maxFiles: 2 })
    for (const text of ['a', 'b', 'c', 'd']) {
      nowMs += 1000
      file.write(text.repeat(10))
    }
    await file.close()
    expect(read()).toEqual({
      'audit-2026-01-02T03-04-08.006.log.gz': 'b'.repeat(10),
      'audit-2026-01-02T03-04-09.006.log.gz': 'c'.repeat(10),
      'audit.log': 'd'.repeat(10),
    })
    expect(errors).toEqual([])
  })

  test('without a limit grows', async () => {
    const { file, read } = inDirectory({ maxBytes: 0 })
    for (let i = 0; i < 5; i++) file.write('1234567890')
    await file.close()
    expect(Object.keys(read())).toEqual(['audit.log'])
  })
})

test('the audit log is put aside by the megabyte', async () => {
  const auditLogPath = `${aFile('')}.log`
  const rest = await serveRest({
    auditPolicyFile: aFile(policyOf({ level: 'RequestResponse', verbs: ['create'] })),
    auditLogPath,
    auditLogMaxsize: 1,
    auditLogMaxbackup: 1,
  })
  const large = 'x'.repeat(300_000)
  for (const name of ['a', 'b', 'c', 'd']) await rest.call('post', configMaps, { metadata: { name }, data: { large } }).expect(201)
  await rest.cluster.close()
  const names = readdirSync(join(auditLogPath, '..')).filter(name => name.startsWith('file-'))
  expect(names).toEqual([expect.stringMatching(/^file-2026-01-01T00-00-00\.\d{3}\.log$/)])
  expect(readFileSync(auditLogPath, 'utf8')).toContain('"name":"d"')
})
