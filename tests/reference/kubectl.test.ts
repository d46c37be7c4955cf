// Replays the recorded kubectl commands, scenario by scenario, each on a cluster of its own. What kubectl prints differently is listed in
// kubectl.json with the reason: a difference that is not listed fails, and so does a listed one that is gone, unless it is
// a matter of timing.
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { expectConformance } from '../support/conformance.ts'
import { hasReference, isServed, readReference } from '../support/reference.ts'
import { replayScenario, type Scenario, type Step } from '../support/scenario.ts'

/** Not here: helm (a test of its own). */
const scenarios = [
  'get',
  'get-watch',
  'describe',
  'create',
  'apply',
  'apply-server-side',
  'apply-prune',
  'diff',
  'patch',
  'edit-replace',
  'label-annotate',
  'set',
  'delete',
  'wait',
  'rollout',
  'run-expose-scale',
  'storage',
  'namespaces',
  'events',
  'explain',
  'discovery',
  'auth',
  'certificate',
  'kubelet-errors',
  'nodes',
  'kustomize',
  'config-errors',
  'crd',
]

/** What commands call kinds whose group may come later. */
const words: readonly (readonly [group: string, word: RegExp])[] = [
  ['apiextensions.k8s.io', /\bcrd\b/],
  ['batch', /\b(cron)?jobs?\b/],
  ['autoscaling', /\b(hpa|autoscale)\b/],
  ['networking.k8s.io', /\b(ingress(class)?|networkpolicy)\b/],
  ['policy', /\bpdb\b|drain rec-node .*--force( --timeout=3s)?$/],
  ['rbac.authorization.k8s.io', /\b(cluster)?role(binding)?s?\b/],
  // All of them are listed.
  ...[
    'admissionregistration',
    'authorization',
    'certificates',
    'flowcontrol.apiserver',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
  ].map(group => [`${group}.k8s.io`, /\bapiservices\b/] as const),
  ...['autoscaling', 'batch', 'policy'].map(group => [group, /\bapiservices\b/] as const),
]

/** Groups that are not served yet are answered 404 all over; one case says so (create -f of an unknown kind). */
const inScope = ({ cmd = '', requests = [] }: Step): boolean =>
  words.every(([group, word]) => isServed(group) || !word.test(cmd)) &&
  requests.every(([, path]) => mayBeServed(/\/apis\/([^/?]+)\/./.exec(path)?.[1] ?? ''))

/** Groups that a recorded CustomResourceDefinition brings. */
const mayBeServed = (group: string): boolean => isServed(group) || group === 'rec.example.test'

const known = JSON.parse(readFileSync(new URL('kubectl.json', import.meta.url), 'utf8')) as Record<string, Record<string, string>>

test('docs/differences.md lists what differs', () => {
  const rows = Object.entries(known).flatMap(([scenario, commands]) =>
    Object.entries(commands).map(([command, why]) => `| \`${scenario}\` | \`${command.replaceAll('|', '\\|')}\` | ${why} |`),
  )
  const text = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')
  const section = text.split('## What kubectl prints')[1]?.split('\n## ')[0] ?? ''
  expect(section.split('\n').filter(line => line.startsWith('| `'))).toEqual(rows)
})

describe.skipIf(!hasReference).concurrent('every recorded kubectl command', () => {
  const counts = new Map<string, number>()
  const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0)
  // Real time passes here: a busy machine gets a second try.
  for (const name of scenarios)
    test(name, { timeout: 240_000, retry: 1 }, async () => {
      const outcomes = (await replayScenario(readReference<Scenario>(`kubectl/scenarios/${name}.json`))).filter(({ step }) => inScope(step))
      const failures = Object.fromEntries(
        outcomes.filter(({ difference }) => difference).map(outcome => [outcome.name, outcome.difference]),
      )
      counts.set(name, outcomes.length)
      const listed = known[name] ?? {}
      expect(Object.fromEntries(Object.entries(failures).filter(([command]) => !(command in listed)))).toEqual({})
      const gone = Object.entries(listed).filter(([command, why]) => !(command in failures) && !why.startsWith('timing: '))
      expect(gone).toEqual([])
    })
  // What is a matter of timing counts as different, whatever it was this time.
  const reasons = Object.values(known).flatMap(commands => Object.values(commands))
  // No other server could print what only the recorder's surroundings had: that counts neither way.
  const ofRecorder = reasons.filter(why => why.startsWith('recorder: ')).length
  afterAll(() => {
    if (counts.size === scenarios.length) expectConformance('kubectl/scenarios', total() - reasons.length, total() - ofRecorder)
  })
})
