// Objects as the server would have stored them, from the few fields that a test is about.

import type { Reach } from '../../controllers/kubelet/shell/command.ts'
import type { Action, Plan } from '../../controllers/runtime/controller.ts'
import type { Kind, KubeInput, KubeObject } from '../../openapi/kind.ts'
import { type Node, node as nodeKind } from '../../openapi/kinds/core/node/index.ts'
import { type Pod, pod as podKind } from '../../openapi/kinds/core/pod/index.ts'
import { applyDefaults } from '../../openapi/rules/default.ts'

/** The instant of the tests; objects are an hour old. */
export const now = new Date('2026-01-01T12:00:00Z')
export const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString().replace('.000Z', 'Z')

/** Defaulted, and with the metadata that a server fills in; what is given wins. */
export function stored<T extends KubeObject, I extends KubeInput>(kind: Kind<T, I>, input: object): T {
  const draft = structuredClone({ metadata: {}, ...input }) as { metadata: Record<string, unknown> }
  const { name = 'x' } = draft.metadata
  const namespace = kind.scope === 'Namespaced' ? { namespace: 'default' } : {}
  draft.metadata = {
    name,
    ...namespace,
    uid: `uid-of-${name}`,
    resourceVersion: '1',
    creationTimestamp: secondsAgo(3600),
    ...(kind.hasGeneration ? { generation: 1 } : {}),
    ...draft.metadata,
  }
  applyDefaults(kind.schema, draft as never)
  kind.defaults?.(draft as never)
  return { apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version, kind: kind.kind, ...draft } as unknown as T
}

export type PodState = 'pending' | 'starting' | 'ready' | 'unready' | 'terminating' | 'failed' | 'succeeded'

const phases: Readonly<Record<PodState, string>> = {
  pending: 'Pending',
  starting: 'Pending',
  ready: 'Running',
  unready: 'Running',
  terminating: 'Running',
  failed: 'Failed',
  succeeded: 'Succeeded',
}

/** A pod in one of the states controllers tell apart. `readySeconds`: how long it has been ready. */
export function aPod(input: { metadata?: object; spec?: object }, state: PodState = 'ready', readySeconds = 600): Pod {
  const ready = state === 'ready' || state === 'terminating'
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: secondsAgo(readySeconds) }]
  const going = state === 'terminating' ? { deletionTimestamp: secondsAgo(-30), deletionGracePeriodSeconds: 30 } : {}
  return stored(podKind, {
    metadata: { ...input.metadata, ...going },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...(state === 'pending' ? {} : { nodeName: 'node-0' }), ...input.spec },
    status: {
      phase: phases[state],
      ...(state === 'pending' ? {} : { conditions }),
      ...(state === 'pending' ? {} : { podIP: '10.24.0.9' }),
    },
  })
}

export function aNode(name: string, input: { labels?: object; spec?: object; status?: object; ready?: string } = {}): Node {
  const { labels, spec, status, ready = 'True' } = input
  const amounts = { cpu: '4', memory: '8Gi', pods: '110' }
  return stored(nodeKind, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...spec },
    status: { capacity: amounts, allocatable: amounts, conditions: [{ type: 'Ready', status: ready }], ...status },
  })
}

/** What a plan does, a line an action: `create web-0`, `event FailedCreate`. */
export const steps = ({ actions }: Pick<Plan<KubeObject>, 'actions'>): string[] => actions.map(stepOf)

function stepOf(action: Action): string {
  return action.do === 'event' ? `event ${action.event.reason}` : `${action.do} ${action.object.metadata.name}`
}

/** `wanted`, or the name of the kind's example where a name cannot be just anything, or follows from what the object holds. */
export function allowedName(kind: Kind, wanted: string): string {
  const own = kind.example.metadata.name ?? wanted
  return own.includes('.example.com') || kind.validateName?.(wanted, false).length ? own : wanted
}

/** A container that reaches nothing beyond itself and the DNS. */
export const nothingElse: Reach = {
  fetch: () => Promise.reject(new Error('Could not resolve host')),
  write: () => Promise.reject(new Error('read-only')),
}
