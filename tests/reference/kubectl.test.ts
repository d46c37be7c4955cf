// Replays the recorded kubectl commands, scenario by scenario, each on a cluster of its own. What kubectl prints differently is listed in
// kubectl.json with the reason: a difference that is not listed fails, and so does a listed one that is gone, unless it is
// a matter of timing.
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { hasReference, isServed, readReference } from '../support/reference.ts'
import { replayScenario, type Scenario, type Step } from '../support/scenario.ts'

/** Not here: certificate and auth (kinds to come), nodes and kubelet-errors (about the recording's stand-ins), helm (a test of its own). */
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
  'crd',
]

/** What commands call kinds whose group may come later. */
const words: readonly (readonly [group: string, word: RegExp])[] = [
  ['apiextensions.k8s.io', /\bcrd\b/],
  ['batch', /\b(cron)?jobs?\b/],
  ['autoscaling', /\b(hpa|autoscale)\b/],
  ['networking.k8s.io', /\b(ingress(class)?|networkpolicy)\b/],
  ['policy', /\bpdb\b/],
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

describe.skipIf(!hasReference).concurrent('every recorded kubectl command', () => {
  const counts = new Map<string, { commands: number; passed: number }>()
  const total = (of: 'commands' | 'passed') => [...counts.values()].reduce((sum, count) => sum + count[of], 0)
  // Real time passes here: a busy machine gets a second try.
  for (const name of scenarios)
    test(name, { timeout: 240_000, retry: 1 }, async () => {
      const outcomes = (await replayScenario(readReference<Scenario>(`kubectl/scenarios/${name}.json`))).filter(({ step }) => inScope(step))
      const failures = Object.fromEntries(
        outcomes.filter(({ difference }) => difference).map(outcome => [outcome.name, outcome.difference]),
      )
      counts.set(name, { commands: outcomes.length, passed: outcomes.length - Object.keys(failures).length })
      const listed = known[name] ?? {}
      expect(Object.fromEntries(Object.entries(failures).filter(([command]) => !(command in listed)))).toEqual({})
      const gone = Object.entries(listed).filter(([command, why]) => !(command in failures) && !why.startsWith('timing: '))
      expect(gone).toEqual([])
    })
  afterAll(() => console.log(`kubectl: ${total('passed')} of ${total('commands')} recorded commands print what was recorded`))
})
