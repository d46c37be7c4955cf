// A recorded kubectl scenario, run again on a cluster of its own: each command's output against the recorded one.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { parseYaml, printYaml } from '../../server/codec/yaml.ts'
import { printed, withoutKubelet } from './printed.ts'
import { recordingProxy } from './recordingproxy.ts'
import { readReference } from './reference.ts'
import { essentialRequests, type Request } from './requests.ts'
import { type WithKubectl, withKubectl } from './withkubectl.ts'

export interface Scenario {
  name: string
  namespace: string
  files: Readonly<Record<string, string>>
  env: Readonly<Record<string, string>>
  steps: readonly Step[]
}

interface Said {
  exit: number | string
  stdout: string
  stderr: string
}

export interface Step extends Partial<Said> {
  setup?: string
  cmd?: string
  stdin?: string
  /** The command is a watch: these run while it is open, then it is stopped. */
  runMeanwhile?: readonly string[]
  /** [method, path, status] as a proxy saw them. */
  requests?: readonly (readonly [string, string, number | string])[]
  unordered?: boolean
  /** What another recording of the same step said. */
  variant?: Partial<Said>
}

/** The recordings' stand-ins had other names for the same annotations, and took up any node; here only some have a kubelet. */
const ours = (text: string): string => text.replaceAll('rec.dev/', 'kubemock.dev/').replace(/\brec-node\b/g, takenUp)
const theirs = (text: string): string => text.replaceAll('kubemock.dev/', 'rec.dev/').replaceAll(takenUp, 'rec-node')
const takenUp = 'node-3'

export interface Outcome {
  /** The nth command of this text is `cmd #n`, from the second on. */
  name: string
  step: Step
  /** '' when as recorded. */
  difference: string
}

export async function replayScenario(scenario: Scenario): Promise<Outcome[]> {
  const files = Object.fromEntries(Object.entries(scenario.files).map(([name, text]) => [name, ours(text)]))
  const nodes = scenario.name === 'nodes' ? 4 : 3
  await using at = await withKubectl({ pace: 'fast', nodes, logError: () => {} }, files)
  const { namespace, env } = scenario
  const text = JSON.stringify(scenario)
  const classes = readReference<{ metadata: { name: string } }[]>('kubectl/classes.json').filter(({ metadata }) =>
    text.includes(metadata.name),
  )
  for (const item of classes) await at.ok('kubectl apply -f -', JSON.stringify(item))
  await at.ok(`kubectl create namespace ${namespace} && kubectl config set-context --current --namespace ${namespace}`)
  await at.cluster.settle()
  await using proxy = await recordingProxy(at.cluster)
  const kubeconfig = join(at.directory, '.kubeconfig')
  writeFileSync(
    kubeconfig,
    readFileSync(kubeconfig, 'utf8')
      .replace(/server: .*/, `server: ${proxy.url}`)
      .replace(/certificate-authority-data: .*/, '')
      .replace(/user:\n(\s+client-\S+: \S+\n?)+/, 'user: {}\n'),
  )
  if (scenario.name === 'config-errors')
    await at.ok(`kubectl config view --raw | sed -E '${recordedNames}' > renamed && mv renamed $KUBECONFIG`)
  await at.ok('kubectl api-resources')
  const outcomes: Outcome[] = []
  const times = new Map<string, number>()
  const prefix = Object.entries(env)
    .map(([name, value]) => `export ${name}=${quoted(ours(value))}\n`)
    .join('')
  for (const [index, step] of scenario.steps.entries()) {
    if (step.setup !== undefined) await at.run(prefix + ours(step.setup), ours(step.stdin ?? ''))
    // Where it was recorded no kubelet answered; here they do until the pods run.
    const begins = step.setup === undefined && scenario.steps[index - 1]?.setup !== undefined
    if (scenario.name === 'kubelet-errors' && begins) for (const node of [0, 1, 2]) await at.cluster.simulator.failNode(`node-${node}`)
    if (step.cmd === undefined) continue
    const time = (times.get(step.cmd) ?? 0) + 1
    times.set(step.cmd, time)
    proxy.take()
    const said = await say(at, prefix, step)
    outcomes.push({ name: time === 1 ? step.cmd : `${step.cmd} #${time}`, step, difference: difference(step, said, proxy.take()) })
  }
  return outcomes
}

/** Of the cluster, the user and the context. */
const recordedNames =
  '/^contexts/,$ s/name: kubemock$/name: x/; s/kubemock-admin/u/; s/(cluster|name): kubemock$/\\1: c/; s/^(current-context): .*/\\1: x/'

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Runs a step's command as long as its recording did: to its end, until what happens meanwhile has happened, or as long as patience lasts. */
async function say({ run }: WithKubectl, prefix: string, { cmd = '', stdin, runMeanwhile, exit }: Step): Promise<Said> {
  const child = run.spawn(`bash -c ${quoted(`${prefix}${ours(cmd)}`)}`)
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  // A command need not read its input.
  child.stdin?.on('error', () => {}).end(ours(stdin ?? ''))
  const ended = once(child, 'close')
  if (runMeanwhile) {
    await passed(500)
    for (const command of runMeanwhile) await run(prefix + ours(command))
    await passed(runMeanwhile.length > 0 ? 400 : 1500)
  } else await Promise.race([ended, passed(exit === 'timeout' ? 1500 : 30_000)])
  const over = child.exitCode
  if (over === null && child.pid) process.kill(-child.pid)
  await ended
  return { exit: over ?? (runMeanwhile ? 'stopped' : 'timeout'), ...said }
}

