import { describe, expect, test } from 'vitest'
import type { FieldError } from '../../openapi/errors.ts'
import type { Kind, KubeObject } from '../../openapi/kind.ts'
import { controllerRevision } from '../../openapi/kinds/apps/controllerrevision.ts'
import { daemonSet } from '../../openapi/kinds/apps/daemonset.ts'
import { deployment } from '../../openapi/kinds/apps/deployment.ts'
import { replicaSet } from '../../openapi/kinds/apps/replicaset.ts'
import { statefulSet } from '../../openapi/kinds/apps/statefulset.ts'
import { podTemplate } from '../../openapi/kinds/core/podtemplate.ts'
import { replicationController } from '../../openapi/kinds/core/replicationcontroller.ts'
import { hasReference, judgeCreate, now, prepared, steps } from '../support/strategy.ts'

const all = [deployment, replicaSet, daemonSet, statefulSet, controllerRevision, replicationController, podTemplate] as unknown as Kind[]
const plurals = new Map(all.map(kind => [kind.names.plural, kind]))

describe.skipIf(!hasReference)('recorded workload creates', () => {
  const creates = steps('errors/workloads.json').flatMap(step => {
    const kind = plurals.get(step.request.path.split('/').at(-1) ?? '')
    return step.setup || step.request.method !== 'POST' || !kind ? [] : [[step.name, kind, step] as const]
  })
  test.each(creates)('%s', (_, kind, { request, response }) => {
    const { status, warnings } = judgeCreate(kind, request.body ?? {})
    if (response.code === 422) expect(status).toEqual(response.body)
    else expect(status).toBeUndefined()
    const expected = (response.warnings ?? []).filter(text => !text.includes('unknown field'))
    expect(warnings.map(text => `299 - ${JSON.stringify(text)}`)).toEqual(expected)
  })
})

interface Workload extends KubeObject {
  spec: { [field: string]: unknown }
  status: object
}
const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
const make = (kind: unknown, spec: object = {}): Workload =>
  prepared(kind as Kind, { metadata: { name: 'x' }, spec: { selector: { matchLabels: { app: 'x' } }, template, ...spec } }) as Workload
const texts = (errors: readonly FieldError[] | undefined) => (errors ?? []).map(e => `${e.field}: ${e.message}`)
const update = (kind: unknown, old: Workload, spec: object) =>
  texts((kind as Kind).validateUpdate?.({ ...old, spec: { ...old.spec, ...spec } } as Workload, old))
const status = (kind: unknown, fields: object) => {
  const old = make(kind)
  return texts((kind as Kind).validateStatusUpdate?.({ ...old, status: { ...old.status, ...fields } } as Workload, old))
}

describe('defaults', () => {
  const cases = [
    {
      it: 'a rolling update',
      kind: deployment,
      spec: {},
      want: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } } },
    },
    {
      it: 'half a rolling update',
      kind: deployment,
      spec: { strategy: { rollingUpdate: { maxSurge: 2 } } },
      want: { strategy: { rollingUpdate: { maxUnavailable: '25%', maxSurge: 2 } } },
    },
    {
      it: 'recreate has no parameters',
      kind: deployment,
      spec: { strategy: { type: 'Recreate' } },
      want: { strategy: { type: 'Recreate' } },
    },
    {
      it: 'a set rolls out from the last',
      kind: statefulSet,
      spec: {},
      want: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
    },
    {
      it: 'a set that names its strategy',
      kind: statefulSet,
      spec: { updateStrategy: { type: 'RollingUpdate' } },
      want: { updateStrategy: { type: 'RollingUpdate' } },
    },
    {
      it: 'a daemon set surges when asked',
      kind: daemonSet,
      spec: {},
      want: { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
    },
    {
      it: 'claims are whole objects',
      kind: statefulSet,
      spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] },
      want: {
        volumeClaimTemplates: [
          { apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
        ],
      },
    },
  ]
  test.each(cases)('$it', ({ kind, spec, want }) => expect(make(kind, spec).spec).toMatchObject(want))

  test('a strategy that is named gets no parameters it was not given', () => {
    expect(make(statefulSet, { updateStrategy: { type: 'RollingUpdate' } }).spec.updateStrategy).toEqual({ type: 'RollingUpdate' })
  })

  test('what only pods decide is not in templates', () => {
    expect(make(deployment).spec.template).not.toHaveProperty('spec.enableServiceLinks')
  })
})

describe('updates', () => {
  const immutable = 'spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'
  const other = { selector: { matchLabels: { app: 'y' } }, template: { ...template, metadata: { labels: { app: 'y' } } } }
  test.each([deployment, replicaSet, daemonSet])('the selector of a $kind stays', kind => {
    const old = make(kind)
    const whole = make(kind, other)
    expect(update(kind, old, whole.spec)).toEqual([immutable])
  })

  test('a StatefulSet takes only some changes', () => {
    const old = make(statefulSet)
    expect(update(statefulSet, old, { replicas: 3, ordinals: { start: 2 }, minReadySeconds: 1 })).toEqual([])
    expect(update(statefulSet, old, { serviceName: 'other', replicas: 3 })).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
        "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ])
  })

  test('a DaemonSet counts changes of its template', () => {
    const context = { now, user: { name: 'admin', groups: [] } }
    const old = make(daemonSet)
    const next = make(daemonSet, { template: { ...template, spec: { containers: [{ name: 'c', image: 'nginx:2' }] } } })
    const kind = daemonSet as unknown as Kind
    kind.prepareForUpdate?.(next, old, context)
    expect(next.metadata.annotations).toEqual({ 'deprecated.daemonset.template.generation': '2' })
  })
})

describe('status', () => {
  const cases = [
    { kind: deployment, fields: { replicas: 1, readyReplicas: 1, availableReplicas: 1 }, want: [] },
    {
      kind: deployment,
      fields: { replicas: 1, readyReplicas: 2 },
      want: ['status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas'],
    },
    {
      kind: statefulSet,
      fields: { replicas: 1, currentReplicas: 2 },
      want: ['status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas'],
    },
    {
      kind: replicaSet,
      fields: { replicas: -1 },
      want: expect.arrayContaining(['status.replicas: Invalid value: -1: must be greater than or equal to 0']),
    },
    { kind: daemonSet, fields: { numberReady: -1 }, want: ['status.numberReady: Invalid value: -1: must be greater than or equal to 0'] },
  ]
  test.each(cases)('$kind.kind $fields', ({ kind, fields, want }) => expect(status(kind, fields)).toEqual(want))
})
