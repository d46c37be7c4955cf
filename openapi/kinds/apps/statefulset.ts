// StatefulSet.
import { ageColumn, containerImages, containerNames, nameColumn, text } from '../../columns.ts'
import { type FieldError, forbidden, invalid, notSupported, required } from '../../errors.ts'
import { defineKind, type InputOf, type ObjectOf } from '../../kind.ts'
import { goForm } from '../../rules/goform.ts'
import { StatefulSet as schema } from '../../schemas/apps.ts'
import { deepEqual } from '../../values/equal.ts'
import { forPrefix, isDns1123Label } from '../../values/names.ts'
import { isEmptySelector } from '../../values/selector.ts'
import { podSpecDefaults } from '../core/pod/defaults.ts'
import { validateClaimRequest } from '../core/pod/validation/claim.ts'
import { dnsLabel } from '../core/pod/validation/fields.ts'
import { validateLastingTemplate } from '../core/pod/validation/template.ts'
import { templateWarnings } from '../core/pod/warnings.ts'
import {
  atMost,
  isWellFormed,
  nonNegative,
  validateAtMostAll,
  validateIntOrPercent,
  validateSelector,
  validateTemplateLabels,
} from './selection.ts'

export interface StatefulSet extends ObjectOf<typeof schema> {}
export type StatefulSetInput = InputOf<typeof schema>

const columns = [
  nameColumn,
  text<StatefulSet>('Ready', 'Pods ready of pods wanted.', s => `${s.status.readyReplicas ?? 0}/${s.spec.replicas}`),
  ageColumn,
  text<StatefulSet>('Containers', 'Names of the containers.', s => containerNames(s.spec.template.spec), 1),
  text<StatefulSet>('Images', 'Their images.', s => containerImages(s.spec.template.spec), 1),
]

type Spec = StatefulSet['spec']

function validate({ spec }: StatefulSet): FieldError[] {
  const { selector, podManagementPolicy, persistentVolumeClaimRetentionPolicy: retention, ordinals } = spec
  const errors: FieldError[] = []
  if (!podManagementPolicy) errors.push(required('spec.podManagementPolicy'))
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel')
    errors.push(invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"))
  errors.push(...validateStrategy(spec.updateStrategy))
  for (const field of ['whenDeleted', 'whenScaled'] as const)
    if (retention?.[field] !== undefined && !retentions.includes(retention[field]))
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, retention[field], retentions))
  errors.push(...nonNegative(spec, ['replicas', 'minReadySeconds'], 'spec'), ...nonNegative(ordinals ?? {}, ['start'], 'spec.ordinals'))
  errors.push(...validateSelector(selector, 'statefulset', 'spec.selector'))
  if (!isWellFormed(selector)) errors.push(invalid('spec.selector', selector, ''))
  else errors.push(...validateTemplate(spec))
  if (spec.serviceName) errors.push(...dnsLabel('spec.serviceName', spec.serviceName))
  for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries())
    errors.push(...validateClaimRequest(claim.spec, `spec.volumeClaimTemplates[${index}].spec`))
  return errors
}

const retentions = ['Retain', 'Delete']

/** The pods' volumes are the claims and the template's own ones; a claim takes the place of a volume with its name. */
function validateTemplate({ selector, template, volumeClaimTemplates = [] }: Spec): FieldError[] {
  const names = new Set(volumeClaimTemplates.map(claim => claim.metadata.name ?? ''))
  const claims = [...names].map(name => ({ name, persistentVolumeClaim: { claimName: name } }))
  const volumes = [...claims, ...(template.spec.volumes ?? []).filter(volume => !names.has(volume.name))]
  const whole = { ...template, spec: { ...template.spec, volumes } }
  return [
    ...(selector && isEmptySelector(selector) ? [] : validateTemplateLabels(selector, template, 'spec.template')),
    ...validateLastingTemplate(whole, 'StatefulSet', 'spec.template'),
  ]
}

