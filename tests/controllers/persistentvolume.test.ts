// How claims and volumes find each other: volumes and claims as they are, and what is done about them.
import { describe, expect, test } from 'vitest'
import { boundStatus, claimFor, unbound } from '../../controllers/persistentvolume/objects.ts'
import { type ClaimStep, claimStep, type Facts, volumeStep } from '../../controllers/persistentvolume/plan.ts'
import { volumeFor } from '../../controllers/runtime/volumes.ts'
import { type PersistentVolume, persistentVolume } from '../../openapi/kinds/core/persistentvolume/index.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../openapi/kinds/core/persistentvolumeclaim/index.ts'
import { type StorageClass, storageClass } from '../../openapi/kinds/storage.k8s.io/storageclass.ts'
import { stored } from '../support/objects.ts'

const aClaim = (spec: object = {}, metadata: object = {}, phase = 'Pending'): PersistentVolumeClaim =>
  stored(persistentVolumeClaim, {
    metadata: { name: 'c', ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } }, ...spec },
    status: { phase },
  })

const aVolume = (name: string, size: string, spec: object = {}, more: { metadata?: object; phase?: string } = {}): PersistentVolume =>
  stored(persistentVolume, {
    metadata: { name, ...more.metadata },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: size },
      hostPath: { path: '/tmp/x' },
      persistentVolumeReclaimPolicy: 'Retain',
      ...spec,
    },
    status: { phase: more.phase ?? 'Available' },
  })

const aClass = (name: string, more: object = {}): StorageClass =>
  stored(storageClass, { metadata: { name }, provisioner: 'csi.example.com', ...more })
const classes = [
  aClass('fast'),
  aClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
  aClass('static', { provisioner: 'kubernetes.io/no-provisioner' }),
  aClass('host', { provisioner: 'kubernetes.io/host-path' }),
]
const facts = (volumes: readonly PersistentVolume[] = [], more: Partial<Facts> = {}): Facts => ({
  volumes,
  class: name => classes.find(({ metadata }) => metadata.name === name),
  defaultClass: undefined,
  waitingPod: undefined,
  ...more,
})

function told(step: ClaimStep): string {
  switch (step.do) {
    case 'bind':
      return `bind ${step.volume.metadata.name}`
    case 'provision':
      return `provision by ${step.own ? 'itself' : step.from.provisioner}`
    case 'class':
      return `class ${step.name}`
    case 'lose':
      return `lost: ${step.event.message}`
    case 'wait':
      return step.event ? `${step.event.reason}: ${step.event.message}` : 'wait'
    case 'nothing':
      return 'nothing'
  }
}

const none = 'FailedBinding: no persistent volumes available for this claim and no storage class is set'
const taken = { claimRef: { namespace: 'default', name: 'other', uid: 'u' } }
const done = { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }

