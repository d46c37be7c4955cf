// The chapter about StatefulSets, command by command with real kubectl, against the program as the README starts it.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Shell, shell } from '../support/kubectl.ts'
import { printed, withoutKubelet } from '../support/printed.ts'
import { type Served, serve } from '../support/process.ts'
import { dedupe, perPod, Watch } from './watch.ts'

interface Step {
  id: string
  section: string
  command: string
  runIn?: string
  editFirst?: { file: string; find: string; replace: string }[]
  waitFirst?: string[]
  runMeanwhile?: string[]
  stopWhen?: string[]
  stable?: boolean
  unordered?: boolean
  expect: { exit?: number | string; stdout?: string; stderr?: string; rows?: string[]; answerSection?: string[]; status?: string }
}

/** The recording's provisioner was a stand-in with a name of its own. */
const comparable = (text: string): string => withoutKubelet(printed(text)).replace(/(pd\.csi\.storage\.gke\.io_)\S+/g, '$1<PROVISIONER>')

const here = dirname(fileURLToPath(import.meta.url))
const { steps } = JSON.parse(readFileSync(join(here, 'transcript.json'), 'utf8')) as { steps: Step[] }

describe('the chapter', () => {
  let served: Served
  let run: Shell
  /** A watch of the next step that began before this one, to miss nothing. */
  let early: Watch | undefined

  beforeAll(async () => {
    served = await serve()
    for (const file of readdirSync(here).filter(name => name.endsWith('.yml'))) cpSync(join(here, file), join(served.directory, file))
    run = shell(served.kubeconfig, served.directory)
  })
  afterAll(async () => {
    early?.stop()
    expect(await served.stop()).toBe(0)
  })

  const prepare = async ({ editFirst = [], waitFirst = [] }: Step) => {
    for (const { file, find, replace } of editFirst) {
      const path = join(served.directory, file)
      const text = readFileSync(path, 'utf8')
      expect(text).toContain(find)
      writeFileSync(path, text.replace(find, replace))
    }
    for (const command of waitFirst) expect(await run(command)).toMatchObject({ exit: 0 })
  }

  const watchStep = async (step: Step) => {
    const watch = early ?? (await Watch.begin(run, step.command))
    early = undefined
    try {
      for (const command of step.runMeanwhile ?? []) expect(await run(command)).toMatchObject({ exit: 0 })
      for (const command of step.stopWhen ?? []) expect(await run(command)).toMatchObject({ exit: 0 })
      const wanted = dedupe(step.expect.rows ?? [])
      const view = step.id.startsWith('parallel') ? perPod : (rows: readonly string[]) => rows
      await watch.until(rows => JSON.stringify(view(rows)) === JSON.stringify(view(wanted)))
      expect(view(watch.rows())).toEqual(view(wanted))
    } finally {
      watch.stop()
    }
  }

  const digStep = async (step: Step) => {
    const { exit, stdout } = await run(`kubectl exec ${step.runIn} -- ${step.command}`)
    expect(exit).toBe(0)
    const section = (name: string) =>
      (new RegExp(`;; ${name} SECTION:\n([^;]*)\n\n`).exec(stdout)?.[1] ?? '')
        .split('\n')
        .filter(Boolean)
        .map(line => line.replace(/\s+/g, ' '))
        .sort()
    if (step.expect.status) {
      expect(stdout).toMatch(new RegExp(`status: ${step.expect.status}`))
      expect(stdout).toMatch(/ANSWER: 0/)
      expect(section('AUTHORITY').join()).toMatch(/^cluster\.local\. \d+ IN SOA /)
      return
    }
    const name = (n: number) => `tkb-sts-${n}.dullahan.default.svc.cluster.local.`
    expect(section('ANSWER')).toEqual([0, 1, 2].map(n => `dullahan.default.svc.cluster.local. 30 IN SRV 0 33 80 ${name(n)}`))
    expect(section('ADDITIONAL').map(line => line.replace(/10\.2[4-7]\.\d+\.\d+$/, 'POD-IP'))).toEqual(
      [0, 1, 2].map(n => `${name(n)} 30 IN A POD-IP`),
    )
  }

  const commandStep = async (step: Step) => {
    const { exit, stdout, stderr } = await run(step.command)
    const lines = (text: string) => (step.unordered ? comparable(text).split('\n').sort() : comparable(text))
    expect({ exit, stdout: lines(stdout), stderr: printed(stderr).replace('No resources found\n', '') }).toEqual({
      exit: step.expect.exit,
      stdout: lines(step.expect.stdout ?? ''),
      stderr: printed(step.expect.stderr ?? ''),
    })
  }

  /** Recorded where no kubelet answered, or with an outcome that depends on timing. */
  const special: Readonly<Record<string, (step: Step) => Promise<void>>> = {
    'jump-exec': async () => {
      const typed = 'hostname\necho $((6 * 7))\nexit\n'
      const { exit, stdout } = await run('kubectl exec -i jump-pod -- bash', typed)
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'jump-pod\n42\n' })
    },
    'rolling-status': async step => {
      const { exit, stdout } = await run(step.command)
      expect(exit).toBe(0)
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('partitioned roll out complete: 3 new pods have been updated...')
    },
    'node-failure': async () => {},
  }

  for (const [index, step] of steps.entries()) {
    if (step.id === 'node-failure') continue
    test(`${step.section}: ${step.id}: ${step.command}`, async () => {
      await prepare(step)
      const next = steps[index + 1]
      if (next?.command.endsWith('--watch') && next.runMeanwhile?.length === 0) early = await Watch.begin(run, next.command)
      if (special[step.id]) await special[step.id]!(step)
      else if (step.runIn) await digStep(step)
      else if (step.expect.rows) await watchStep(step)
      else await commandStep(step)
    })
  }
})
