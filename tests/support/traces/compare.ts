// What differs between a recorded story and ours: milestones, Events, the states of objects, what is left, what kubectl said.
import { deepEqual } from '../../../openapi/values/equal.ts'
import { printed } from '../printed.ts'
import { type Aliases, aliased } from './aliases.ts'
import { states } from './project.ts'
import type { Replayed } from './replay.ts'
import { bare, type State, type Story, tell } from './story.ts'
import type { Json, Trace, TracedEvent } from './trace.ts'

/** Which of several equal pods a controller takes is chance: then the naming counts that fits best. */
export function differences(recorded: Trace, replayed: Replayed): string[] {
  const trace = withoutChance(recorded)
  const { story: told, aliases } = tell(replayed, trace)
  const story = withoutChance(told)
  const first = storyDifferences(trace, replayed, aliased(story, { in: byIndex(trace, story) }), aliases)
  if (first.length === 0 || trace.stability.milestones !== 'differs') return first
  const swapped = aliased(story, { in: text => text.replace(/<pod[12]>/g, pod => (pod === '<pod1>' ? '<pod2>' : '<pod1>')) })
  const second = storyDifferences(trace, replayed, swapped, aliases)
  return second.length < first.length ? second : first
}

/** The names of pods that could not be made. */
const withoutChance = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replace(/(pods \\"[a-z-]+-<hash\d+>)-\w{5}(?=\\" is forbidden)/g, '$1-<RAND>'))
/** Pods of an Indexed Job are numbered as they came, and which of them came first is chance: ours get the recorded number of their index. */
function byIndex(trace: Trace, story: Story): (text: string) => string {
  const numbersOf = (lines: readonly string[]) =>
    new Map(lines.flatMap(line => [...line.matchAll(/^create Pod\/\S+-(\d+)-<(pod\d+)>/g)].map(([, index, pod]) => [index, pod] as const)))
  const recorded = numbersOf(trace.milestones)
  const names = new Map([...numbersOf(story.milestones)].map(([index, pod]) => [pod, recorded.get(index) ?? pod]))
  return text => text.replace(/<(pod\d+)>/g, (whole, pod: string) => `<${names.get(pod) ?? whole.slice(1, -1)}>`)
}

function storyDifferences(trace: Trace, replayed: Replayed, story: Story, aliases: Aliases): string[] {
  return [
    ...milestoneDifferences(trace, story),
    ...eventDifferences(trace, story),
    ...stateDifferences(trace, story),
    ...finalDifferences(trace, story),
    ...outputDifferences(trace, replayed, aliases),
    ...answerDifferences(trace, replayed),
    ...replayed.errors.map(text => `error: ${text}`),
  ]
}

const print = (value: unknown): string => JSON.stringify(value)
const sorted = (list: readonly string[]): string[] => [...list].sort()

function milestoneDifferences({ stability, steps, milestones: recorded }: Trace, story: Story): string[] {
  // What was recorded once may have come in another order the next time.
  const { milestones: kind = 'sameSet', milestonesOfSecondRecording: other } = stability
  const ours = story.milestones
  const given = new Set(steps.flatMap(({ create = [] }) => create.map(({ kind, metadata }) => `${kind}/${metadata.name}`)))
  const same = (wanted: readonly string[]) =>
    deepEqual(sorted(wanted), sorted(ours)) && (kind !== 'exact' || deepEqual(ordered(wanted, given), ordered(ours, given)))
  if (same(recorded) || (other && same(other))) return []
  return lines('milestone', recorded, ours)
}

/**
 * Objects to which the same happens one after another could have come in any order; when the user's own objects appear between what
 * controllers do is chance; and when a volume follows its claim, and when its provisioner deletes it, is their own affair.
 */
function ordered(lines: readonly string[], given: ReadonlySet<string>): string[] {
  const result: string[] = []
  const whatOf = (line: string) => line.split('/')[0]
  const byChance = (line: string) => /^(create|pending) /.test(line) && given.has(line.split(' ')[1] ?? '')
  for (const line of lines.filter(l => !byChance(l) && !/^(released|gone) PersistentVolume\/pvc-/.test(l))) {
    let at = result.length
    while (at > 0 && whatOf(result[at - 1] ?? '') === whatOf(line) && (result[at - 1] ?? '') > line) at--
    result.splice(at, 0, line)
  }
  return result
}