describe('a claim', () => {
  const cases: { it: string; claim: PersistentVolumeClaim; facts: Facts; want: string }[] = [
    {
      it: 'takes the smallest volume that fits',
      claim: aClaim(),
      facts: facts([aVolume('big', '9Gi'), aVolume('mid', '2Gi'), aVolume('small', '500Mi')]),
      want: 'bind mid',
    },
    {
      it: 'takes one that is just large enough',
      claim: aClaim(),
      facts: facts([aVolume('exact', '1024Mi'), aVolume('big', '9Gi')]),
      want: 'bind exact',
    },
    { it: 'waits when none fits', claim: aClaim(), facts: facts([aVolume('small', '500Mi')]), want: none },
    { it: 'does not take what another has', claim: aClaim(), facts: facts([aVolume('v', '1Gi', taken)]), want: none },
    {
      it: 'does not take what is not available yet',
      claim: aClaim(),
      facts: facts([aVolume('v', '1Gi', {}, { phase: 'Pending' })]),
      want: none,
    },
    {
      it: 'does not take what is going',
      claim: aClaim(),
      facts: facts([aVolume('v', '1Gi', {}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })]),
      want: none,
    },
    {
      it: 'needs all its access modes',
      claim: aClaim({ accessModes: ['ReadWriteMany'] }),
      facts: facts([aVolume('v', '1Gi')]),
      want: none,
    },
    { it: 'needs its volume mode', claim: aClaim({ volumeMode: 'Block' }), facts: facts([aVolume('v', '1Gi')]), want: none },
    { it: 'stays in its class', claim: aClaim({ storageClassName: 'static' }), facts: facts([aVolume('v', '1Gi')]), want: none },
    {
      it: 'takes a volume of its class',
      claim: aClaim({ storageClassName: 'static' }),
      facts: facts([aVolume('v', '1Gi', { storageClassName: 'static' })]),
      want: 'bind v',
    },
    {
      it: 'chooses by label',
      claim: aClaim({ selector: { matchLabels: { disk: 'ssd' } } }),
      facts: facts([aVolume('hdd', '1Gi'), aVolume('ssd', '2Gi', {}, { metadata: { labels: { disk: 'ssd' } } })]),
      want: 'bind ssd',
    },
    {
      it: 'takes the one kept for it, though a smaller one is free',
      claim: aClaim(),
      facts: facts([aVolume('free', '1Gi'), aVolume('mine', '5Gi', { claimRef: { namespace: 'default', name: 'c' } })]),
      want: 'bind mine',
    },
    {
      it: 'takes the one it names',
      claim: aClaim({ volumeName: 'big' }),
      facts: facts([aVolume('small', '1Gi'), aVolume('big', '9Gi')]),
      want: 'bind big',
    },
    { it: 'waits for one it names that is not there', claim: aClaim({ volumeName: 'later' }), facts: facts(), want: 'wait' },
    {
      it: 'cannot have one that another has',
      claim: aClaim({ volumeName: 'v' }),
      facts: facts([aVolume('v', '1Gi', taken)]),
      want: 'FailedBinding: volume "v" already bound to a different claim.',
    },
    {
      it: 'cannot have one that is too small',
      claim: aClaim({ volumeName: 'v' }),
      facts: facts([aVolume('v', '1Mi')]),
      want: 'VolumeMismatch: Cannot bind to requested volume "v": requested PV is too small',
    },
    { it: 'is provisioned at once', claim: aClaim({ storageClassName: 'fast' }), facts: facts(), want: 'provision by csi.example.com' },
    { it: 'is provisioned by the binder', claim: aClaim({ storageClassName: 'host' }), facts: facts(), want: 'provision by itself' },
    {
      it: 'waits for its first consumer',
      claim: aClaim({ storageClassName: 'late' }),
      facts: facts(),
      want: 'WaitForFirstConsumer: waiting for first consumer to be created before binding',
    },
    {
      it: 'waits for the pod that mounts it to be placed',
      claim: aClaim({ storageClassName: 'late' }),
      facts: facts([], { waitingPod: 'p' }),
      want: 'WaitForPodScheduled: waiting for pod p to be scheduled',
    },
    {
      it: 'does not choose for itself while it waits',
      claim: aClaim({ storageClassName: 'late' }),
      facts: facts([aVolume('v', '1Gi', { storageClassName: 'late' })]),
      want: 'WaitForFirstConsumer: waiting for first consumer to be created before binding',
    },
    {
      it: 'is provisioned once a node is chosen',
      claim: aClaim({ storageClassName: 'late' }, { annotations: { 'volume.kubernetes.io/selected-node': 'node-1' } }),
      facts: facts(),
      want: 'provision by csi.example.com',
    },
    {
      it: 'tells of a class that is not there',
      claim: aClaim({ storageClassName: 'nope' }),
      facts: facts(),
      want: 'ProvisioningFailed: storageclass.storage.k8s.io "nope" not found',
    },
    {
      it: 'without a class gets the default one later',
      claim: aClaim({ storageClassName: undefined }),
      facts: facts([], { defaultClass: classes[0] }),
      want: 'class fast',
    },
    {
      it: 'with the empty class does not',
      claim: aClaim({ storageClassName: '' }),
      facts: facts([], { defaultClass: classes[0] }),
      want: none,
    },
    {
      it: 'is lost without its volume',
      claim: aClaim({ volumeName: 'v' }, done, 'Bound'),
      facts: facts(),
      want: 'lost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    },
    {
      it: 'is lost when its volume has another claim',
      claim: aClaim({ volumeName: 'v' }, done, 'Bound'),
      facts: facts([aVolume('v', '1Gi', taken)]),
      want: 'lost: Two claims are bound to the same volume, this one is bound incorrectly',
    },
  ]
  for (const { it, claim, facts: seen, want } of cases) test(it, () => expect(told(claimStep(claim, seen))).toBe(want))
})