function validateStrategy(strategy: Spec['updateStrategy']): FieldError[] {
  const { type, rollingUpdate } = strategy
  const path = 'spec.updateStrategy'
  if (type === 'OnDelete') {
    if (!rollingUpdate) return []
    const shown = goForm('@apps.v1.RollingUpdateStatefulSetStrategy', rollingUpdate)
    return [invalid(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")]
  }
  if (type !== 'RollingUpdate')
    return [invalid(path, goForm('@apps.v1.StatefulSetUpdateStrategy', strategy), "must be 'RollingUpdate' or 'OnDelete'")]
  const { maxUnavailable } = rollingUpdate ?? {}
  return [
    ...nonNegative(rollingUpdate ?? {}, ['partition'], `${path}.rollingUpdate`),
    ...validateIntOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
    ...validateAtMostAll(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
  ]
}

const mutable = {
  replicas: undefined,
  ordinals: undefined,
  template: undefined,
  updateStrategy: undefined,
  revisionHistoryLimit: undefined,
  persistentVolumeClaimRetentionPolicy: undefined,
  minReadySeconds: undefined,
}
const updateText =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', " +
  "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

const validateUpdate = (next: StatefulSet, old: StatefulSet): FieldError[] =>
  deepEqual({ ...next.spec, ...mutable }, { ...old.spec, ...mutable }) ? validate(next) : [...validate(next), forbidden('spec', updateText)]

function validateStatus({ status }: StatefulSet): FieldError[] {
  const counts = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const
  return [
    ...nonNegative(status, [...counts, 'observedGeneration', 'collisionCount'], 'status'),
    ...atMost(status, counts.slice(1), status.replicas, 'status.replicas'),
    ...atMost(status, ['availableReplicas'], status.readyReplicas ?? 0, 'status.readyReplicas'),
  ]
}

function warnings(next: StatefulSet, old?: StatefulSet): string[] {
  const texts = old && next.metadata.generation === old.metadata.generation ? [] : templateWarnings(next.spec.template, 'spec.template')
  if (next.spec.revisionHistoryLimit < 0)
    texts.push('spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended')
  return texts
}

/** A strategy that is named without parameters stays so. */
function strategyDefaults({ updateStrategy }: Spec): void {
  if (!updateStrategy.type) {
    updateStrategy.type = 'RollingUpdate'
    updateStrategy.rollingUpdate ??= {}
  }
  const { rollingUpdate } = updateStrategy
  if (updateStrategy.type !== 'RollingUpdate' || !rollingUpdate) return
  rollingUpdate.partition ??= 0
}

/** Behind a feature gate that a default cluster has off. */
const dropDisabled = ({ updateStrategy: { rollingUpdate } }: Spec): void => void delete rollingUpdate?.maxUnavailable

export const statefulSet = defineKind<StatefulSet, StatefulSetInput>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  scope: 'Namespaced',
  names: { plural: 'statefulsets', singular: 'statefulset', shortNames: ['sts'], categories: ['all'] },
  schema,
  subresources: { status: true, scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } },
  columns: [...columns],
  hasGeneration: true,
  validateName: forPrefix(isDns1123Label),
  defaults({ spec }) {
    podSpecDefaults(spec.template.spec)
    strategyDefaults(spec)
    spec.persistentVolumeClaimRetentionPolicy = {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
      ...spec.persistentVolumeClaimRetentionPolicy,
    }
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion = 'v1'
      claim.kind = 'PersistentVolumeClaim'
      claim.status = { phase: 'Pending' }
    }
  },
  prepareForCreate(draft) {
    dropDisabled(draft.spec)
    draft.status = { replicas: 0, availableReplicas: 0 }
  },
  prepareForUpdate: draft => dropDisabled(draft.spec),
  validate,
  validateUpdate,
  validateStatusUpdate: validateStatus,
  warnings,
  example: {
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    },
  },
})