function difference(step: Step, said: Said, requests: readonly Request[]): string {
  const wanted = { exit: step.exit ?? 0, stdout: step.stdout ?? '', stderr: step.stderr ?? '' }
  const got = comparable(said, step)
  const differences = [wanted, { ...wanted, ...step.variant }].map(want => firstDifference(comparable(want, step), got))
  if (!differences.includes('')) return differences[0] ?? ''
  // `runMeanwhile` is not seen here, and in a pipe anything may come first.
  if (!step.requests || step.runMeanwhile || step.cmd?.includes('&')) return ''
  const named = requests.map(([method, path, status]): Request => [method, theirs(path), status])
  const [asked, want] = [named, step.requests].map(list => (isDrain(step.cmd) ? essentialRequests(list).sort() : essentialRequests(list)))
  return JSON.stringify(asked) === JSON.stringify(want) ? '' : `requests: want ${JSON.stringify(want)}, got ${JSON.stringify(asked)}`
}

function comparable({ exit, stdout, stderr }: Said, { cmd, unordered }: Step): Said {
  const isEvents = /^kubectl get events\S* .*-o yaml/.test(cmd ?? '')
  const waits = cmd?.includes('rollout status') && !cmd.includes('--watch=false')
  const text = (raw: string) => {
    const lines = withoutKubelet(
      printed(theirs(isEvents ? withoutKubeletEvents(raw) : raw).replace(/[^\s']*\/kubemock-kubectl-\w+\/(?=nosuch)/g, '')),
    )
      .replace(ownAddress, '<ADDRESS>')
      .replace(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g, '<CERTIFICATE>')
      .replace(/(controller\.kubernetes\.io\/hash=)\w+/g, '$1<HASH>')
      .replace(/^(Annotations: +)(.*(?:\n {10,}.*)*)/gm, (_all, head: string, rest: string) => head + rest.split(/\n */).sort().join('\n'))
      .replace(/^.*(?:cannot delete|ignoring|deleting Pods).*$/gm, reasons =>
        reasons
          .replace(/[[\]]/g, '')
          .split(/[;,:] /)
          .sort()
          .join('; '),
      )
      .replace(/https:\/\/<NODE(-IP)?>:10250/g, 'https://<NODE>:10250')
      .replace(/dial tcp(?:: lookup <NODE> on <DNS>: no such host| <NODE-IP>:10250: connect: no route to host)/g, 'dial tcp: <WHY>')
      .replace(/<PATH><HASH>\.yaml|<TMP>\/\w+/g, '<PATH>')
      .replace(/\.18[0-9a-f]{14}\b/g, '.<EVENT>')
      .replace(/\bdefault-scheduler-(vm|kubemock)\b/g, 'default-scheduler-<HOST>')
      .replace(/_(rec|kubemock)-provisioner_\S+/g, '_<PROVISIONER>')
      .replace(/^(DESCRIPTION:\n)( {4}.*\n)+/gm, '$1    <DESCRIPTION>\n')
      // How often an event was repeated is a matter of time, and so is the order of those of one second.
      .replace(/ \(x<N> over <AGE>\)/g, '')
      .replace(/(^ {2}(Normal|Warning) {3}.*\n)+/gm, rows =>
        rows
          .split(/(?<=\n)/)
          .sort()
          .join(''),
      )
      .split('\n')
      .filter(line => !waits || !line.startsWith('Waiting for '))
      // What kubemock warns of itself no other server would.
      .filter(line => !line.startsWith('Warning: kubemock '))
    // kubectl lists labels in the order of a Go map.
    const listed = cmd?.endsWith('--list')
    // Rows in the order of names that were generated.
    const generated = lines.filter(line => /^\S*<(HASH|RAND)>/.test(line)).length > 1
    return (unordered || listed || generated || isDrain(cmd) ? lines.sort() : lines).join('\n').trimEnd()
  }
  return { exit, stdout: text(stdout), stderr: text(stderr) }
}

/** kubectl drains pods at once, and tells of them in the order of a Go map. */
const isDrain = (cmd = ''): boolean => cmd.startsWith('kubectl drain')

/** Where the server is for those in the cluster, and its port. */
const ownAddress =
  /192\.0\.2\.2:18443|<NODE-IP>:(?!10250)\d{4,5}|(?<=^kubernetes {3}IPv4 {3})\d+ {3}\S+|(?<="serverAddress":")[^"]*|(?<=^ {4}targetPort: )(?:6443|[3-6]\d{4})$/gm

/** The Events of a list in YAML that no kubelet wrote. */
function withoutKubeletEvents(text: string): string {
  const list = parseYaml(text).value as { items?: { source?: { component?: string }; deprecatedSource?: { component?: string } }[] } | null
  if (!list?.items) return text
  const isOthers = ({ source, deprecatedSource }: NonNullable<typeof list.items>[number]) =>
    (source ?? deprecatedSource)?.component !== 'kubelet' && (source ?? deprecatedSource)?.component !== 'kwok_controller'
  return printYaml({ ...list, items: list.items.filter(isOthers) })
}

function firstDifference(want: Said, got: Said): string {
  if (want.exit !== got.exit) return `exit ${got.exit} instead of ${want.exit}: ${got.stderr.slice(0, 300)}`
  for (const stream of ['stdout', 'stderr'] as const) {
    const [a, b] = [want[stream].split('\n'), got[stream].split('\n')]
    const line = a.findIndex((text, index) => text !== b[index])
    if (line >= 0 || a.length !== b.length)
      return `${stream}:${line + 1}: want ${JSON.stringify(a[line])}, got ${JSON.stringify(b[line < 0 ? a.length : line])}`
  }
  return ''
}