/** Lines that only one side has; or, when only the order differs, the first place where it does. */
function lines(what: string, recorded: readonly string[], ours: readonly string[]): string[] {
  const missing = without(recorded, ours).map(line => `${what} missing: ${line}`)
  const extra = without(ours, recorded).map(line => `${what} extra: ${line}`)
  if (missing.length + extra.length > 0) return [...missing, ...extra]
  const at = recorded.findIndex((line, index) => line !== ours[index])
  return [`${what} order at ${at}: recorded ${recorded.slice(at, at + 3).join(', ')}; ours ${ours.slice(at, at + 3).join(', ')}`]
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other]
  return list.filter(line => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** The kubelets on both sides are stand-ins, and speak as they like. */
const standIn = ({ component }: TracedEvent): boolean => component === 'kwok_controller' || component === 'kubelet'
const textOf = ({ type, reason, message, component, object, action }: TracedEvent): string =>
  `${object}: ${component} ${type} ${reason}${action ? ` (${action})` : ''}: ${message}`

function eventDifferences(trace: Trace, story: Story): string[] {
  const recorded = trace.events.filter(e => !standIn(e))
  const ours = [...new Set(story.events.filter(e => !standIn(e)).map(textOf))]
  const needed = [...new Set(recorded.filter(e => e.stable !== false && !isRace(e)).map(textOf))]
  const allowed = new Set(recorded.map(textOf))
  // Where the recorded controller lost a race right after a pod's creation, it never told of that.
  const lost = recorded.flatMap(({ reason, message }) => {
    const [, pod] = /^Update (Pod \S+ in StatefulSet \S+) failed/.exec(message) ?? []
    return reason === 'FailedUpdate' && pod ? [`Create ${pod} successful`] : []
  })
  return [
    ...without(needed, ours).map(line => `event missing: ${line}`),
    ...[...new Set(story.events.filter(e => !standIn(e) && !isRace(e)).map(textOf))]
      .filter(line => !allowed.has(line) && !lost.some(text => line.includes(text)))
      .map(line => `event extra: ${line}`),
  ]
}

/** Told by who was faster: a lost race between writers; whether a set's pod was there when its claim was looked at. */
const isRace = ({ message, reason, object }: TracedEvent): boolean =>
  message.includes('the object has been modified') ||
  (/^PersistentVolumeClaim\/data-db-/.test(object) && /^WaitFor(FirstConsumer|PodScheduled)$/.test(reason))

/** How the states of every object differ. */
function stateDifferences(trace: Trace, story: Story): string[] {
  const recorded = states(trace.trace)
  const podsGo = trace.milestones.some(line => line.startsWith('deleting Pod/'))
  const lostRaces = new Set(trace.events.filter(e => e.message.includes('the object has been modified')).map(e => e.object))
  const extra = Object.keys(story.states).filter(name => !recorded.has(name))
  const differences = [...recorded].flatMap(([name, lives]) => {
    const ours = story.states[name] ?? []
    if (lives.length !== ours.length) return [`object ${name}: ${lives.length} lives recorded, ${ours.length} ours`]
    const stable = !trace.stability.unstableObjects?.includes(name) && !lostRaces.has(name) && !inits(lives)
    const whole = stable && isFollowed(name, lives, podsGo)
    return lives.flatMap((life, index) => lifeDifferences(name, life, ours[index] ?? [], whole))
  })
  return [...extra.map(name => `object extra: ${name}`), ...differences]
}

/** Our kubelet tells of init containers one by one. */
const inits = (lives: readonly State[][]): boolean => lives.some(life => life.some(state => 'initContainerStatuses' in state))

/**
 * Whether every state is compared. A kubelet's extra word about a deleted pod changes what others count in between, and how many pods of
 * several are ready by the next count is chance.
 */
function isFollowed(name: string, lives: readonly State[][], podsGo: boolean): boolean {
  const [kind = ''] = name.split('/')
  if (['Pod', 'PersistentVolume', 'ControllerRevision', 'Service', 'ServiceAccount', 'Secret', 'ReplicationController'].includes(kind))
    return true
  if (['Deployment', 'ReplicaSet', 'DaemonSet'].includes(kind)) return !podsGo && lives[0]?.[0]?.['spec.replicas'] === 1
  return !podsGo && kind !== 'Node'
}

function lifeDifferences(name: string, recorded: readonly State[], ours: readonly State[], whole: boolean): string[] {
  const [a, b] = [recorded, ours].map(life => distinct(life.map(state => comparable(name, state)))) as [State[], State[]]
  if (whole && a.length === b.length) return a.flatMap((state, at) => fieldDifferences(`${name} state ${at}`, state, b[at]))
  return [
    ...(whole ? [`${name}: ${a.length} states recorded, ${b.length} ours: ${print(b)}`] : []),
    ...(name.startsWith('Node/') ? [] : fieldDifferences(`${name} first`, a[0], b[0])),
    ...fieldDifferences(`${name} last`, a.at(-1), b.at(-1)),
  ]
}

const distinct = (life: readonly State[]): State[] => life.filter((state, at) => at === 0 || !deepEqual(state, life[at - 1]))

/**
 * Our kubelet tells that the containers of a deleted pod have stopped, as a real one does; the recordings' stand-in did not.
 * So a slice is written once more for each deleted pod, and what a kubelet wrote after the deletion is left out.
 */
function comparable(name: string, state: State): State {
  const last = { ...state }
  if (name.startsWith('EndpointSlice/')) delete last.generation
  // How many of several pods are ready by the next count is chance, and a Job counts seldom.
  if (name.startsWith('Job/')) last.status = { ...(last.status as object), ready: undefined }
  // Nodes were made by hand.
  if (name.startsWith('Node/')) delete last.labels
  // The provisioner and the protection controller let go in either order.
  if (name.startsWith('PersistentVolume/') && 'deleting' in last) delete last.finalizers
  // A kubelet makes the sandbox before it pulls images; the stand-in did not.
  const { containerStatuses, conditions } = last as Json
  if (/ImagePull/.test(Object.values(containerStatuses ?? {}).join()))
    last.conditions = { ...conditions, PodReadyToStartContainers: undefined }
  if ('deleting' in last) for (const field of ['conditions', 'containerStatuses', 'observedGeneration']) delete last[field]
  return last
}

function finalDifferences(trace: Trace, story: Story): string[] {
  const keyOf = ({ kind, metadata }: Json) => `${kind}/${metadata.name}`
  const recorded = new Map(trace.finalObjects.map(object => [keyOf(object), bare(object as Json)]))
  const ours = new Map(story.finalObjects.map(object => [keyOf(object), object]))
  return [
    ...[...ours.keys()].filter(name => !recorded.has(name)).map(name => `final extra: ${name}`),
    ...[...recorded].flatMap(([name, object]) =>
      ours.has(name) ? fieldDifferences(`final ${name}`, JSON.parse(JSON.stringify(object)), ours.get(name)) : [`final missing: ${name}`],
    ),
  ]
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldDifferences(path: string, recorded: unknown, ours: unknown): string[] {
  if (deepEqual(recorded, ours)) return []
  if (!isMap(recorded) || !isMap(ours)) return [`${path}: recorded ${print(recorded)} ours ${print(ours)}`]
  const keys = new Set([...Object.keys(recorded), ...Object.keys(ours)])
  return [...keys].flatMap(key => fieldDifferences(`${path}.${key}`, recorded[key], ours[key]))
}

/** Lists go by name, and generated names by chance. */
const sameLines = (a: string, b: string): boolean =>
  a === b || (a.includes('<RAND>') && deepEqual(sorted(a.split('\n')), sorted(b.split('\n'))))

/** Without what the recording left out. */
function answerDifferences({ steps }: Trace, { answers }: Replayed): string[] {
  return steps.flatMap(({ evict, response }, index) => {
    const { kind: _kind, apiVersion: _version, metadata: _metadata, ...ours } = (answers.get(index) ?? {}) as Json
    return evict ? fieldDifferences(`step ${index} eviction`, response, ours) : []
  })
}

function outputDifferences({ steps }: Trace, { outputs }: Replayed, aliases: Aliases): string[] {
  return steps.flatMap((step, index) => {
    const output = outputs.get(index)
    if (!output) return []
    const told = [
      ...(output.exit === (step.exit ?? 0) ? [] : [`exit ${output.exit}, recorded ${step.exit ?? 0}: ${output.stderr}`]),
      ...(['stdout', 'stderr'] as const).flatMap(stream => {
        const wanted = step[stream]
        const ours = aliases.in(printed(output[stream]))
        return wanted === undefined || sameLines(printed(wanted), ours) || sameLines(wanted, printed(output[stream]))
          ? []
          : [`${stream} recorded ${print(wanted)} ours ${print(ours)}`]
      }),
    ]
    return told.map(line => `step ${index} ${step.run ?? 'create'}: ${line}`)
  })
}