describe('a volume', () => {
  const claim = aClaim()
  const mine = { claimRef: { namespace: 'default', name: 'c', uid: claim.metadata.uid } }
  const cases: { it: string; volume: PersistentVolume; claim?: PersistentVolumeClaim; want: object }[] = [
    { it: 'is available', volume: aVolume('v', '1Gi'), want: { do: 'phase', phase: 'Available' } },
    {
      it: 'is available while it is only kept for a claim',
      volume: aVolume('v', '1Gi', { claimRef: { namespace: 'default', name: 'c' } }),
      claim,
      want: { do: 'phase', phase: 'Available' },
    },
    { it: 'is bound to its claim', volume: aVolume('v', '1Gi', mine), claim, want: { do: 'phase', phase: 'Bound' } },
    { it: 'is released when the claim is gone', volume: aVolume('v', '1Gi', mine, { phase: 'Bound' }), want: { do: 'release' } },
    {
      it: 'is let go by a claim that took another',
      volume: aVolume('v', '1Gi', mine),
      claim: aClaim({ volumeName: 'w' }),
      want: { do: 'unbind' },
    },
    { it: 'stays released with Retain', volume: aVolume('v', '1Gi', mine, { phase: 'Released' }), want: { do: 'release' } },
    {
      it: 'below /tmp goes with Delete',
      volume: aVolume('v', '1Gi', { ...mine, persistentVolumeReclaimPolicy: 'Delete' }, { phase: 'Released' }),
      want: { do: 'delete' },
    },
    {
      it: 'elsewhere on the host fails with Delete',
      volume: aVolume('v', '1Gi', { ...mine, persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/data' } }, { phase: 'Released' }),
      want: { do: 'fail', message: 'host_path deleter only supports /tmp/.+ but received provided /data' },
    },
    {
      it: 'of a provisioner is left to it',
      volume: aVolume(
        'v',
        '1Gi',
        { ...mine, persistentVolumeReclaimPolicy: 'Delete' },
        { phase: 'Released', metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'csi.example.com' } } },
      ),
      want: { do: 'release' },
    },
  ]
  for (const { it, volume, claim: of, want } of cases) test(it, () => expect(volumeStep(volume, of)).toEqual(want))
})

describe('binding in two halves', () => {
  const claim = aClaim()
  const volume = aVolume('v', '2Gi')
  const named = volumeFor(volume, claim)
  test('first the volume names the claim', () => {
    expect(named).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      spec: { claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace: 'default', name: 'c', uid: claim.metadata.uid } },
    })
  })
  test('doing it again changes nothing', () => expect(volumeFor(named, claim)).toBe(named))
  test('a volume that was kept for the claim is not marked as ours', () => {
    const kept = volumeFor(aVolume('v', '2Gi', { claimRef: { namespace: 'default', name: 'c' } }), claim)
    expect(kept.metadata.annotations).toBeUndefined()
    expect(kept.spec.claimRef?.uid).toBe(claim.metadata.uid)
  })
  test('then the claim names the volume, and has its size', () => {
    const bound = claimFor(claim, named)
    expect(bound).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      spec: { volumeName: 'v' },
    })
    expect(boundStatus(bound, named)).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } })
    expect(claimFor(bound, named)).toBe(bound)
  })
  test('taken back, the volume is free again', () => {
    const free = unbound(named)
    expect(free.spec.claimRef).toBeUndefined()
    expect(free.metadata.annotations).toEqual({})
  })
})
