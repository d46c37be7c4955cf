import { describe, expect, test } from 'vitest'
import type { Kind } from '../../openapi/kind.ts'
import { type PersistentVolume, persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { csiDriver } from '../../openapi/kinds/storage.k8s.io/csidriver.ts'
import { storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { volumeAttributesClass } from '../../openapi/kinds/storage.k8s.io/volumeattributesclass.ts'
import { compared, recordedCreates } from '../support/recordedcreates.ts'
import { hasReference, judgeCreate, prepared } from '../support/strategy.ts'

/** An empty map is dropped before validation here, which shows in this message alone. */
const known = /capacity empty/

describe.skipIf(!hasReference)('recorded creates', () => {
  const creates = recordedCreates('errors/storage.json', (_, name) => !known.test(name))

  test('are there', () => expect(creates.length).toBeGreaterThan(80))

  test.each(creates)('%s', (_, recorded) => {
    const { want, got } = compared(recorded)
    expect(got).toEqual(want)
  })
})

const fields = (errors: readonly { field: string; message: string }[] | undefined) =>
  (errors ?? []).map(e => `${e.field}: ${e.message.split('\n')[0]}`)

describe('claims', () => {
  const aClaim = (spec: object = {}): PersistentVolumeClaim =>
    prepared(persistentVolumeClaim as unknown as Kind, {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, ...spec },
    }) as PersistentVolumeClaim
  const bound: PersistentVolumeClaim = { ...aClaim({ volumeName: 'v' }), status: { phase: 'Bound', capacity: { storage: '2Gi' } } }
  const of = (old: PersistentVolumeClaim, spec: object): PersistentVolumeClaim => ({ ...old, spec: { ...old.spec, ...spec } })
  const size = (storage: string) => ({ resources: { requests: { storage } } })
  const immutable =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  const cases = [
    { it: 'a bound claim grows', old: bound, spec: size('3Gi'), want: [] },
    {
      it: 'but not below what it has',
      old: bound,
      spec: size('1Gi'),
      want: ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
    },
    { it: 'a pending one does not grow', old: aClaim(), spec: size('3Gi'), want: [immutable] },
    { it: 'a pending one gets its volume', old: aClaim(), spec: { volumeName: 'v' }, want: [] },
    { it: 'a bound one keeps it', old: bound, spec: { volumeName: 'w' }, want: [immutable] },
    { it: 'a class may come once', old: aClaim(), spec: { storageClassName: 'fast' }, want: [] },
    { it: 'and then stays', old: aClaim({ storageClassName: 'slow' }), spec: { storageClassName: 'fast' }, want: [immutable] },
    { it: 'attributes change while bound', old: bound, spec: { volumeAttributesClassName: 'gold' }, want: [] },
  ]
  test.each(cases)('$it', ({ old, spec, want }) => expect(fields(persistentVolumeClaim.validateUpdate?.(of(old, spec), old))).toEqual(want))

  const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' }
  const sources = [
    { it: 'the old field makes the new one', spec: { dataSource: snapshot }, want: [snapshot, snapshot] },
    { it: 'the new field makes the old one', spec: { dataSourceRef: snapshot }, want: [snapshot, snapshot] },
    { it: 'other kinds only by the new one', spec: { dataSource: { ...snapshot, kind: 'Other' } }, want: [undefined, undefined] },
  ]
  test.each(sources)('$it', ({ spec, want }) => {
    const { dataSource, dataSourceRef } = aClaim(spec).spec
    expect([dataSource, dataSourceRef]).toEqual(want)
  })
})

describe('volumes', () => {
  const aVolume = (spec: object = {}): PersistentVolume =>
    prepared(persistentVolume as unknown as Kind, {
      metadata: { name: 'v' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' }, ...spec },
    }) as PersistentVolume
  const csi = { driver: 'example.com', volumeHandle: 'h' }

  test('the source stays', () => {
    const [error] = persistentVolume.validateUpdate?.(aVolume({ hostPath: { path: '/other' } }), aVolume()) ?? []
    expect(error?.field).toBe('spec.persistentvolumesource')
    expect(error?.message).toContain('-  "Path": "/data",\n+  "Path": "/other",\n')
  })
  test('a secret for expansion may come later', () => {
    const [old, next] = [undefined, { name: 's', namespace: 'n' }].map(controllerExpandSecretRef =>
      aVolume({ hostPath: undefined, csi: { ...csi, controllerExpandSecretRef } }),
    )
    expect(persistentVolume.validateUpdate?.(next as PersistentVolume, old as PersistentVolume)).toEqual([])
  })
  test('the time of the last phase is that of creation', () =>
    expect(aVolume().status).toEqual({ phase: 'Pending', lastPhaseTransitionTime: '2030-01-01T00:00:00Z' }))
})

describe('classes and drivers', () => {
  const changed = <T>(kind: { validateUpdate?(next: T, old: T): { field: string; message: string }[] }, body: object, change: object) => {
    const old = prepared(kind as unknown as Kind, body)
    return fields(kind.validateUpdate?.({ ...old, ...change } as T, old as T))
  }
  const fast = { metadata: { name: 'fast' }, provisioner: 'example.com/disk' }

  test('a class keeps its provisioner', () =>
    expect(changed(storageClass, fast, { provisioner: 'example.com/other' })).toEqual([
      'provisioner: Invalid value: "example.com/other": field is immutable',
    ]))
  test('and may allow expansion', () => expect(changed(storageClass, fast, { allowVolumeExpansion: true })).toEqual([]))
  test('attributes are fixed', () =>
    expect(changed(volumeAttributesClass, { ...volumeAttributesClass.example }, { parameters: { iops: '2' } })).toEqual([
      'parameters: Forbidden: updates to parameters are forbidden.',
    ]))
  test('a driver that wants tokens is told how to get them', () =>
    expect(
      judgeCreate(csiDriver as unknown as Kind, { metadata: { name: 'a' }, spec: { tokenRequests: [{ audience: 'x' }] } }).warnings,
    ).toEqual([
      'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
    ]))
})
